"""Values for labelled schemas: made here, by class and script, with the dirt that real tables have. No value is real."""

import random
import string
from collections.abc import Callable
from datetime import date, timedelta

HAN_FAMILY = [
    "王",
    "李",
    "赵",
    "欧阳",
    "上官",
    "尉迟",
    "郝",
    "万",
    "钱",
    "纪",
    "柯",
    "饶",
    "蒲",
    "冉",
    "解",
    "佘",
    "令狐",
    "仇",
    "阚",
    "练",
]
HAN_GIVEN = ["思远", "一鸣", "雨桐", "浩然", "淑珍", "建军", "丽", "伟", "梓萱", "若曦", "德胜", "秀兰", "子墨", "晓峰", "佳慧", "小龙", "宇辰", "翠花", "永强", "诗涵", "亚楠", "卫东", "阿妹", "国栋", "念慈"]  # fmt: skip
GIVEN = ["Liam", "Noémie", "Siobhan", "Jürgen", "Anja", "Mateusz", "Priyanka", "Thandiwe", "Kwame", "Emily", "Carlos", "Beatriz", "Håkon", "Yuki", "Olivia", "George", "Dolores", "Wilhelmina", "Ruth", "Pedro", "Sakura", "Nadia", "Tyrone", "Giulia", "Mehmet"]  # fmt: skip
FAMILY = ["Okonkwo", "Schäfer", "Lindqvist", "O'Hara", "Kaminski", "Garcia", "Beaumont", "Tran", "Whitfield", "Nakamura", "Brown", "De la Cruz", "van Dijk", "Haddad", "Murray", "Petrova", "Castellanos", "Smith", "Yildirim", "Abernathy", "Grant", "Moreau"]  # fmt: skip
ZH_CITY = [
    "杭州市",
    "成都",
    "洛阳市",
    "义乌市",
    "海淀区",
    "昆山",
    "泉州市",
    "合肥",
    "赣州市",
    "朝阳区",
    "武侯区",
    "银川",
]
ZH_PROVINCE = ["浙江省", "四川", "河南省", "北京", "江苏", "福建省", "安徽", "广东省", "宁夏回族自治区", "上海市"]
EN_CITY = [
    "Portland",
    "Leeds",
    "Lyon",
    "Graz",
    "Gdansk",
    "Osaka",
    "Nashville",
    "Bristol",
    "Malmö",
    "Boise",
    "Cork",
    "Valencia",
    "Toledo",
]
EN_STATE = ["Oregon", "Ohio", "TX", "NSW", "Ontario", "Bavaria", "Kent", "California", "WA", "Utah"]
COUNTRY = ["United States", "Germany", "France", "Japan", "Brazil", "Canada", "United Kingdom", "Norway"]
ZH_ORG = [
    "杭州云帆科技有限公司",
    "金石贸易公司",
    "顺达物流",
    "恒泰建材厂",
    "市第一人民医院",
    "晨光文具商行",
    "绿野食品有限公司",
    "新星学校",
]
EN_ORG = [
    "Acme Ltd",
    "Blue Harbor LLC",
    "Nordwind GmbH",
    "Sunrise Foods Inc.",
    "Contoso",
    "Alpine Ski House",
    "Great Lakes Market",
]
ZH_ITEM = [
    "纯棉T恤 白色 XL",
    "蓝牙耳机",
    "年度健身卡",
    "瑜伽私教课",
    "有机牛奶 12盒装",
    "儿童绘本套装",
    "车载吸尘器",
    "扫地机器人X2",
]
EN_ITEM = [
    "Mountain Bike 500",
    "Espresso Beans 1kg",
    "USB-C Cable",
    "Yoga Mat",
    "Blue Denim Jacket",
    "Ceramic Mug",
    "Annual Plan",
]
ZH_NOTE = ["客户要求周末送货，来电后改到晚上八点", "孩子对坚果过敏，请备注后厨不要放花生", "已回访，对包装不满意，答应下次补一份小样", "上门时先打电话，门口有狗，车停地库", "喜欢安静的位置，老顾客，生日当天送甜品", "多次催发货，已加急处理，情绪比较激动"]  # fmt: skip
EN_NOTE = ["Prefers delivery after six, leave with the neighbour if nobody is home", "Asked for a refund because the zipper broke after two days", "Called twice about the missing invoice, promised to resend it", "Long standing client, sensitive to price changes, wants quarterly reviews"]  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Maker:
    """Makes cells of a class in Chinese (`zh`) or Latin (`en`) surroundings."""

    def __init__(self, seed: int, script: str) -> None:
        self.r = random.Random(seed)
        self.zh = script == "zh"
        self.count = 0

    def column(self, cls: str, rows: int, maker: str = "") -> list[str]:
        """`rows` cells; about one in thirty is blank or a stand-in."""
        self.count = 0
        make: Callable[[], str] = getattr(self, maker or cls.split("|", maxsplit=1)[0].replace(".", "_"))
        junk = ("", "", "无", "-", "N/A") if self.zh else ("", "", "N/A", "-", "unknown")
        key = (maker or cls.split("|", maxsplit=1)[0]) in {
            "record.key",
            "account.customer_id",
            "trade.order_id",
            "serial",
            "number",
        }
        cells = []
        for _ in range(rows):
            value = make()
            cells.append(self.r.choice(junk) if not key and self.r.random() < 0.03 else value)
        return cells

    def digits(self, size: int) -> str:
        return str(self.r.randrange(10**size)).zfill(size)

    def day(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(days=self.r.randrange((date(last, 12, 31) - date(first, 1, 1)).days))

    # people
    def name_full(self) -> str:
        if self.zh:
            name = self.r.choice(HAN_FAMILY) + self.r.choice(HAN_GIVEN)
            return name[0] + "*" * (len(name) - 1) if self.r.random() < 0.05 else name
        return f"{self.r.choice(GIVEN)} {self.r.choice(FAMILY)}"

    def name_given(self) -> str:
        return self.r.choice(HAN_GIVEN if self.zh else GIVEN)

    def name_family(self) -> str:
        return self.r.choice(HAN_FAMILY if self.zh else FAMILY)

    def name_alias(self) -> str:
        if self.zh:
            return self.r.choice(["小", "爱吃鱼的", "大", "ღ", "快乐的", "阿"]) + self.r.choice(
                ["猫", "柠檬", "土豆", "明", "团子", "river", "66"]
            )
        return self.r.choice(["sunny", "mad", "blue", "the_real_"]) + self.r.choice(["fox", "kate", "99", "rider"])

    def person_title(self) -> str:
        return self.r.choice(["先生", "女士"] if self.zh else ["Mr.", "Mrs.", "Ms.", "Dr."])

    def person_gender(self) -> str:
        return self.r.choice(["男", "女"] if self.zh else ["M", "F"])

    def gender_word(self) -> str:
        return self.r.choice(["Male", "Female"])

    def gender_code(self) -> str:
        return self.r.choice("012")

    def person_birth_date(self) -> str:
        day = self.day(1948, 2012)
        if self.zh:
            return self.r.choice(
                [
                    day.isoformat(),
                    day.strftime("%Y/%m/%d"),
                    f"{day.year}年{day.month}月{day.day}日",
                    day.strftime("%Y%m%d"),
                ]
            )
        return self.r.choice([day.isoformat(), day.strftime("%d-%m-%Y"), f"{day.month}/{day.day}/{day.year}"])

    def month_day(self) -> str:
        return self.day(1990, 1992).strftime("%m-%d")

    def person_year(self) -> str:
        return str(self.day(1945, 2005).year)

    def person_age(self) -> str:
        return str(self.r.randrange(6, 88))

    def person_nationality(self) -> str:
        return self.r.choice(["中国", "日本", "中国", "韩国"] if self.zh else ["French", "German", "American", "Thai"])

    def person_marital_status(self) -> str:
        return self.r.choice(["已婚", "未婚", "离异"] if self.zh else ["Married", "Single", "Divorced"])

    def person_language(self) -> str:
        return self.r.choice(["zh_CN", "en", "中文"] if self.zh else ["en", "de", "fr-FR", "es"])

    def person_education(self) -> str:
        return self.r.choice(
            ["本科", "大专", "高中", "硕士"] if self.zh else ["Bachelor", "PhD", "High School", "Master"]
        )

    def person_ethnicity(self) -> str:
        return self.r.choice(["汉族", "回族", "满族", "汉"] if self.zh else ["White", "Asian", "Black", "Hispanic"])

    def person_religion(self) -> str:
        return self.r.choice(["佛教", "无", "基督教"] if self.zh else ["Catholic", "None", "Muslim", "Hindu"])

    def person_politics(self) -> str:
        return self.r.choice(["群众", "中共党员", "共青团员"])

    def person_health(self) -> str:
        return self.r.choice(
            ["青霉素过敏", "高血压", "无", "糖尿病", "哮喘"] if self.zh else ["Diabetes", "None", "Asthma", "Cancer"]
        )

    def blood(self) -> str:
        return self.r.choice(["A", "B", "O", "AB"])

    def yes(self) -> str:
        return self.r.choice(["是", "否"] if self.zh else ["Yes", "No"])

    def flag(self) -> str:
        return self.r.choice("01")

    def centimetres(self) -> str:
        return str(self.r.randrange(120, 195))

    def person_photo(self) -> str:
        return f"https://img.example.com/{self.digits(6)}.jpg"

    def person_guardian(self) -> str:
        return self.name_full()

    # reach
    def contact_email(self) -> str:
        return f"{self.r.choice(['lin', 'kai', 'm.wu', 'anna', 'jo_d', 'q'])}{self.digits(3)}@{self.r.choice(['qq.com', '163.com', 'mail.example.org', 'corp.co.uk'])}"

    def contact_phone(self) -> str:
        if self.zh:
            number = self.r.choice(["138", "159", "186", "177", "199", "131"]) + self.digits(8)
            return self.r.choice(
                [
                    number,
                    number,
                    number,
                    f"{number[:3]}****{number[-4:]}",
                    f"+86 {number}",
                    f"{number[:3]}-{number[3:7]}-{number[7:]}",
                ]
            )
        return self.r.choice(
            [
                f"({self.digits(3)}) {self.digits(3)}-{self.digits(4)}",
                f"+44 20 7{self.digits(3)} {self.digits(4)}",
                f"{self.digits(3)}-{self.digits(3)}-{self.digits(4)}",
                f"+49 30 {self.digits(7)}",
            ]
        )

    def mobile(self) -> str:
        return self.r.choice(["138", "159", "186", "177"]) + self.digits(8)

    def landline(self) -> str:
        return f"0{self.r.choice(['571', '28', '755', '10'])}-{self.r.randrange(2, 9)}{self.digits(7)}"

    def contact_address(self) -> str:
        if self.zh:
            return f"{self.r.choice(ZH_PROVINCE)}{self.r.choice(ZH_CITY)}{self.r.choice(['文三路', '人民南路', '建设大道', '幸福小区'])}{self.r.randrange(1, 400)}号{self.r.choice(['', '3栋2单元501室', '锦绣花园8幢1203'])}"
        return self.r.choice(
            [
                f"{self.r.randrange(1, 9999)} {self.r.choice(['Maple', 'Station', 'Hill', 'Oak'])} {self.r.choice(['St', 'Road', 'Ave.', 'Lane'])}",
                f"{self.r.choice(['Hauptstr.', 'Rue de Lyon', 'Via Roma'])} {self.r.randrange(1, 200)}",
            ]
        )

    def street_part(self) -> str:
        return f"{self.r.choice(['文三路', '学院路', '滨江大道'])}{self.r.randrange(1, 400)}号{self.r.choice(['', '501室', '2幢'])}"

    def unit(self) -> str:
        return self.r.choice(
            [
                f"{self.r.randrange(1, 30)}栋{self.r.randrange(101, 2999)}",
                f"{self.r.randrange(1, 9)}-{self.r.randrange(1, 4)}-{self.r.randrange(101, 1999)}",
            ]
        )

    def flat(self) -> str:
        return self.r.choice(["", f"Apt {self.r.randrange(1, 99)}", "Suite 300", "Unit B"])

    def contact_city(self) -> str:
        return self.r.choice(ZH_CITY if self.zh else EN_CITY)

    def contact_region(self) -> str:
        return self.r.choice(ZH_PROVINCE if self.zh else EN_STATE)

    def contact_country(self) -> str:
        return self.r.choice(["中国", "中国", "日本"] if self.zh else COUNTRY)

    def country_code(self) -> str:
        return self.r.choice(["US", "DE", "FR", "JP", "CN"])

    def contact_postal_code(self) -> str:
        return (
            self.digits(6)
            if self.zh
            else self.r.choice([self.digits(5), "SW1A 1AA", "T2P 2T3", self.digits(5) + "-" + self.digits(4)])
        )

    def contact_im(self) -> str:
        return (
            self.r.choice(["wx_", "lin", "wxid_"])
            + "".join(self.r.choice(string.ascii_lowercase) for _ in range(6))
            + self.digits(2)
        )

    def qq(self) -> str:
        return str(self.r.randrange(10**6, 10**10))

    def openid(self) -> str:
        return "o" + "".join(self.r.choice(string.ascii_letters + string.digits + "_-") for _ in range(27))

    def contact_url(self) -> str:
        return f"https://www.example.com/{self.digits(4)}"

    # identities
    def id_cn_resident(self) -> str:
        body = (
            self.r.choice(["330106", "510107", "110101", "410305"])
            + self.day(1950, 2010).strftime("%Y%m%d")
            + self.digits(3)
        )
        check = "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]
        wrong = self.r.random() < 0.1
        value = body + ("1" if wrong else check)
        return value[:6] + "********" + value[-4:] if self.r.random() < 0.1 else value

    def id_passport(self) -> str:
        return self.r.choice(["E", "G"]) + self.digits(8)

    def id_travel_permit(self) -> str:
        return self.r.choice("HM") + self.digits(8)

    def id_driver_license(self) -> str:
        return self.digits(12) if self.zh else f"D{self.digits(7)}"

    def id_us_ssn(self) -> str:
        return f"{self.digits(3)}-{self.digits(2)}-{self.digits(4)}"

    def id_national_other(self) -> str:
        return self.digits(11)

    def id_tax(self) -> str:
        return self.digits(11)

    def org_name(self) -> str:
        return self.r.choice(ZH_ORG if self.zh else EN_ORG)

    def department(self) -> str:
        return self.r.choice(["销售部", "财务部", "研发部", "客服部"] if self.zh else ["Sales", "Finance", "IT"])

    def org_cn_uscc(self) -> str:
        return "91330106MA" + "".join(self.r.choice("0123456789ABCDEFGH") for _ in range(8))

    def org_tax(self) -> str:
        return f"DE{self.digits(9)}" if not self.zh else "91330106" + self.digits(10)

    def job_employer(self) -> str:
        return self.org_name()

    def job_title(self) -> str:
        return self.r.choice(
            ["工程师", "销售经理", "教师", "个体", "会计"]
            if self.zh
            else ["Sales Manager", "Nurse", "Chief Listener", "Engineer", "Clerk"]
        )

    # money and accounts
    def finance_bank_account(self) -> str:
        return "6217" + self.digits(15) if self.zh else f"DE{self.digits(20)}"

    def finance_card_number(self) -> str:
        return self.r.choice(["6222", "6228", "4563"]) + self.digits(12)

    def finance_card_detail(self) -> str:
        return self.r.choice(["VISA", "MasterCard", "银联"])

    def expiry(self) -> str:
        return f"{self.r.randrange(1, 13):02}/{self.r.randrange(24, 31)}"

    def finance_income(self) -> str:
        return str(self.r.randrange(3, 90) * 1000)

    def income_range(self) -> str:
        return self.r.choice(["<5000", "5000-10000", "10000-20000", ">20000"])

    def finance_credit(self) -> str:
        return str(self.r.randrange(300, 850))

    def finance_balance(self) -> str:
        return f"{self.r.random() * 5000:.2f}"

    def account_customer_id(self) -> str:
        self.count += 1
        return f"{'VIP' if self.zh else 'C'}{10000 + self.count}"

    def serial(self) -> str:
        self.count += 1
        return str(self.count)

    def number(self) -> str:
        self.count += 1
        return str(100200 + self.count * 3)

    def some_id(self) -> str:
        return str(self.r.randrange(1, 60))

    def account_username(self) -> str:
        return self.r.choice(["lin", "kai", "happy", "tb"]) + self.digits(4)

    def account_password(self) -> str:
        return "$2a$10$" + "".join(self.r.choice(string.ascii_letters) for _ in range(53))

    def account_secret(self) -> str:
        return "".join(self.r.choice("0123456789abcdef") for _ in range(32))

    def account_loyalty(self) -> str:
        return str(self.r.randrange(0, 9000))

    def tier(self) -> str:
        return self.r.choice(["金卡", "银卡", "普通会员"] if self.zh else ["Gold", "Silver", "Basic"])

    # devices, places, vehicles
    def device_ip(self) -> str:
        return ".".join(str(self.r.randrange(1, 255)) for _ in range(4))

    def device_mac(self) -> str:
        return ":".join(f"{self.r.randrange(256):02X}" for _ in range(6))

    def device_id(self) -> str:
        return "".join(self.r.choice("0123456789abcdef") for _ in range(16))

    def device_agent(self) -> str:
        return self.r.choice(["iPhone 13", "HUAWEI P50", "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36"])

    def location_position(self) -> str:
        return f"{self.r.uniform(20, 50):.6f}"

    def location_trace(self) -> str:
        return self.trade_time()

    def flight(self) -> str:
        return self.r.choice(["CA", "MU", "CZ"]) + self.digits(4)

    def vehicle_plate(self) -> str:
        return self.r.choice(["浙A", "京N", "粤B"]) + self.digits(5)

    def vehicle_vin(self) -> str:
        return "LSVA" + "".join(self.r.choice("0123456789ABCDEFGH") for _ in range(13))

    # trade
    def trade_order_id(self) -> str:
        self.count += 1
        return f"{self.day(2023, 2025):%Y%m%d}{1000000 + self.count}"

    def invoice(self) -> str:
        self.count += 1
        return f"INV-{2000 + self.count}"

    def trade_time(self) -> str:
        day = self.day(2022, 2025)
        return (
            self.r.choice([f"{day} {self.r.randrange(24):02}:{self.r.randrange(60):02}:11", day.isoformat()])
            if self.zh
            else f"{day} 08:15:00"
        )

    def trade_amount(self) -> str:
        return f"{self.r.expovariate(1 / 200):.2f}"

    def quantity(self) -> str:
        return str(self.r.randrange(1, 12))

    def trade_item(self) -> str:
        return self.r.choice(ZH_ITEM if self.zh else EN_ITEM)

    def sku(self) -> str:
        return f"SKU{self.digits(5)}"

    def colour(self) -> str:
        return self.r.choice(["红色", "黑色", "M", "XL"] if self.zh else ["Red", "Blue", "Black"])

    def trade_payment_method(self) -> str:
        return self.r.choice(["微信支付", "支付宝", "现金"] if self.zh else ["Credit Card", "PayPal", "Cash"])

    def trade_tracking(self) -> str:
        return self.r.choice(["SF", "YT"]) + self.digits(13)

    def taste_preference(self) -> str:
        return self.r.choice(["微辣", "户外", "摄影", "亲子"] if self.zh else ["outdoor", "jazz", "vegan", "sneakers"])

    def taste_marketing(self) -> str:
        return self.yes()

    def taste_profile(self) -> str:
        return self.r.choice(["高价值", "沉睡客户", "新客"] if self.zh else ["High value", "Dormant", "New"])

    def score(self) -> str:
        return str(self.r.randrange(1, 100))

    def text_free(self) -> str:
        note = self.r.choice(ZH_NOTE if self.zh else EN_NOTE)
        return note + ("，" if self.zh else " ") + str(self.r.randrange(100))

    def short_text(self) -> str:
        return self.r.choice(
            ["尽快发货", "不要香菜", "好评", "已联系"] if self.zh else ["ok", "call back", "fragile", "great"]
        )

    # records
    def record_other(self) -> str:
        return str(self.r.randrange(0, 5))

    def relation(self) -> str:
        return self.r.choice(["父亲", "母亲", "配偶"] if self.zh else ["spouse", "parent", "friend"])

    def record_key(self) -> str:
        self.count += 1
        return str(self.count)

    def uuid(self) -> str:
        value = "".join(self.r.choice("0123456789abcdef") for _ in range(32))
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"

    def record_time(self) -> str:
        return f"{self.day(2019, 2025)} {self.r.randrange(24):02}:{self.r.randrange(60):02}:00"

    def record_code(self) -> str:
        return self.r.choice(["正常", "冻结", "待处理"] if self.zh else ["active", "pending", "closed"])

    def channel(self) -> str:
        return self.r.choice(["微信", "门店", "抖音"] if self.zh else ["Web", "Store", "Referral"])

    def record_none(self) -> str:
        return self.r.choice(["甲类", "乙类", "丙类"] if self.zh else ["Alpha", "Beta", "Gamma"])
