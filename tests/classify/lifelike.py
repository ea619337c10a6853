"""Cells as real tables have them: Faker's people of eight countries, one or two formats a column, and the usual damage.

Nothing here comes from the engine's own word lists. Damage: blanks, stand-ins, masks, full-width digits, numbers that a
spreadsheet rounded (1.38E+10) or gave a tail (13812345678.0), apostrophes before digits, wrong check digits.
"""

import random
import string
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zlib import crc32

from faker import Faker

LOCALES = {
    "zh": "zh_CN", "en": "en_US", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "pt": "pt_BR", "ja": "ja_JP", "ko": "ko_KR",
}  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
# Words by kind of cell and by whether the surroundings are Chinese. No value is anybody's.
WORDS = {
    "person.education": ("本科|大专|高中|硕士研究生|初中|中专|博士", "Bachelor|Some college|PhD|High school diploma|Associate degree"),
    "person.marital_status": ("已婚|未婚|离异|丧偶", "married|single|divorced|widowed"),
    "person.ethnicity": ("汉族|汉|回族|壮族|满族|土家族", "White|Black or African American|Asian|Hispanic|Two or more races"),
    "person.religion": ("无|佛教|基督教|伊斯兰教|道教", "Catholic|None|Lutheran|Islam|Hindu|evangelisch|keine"),
    "person.politics": ("群众|共青团员|中共党员|预备党员", "none|member"),
    "person.nationality": ("中国|中国|中国|美国|韩国|日本", "American|German|British|French|Mexican|Canadian"),
    "person.language": ("zh_CN|en_US", "en_US|de_DE|fr_FR|es_ES"),
    "trade.payment_method": ("微信|支付宝|现金|刷卡|银联|货到付款", "Credit card|Cash|PayPal|Bank transfer|Check|boleto"),
    "tier": ("普通|银卡|金卡|钻石会员|黑金", "Silver|Gold|Regular|Platinum"),
    "record.code": ("正常|停用|待审|朋友介绍|线下活动", "Referral|active|Web Site|closed|Trade Show"),
    "status_word": ("合格|不合格|已签署|在读|已完成|待处理|租赁中", "wc-completed|New|processing|Assigned|on-hold"),
    "grade_word": ("一级|二级|三级|特急|一般", "A|B|C|Fully Meets|Exceeds"),
    "yes_word": ("是|否", "Yes|No"),
    "relation": ("父子|母子|夫妻|本人|兄弟|配偶", "mother|spouse|father|self"),
    "department": ("销售一部|财务部|行政人事部|生产车间|客服中心", "Production|Sales|IT/IS|Admin Offices"),
    "ward": ("心内科|骨科二病区|神经外科|儿科|妇产科", "Cardiology|ICU"),
    "insurance_word": ("城镇职工|城乡居民|自费|新农合|终身寿险", "HMO|PPO"),
    "identity_word": ("普通|军人|学生|低保", "regular|veteran"),
    "illness": ("2型糖尿病|急性阑尾炎|脑梗死|无|慢性胃炎|高血压病3级|肺部感染|腰椎间盘突出", "Asthma|None|Type 2 diabetes|Hypertonie|Gonarthrose|Migraine|Pollen|Penicilina|없음|고혈압"),
    "crime": ("盗窃罪|故意伤害罪|危险驾驶罪|诈骗罪|无", "theft|none|DUI|assault|none"),
    "crime_story": ("2021年5月3日晚，在某小区入户窃取现金三千余元|酒后驾驶小型轿车，经检测血液酒精含量为156mg/100ml|以投资为名骗取被害人款项共计十二万元", "broke into a shop at night"),
    "sentence": ("有期徒刑三年|拘役四个月|缓刑一年|有期徒刑一年六个月", "3 years|probation"),
    "correction": ("缓刑|假释|管制|暂予监外执行", "parole|probation"),
    "indictment": ("杭检刑诉〔2021〕118号起诉书|甬检刑诉〔2022〕56号起诉书", "Indictment 12/2021"),
    "health_word": ("健康|良好|一般|较差|患有慢性病", "healthy|fair|poor"),
    "vaccine": ("已完成|缺百白破第四针|科兴|国药|乙肝三针齐", "Pfizer|Moderna|J&J"),
    "substance": ("无", "none|alcohol|tobacco|opioids"),
    "insurer": ("平安保险|人保|自费", "Aetna|Blue Cross|Cigna|UnitedHealthcare"),
    "disability": ("肢体残疾|视力残疾|听力残疾|无|精神残疾", "none|hearing|mobility|visual impairment"),
    "ability": ("完全自理|半失能|失能|部分自理", "independent|partial"),
    "welfare": ("低保|特困|低收入|无", "SNAP|none"),
    "housing": ("自有|租房|按揭", "RENT|OWN|MORTGAGE|OTHER"),
    "league_post": ("团支书|组织委员|团员|宣传委员", "secretary"),
    "lab_word": ("阴性|阳性|弱阳性|未见异常", "negative|positive|not tested"),
    "lab_finding": ("窦性心律，大致正常心电图|脂肪肝（轻度）|甲状腺结节，建议复查|未见明显异常|胆囊息肉", "sinus rhythm"),
    "icd": ("E11.9|I10|J45.909", "E11.9|I10|J45.909|M54.5|F32.9|Z71.3"),
    "person.sexuality": ("异性恋|同性恋|未说明", "heterosexual|gay|bisexual|prefer not to say"),
    "feeding": ("母乳|配方奶|混合喂养", "breast|formula"),
    "hospital": ("杭州市第一人民医院|省中医院|社区卫生服务中心", "St Mary Hospital"),
    "anaesthesia": ("全麻|腰硬联合麻醉|局部麻醉|静脉麻醉", "general|local"),
    "infusion": ("乳酸林格氏液500ml|羟乙基淀粉|红细胞悬液2U", "saline"),
    "cardword": ("儿童医院就诊卡|市民卡|健康卡", "card"),
    "credit_word": ("正常|两次逾期|连三累六|白户", "good|late twice"),
    "org_name": ("杭州远帆科技有限公司|市第三中学|某某街道办事处|鼎盛建材厂", "Acme Ltd"),
    "complaint": ("反复咳嗽咳痰3年，加重1周|右下腹疼痛2天伴发热|头晕伴恶心呕吐半日|视物模糊1月余|体检发现血糖升高5天", "chest pain for two days|rash on both arms since Monday|sore throat, mild fever"),
    "complaint_service": ("三楼卫生间漏水，已渗到楼下|师傅态度很好，准时上门|空调不制冷，开机十分钟就跳闸|电梯按键失灵，老人不敢坐|下次希望提前打个电话", "the tap in the kitchen still drips|quick and friendly, would call again"),
    "illness_grade": ("一般|危|急|重", "stable|critical"),
    "allergen": ("青霉素|无|头孢类|磺胺|海鲜", "penicillin|none|latex|peanuts"),
    "medicine": ("阿莫西林|二甲双胍", "Metformin|Ibuprofen 400|Amoxicillin|Lisinopril"),
    "preference": ("高楼层安静房|无烟|荞麦枕|性格开朗，有稳定工作|三居室，近地铁", "quiet room|lose weight|build muscle|vegetarian"),
    "text.free": ("老客户介绍来的，说下月再来看看|上次的尾款还没结，月底前催一下|地址不太好找，到了先打电话|孩子放学晚，约六点以后|对价格比较敏感，等活动再联系", "called twice, no answer; try again next week|prefers to be contacted by text after work|wants to upgrade before the season starts|left the side gate unlocked for the delivery"),
    "trade.item": ("男士加绒冲锋衣 藏青 XXL|无线静音鼠标|空气炸锅 5L|儿童防晒衣|三只松鼠坚果礼盒", "Trail Running Shoe|French Press 34oz|Slim Fit Chino|LED Desk Lamp"),
    "service": ("水电维修|管道疏通|空调清洗|门锁更换", "Plumbing|HVAC"),
    "plan": ("月卡|年卡", "Monthly|Annual Plus|Student"),
    "car": ("别克GL8 25S|大众朗逸 1.5L|奔驰E300L|帕萨特", "Golf|Model 3"),
    "book": ("平凡的世界|围城|三体|数据结构(C语言版)|百年孤独", "Dune|Emma|Middlemarch"),
    "publisher": ("人民文学出版社|机械工业出版社|商务印书馆", "Penguin|O'Reilly"),
    "university": ("浙江工业大学|武汉大学|四川师范大学|青岛职业技术学院", "Ohio State|TU Graz"),
    "major": ("会计学|机械设计制造及其自动化|护理|计算机应用", "Nursing|Physics"),
    "class_word": ("计算机1901班|高二(3)班|护理2班", "5a|10B"),
    "party_branch": ("第一党支部|机关党支部|退休党支部", "1st"),
    "politics_word": ("正式党员|预备党员|入党积极分子", "member"),
    "branch": ("杭州营业部|上海总部|成都天府路营业部", "Main|Downtown"),
    "bank": ("中国工商银行杭州分行|招商银行|农业银行城东支行|建设银行", "Chase|Wells Fargo"),
    "scope": ("五金交电、建材批发零售|食品销售；餐饮管理|服装加工、进出口业务", "wholesale of tools"),
    "currency": ("CNY|USD", "USD|EUR"),
    "id_type": ("身份证|护照|军官证|居民身份证", "passport|ID card"),
    "licence_class": ("C1|C2|A2|D", "B|C"),
    "pet": ("豆豆|旺财|咪咪|可乐", "Bella|Rex"),
    "breed": ("金毛|英短蓝猫|泰迪|柯基", "Beagle|Siamese"),
    "blood": ("A|B|O|AB|A型|O型", "A+|O-|B+"),
    "timezone": ("Asia/Shanghai|", "Europe/Berlin|America/Chicago"),
    "channel": ("短信|电话", "Email|Post|SMS"),
    "country_code": ("CN|US", "US|DE|GB|FR|CA"),
    "race": ("汉|回", "White|Asian|Black or African American|Two or more races"),
    "citizen": ("中国|美国", "US Citizen|Eligible NonCitizen|Non-Citizen"),
    "airport": ("PEK|SHA", "ORD|LHR|CDG|FRA|PEK"),
    "meal": ("|VGML", "|VGML|KSML|MOML|DBML"),
    "age_range": ("18-24|25-34|35-44", "20-29|30-39|40-49|50+"),
    "anrede": ("先生|女士", "Herr|Frau"),
    "titel": ("|", "Dr.|Prof. Dr.||"),
    "bic": ("|", "COBADEFFXXX|DEUTDEDBBER|GENODEF1M04"),
    "initial": ("|", "J.|M|K.|R"),
    "flat": ("|", "||Apt 4B|Suite 210|Unit 7"),
    "short_code": ("A01|B12|C03|D07", "MAIN|W1|ADT|CHD"),
    "job.employer": ("|", "|"),
    "income_word": ("5000-8000|8000以上|3000以下", "under 20k|20k-40k|over 40k"),
    "flight": ("CA1501|MU5137|G7512|K512", "LH400|UA88|BA12"),
    "gendered": ("男|女", "men|women|everyone"),
    "pronoun": ("他|她", "she/her|he/him|they/them"),
    "politics_en": ("", "liberal|moderate|conservative|prefer not to say"),
    "short_text": ("家庭变故|转学|联系不上|已电话确认", "moved away|see letter in file|mother called|maple street"),
    "colour": ("黑|棕|红", "brown|blue|green|hazel"),
    "sentence_item": ("纯棉面料，手洗不褪色|含税，含运费|适合三到六岁儿童使用", "hand wash only, do not tumble dry|fits most models made after 2015"),
    "taste.profile": ("高价值|沉睡|新客", "VIP|Dormant|New"),
}  # fmt: skip


class Life:
    """Cells of one column; what is drawn depends on the table, the column and its place only."""

    def __init__(self, locale: str, seed: str) -> None:
        self.r = random.Random(seed)
        self.zh = locale == "zh"
        self.locale = locale
        self.fake = Faker(LOCALES[locale])
        self.fake.seed_instance(crc32(seed.encode()))
        self.latin = Faker("en_US")
        self.latin.seed_instance(crc32(seed.encode()))
        self.count = self.r.randrange(1, 5000)
        self.form = self.r.random()

    def column(self, cls: str, rows: int, maker: str = "") -> list[str]:
        name = maker or cls.split("|", maxsplit=1)[0]
        words = WORDS.get(name)
        method = name.replace(".", "_")
        make: Callable[[], str] = getattr(self, method) if hasattr(self, method) else lambda: self.word(words)
        blank = 0.0 if name.startswith("serial") or name == "uuid" else self.r.choice([0.0, 0.03, 0.1, 0.3])
        return [self.damage(make()) if self.r.random() >= blank else self.nothing() for _ in range(rows)]

    def word(self, words: tuple[str, str] | None) -> str:
        assert words is not None
        return self.r.choice(words[0 if self.zh else 1].split("|"))

    def nothing(self) -> str:
        return self.r.choice(["", "", "", "-", "无", "/", "不详"] if self.zh else ["", "", "", "N/A", "-", "NULL"])

    def damage(self, value: str) -> str:
        draw = self.r.random()
        if value.isdigit() and len(value) >= 10:
            if draw < 0.02:
                return value.translate(WIDE)
            if draw < 0.035:
                return f"{float(value):.2E}".replace("E+", "E+")
            if draw < 0.05:
                return value + ".0"
            if draw < 0.06:
                return "'" + value
        return " " + value if draw > 0.985 else value

    def digits(self, size: int) -> str:
        return "".join(self.r.choice(string.digits) for _ in range(size))

    def date(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(days=self.r.randrange((date(last, 12, 31) - date(first, 1, 1)).days))

    def said(self, day: date) -> str:
        if self.zh or self.locale in {"ja", "ko"}:
            forms = [f"{day}", f"{day:%Y/%m/%d}", f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}"]  # fmt: skip
            forms = forms[: 3 if self.locale == "ko" else 6]
        elif self.locale == "en":
            forms = [
                f"{day}",
                f"{day:%m/%d/%Y}",
                f"{day.month}/{day.day}/{day.year}",
                f"{day:%d-%b-%Y}",
                f"{day:%b} {day.day}, {day.year}",
            ]
        else:
            forms = [f"{day:%d.%m.%Y}" if self.locale == "de" else f"{day:%d/%m/%Y}", f"{day}"]
        usual = forms[int(self.form * len(forms))]
        return usual if self.r.random() < 0.9 else self.r.choice(forms)

    # people
    def name_full(self) -> str:
        return self.fake.name()

    def name_given(self) -> str:
        return self.fake.first_name()

    def name_family(self) -> str:
        return self.fake.last_name()

    def name_alias(self) -> str:
        return self.r.choice(
            [
                self.latin.user_name(),
                self.latin.first_name(),
                self.fake.first_name() + "🌸",
                "A-" + self.fake.last_name(),
                self.fake.word() + self.fake.word(),
            ]
        )

    def name_masked(self) -> str:
        name = self.fake.name()
        return name[0] + "*" * (len(name) - 1)

    def name_title(self) -> str:
        return self.fake.last_name() + self.r.choice(["先生", "女士", "小姐", "总"])

    def kana(self) -> str:
        return self.fake.kana_name() if hasattr(self.fake, "kana_name") else self.fake.name()

    def latin_family(self) -> str:
        return self.latin.last_name().upper()

    def latin_given(self) -> str:
        return self.latin.first_name().upper()

    def person_title(self) -> str:
        return self.r.choice(["先生", "女士"] if self.zh else ["Mr.", "Mrs.", "Ms", "Dr."])

    def person_gender(self) -> str:
        pairs = {
            "zh": ["男", "女"],
            "de": ["m", "w"],
            "fr": ["H", "F"],
            "ja": ["男性", "女性"],
            "ko": ["남", "여"],
            "es": ["Hombre", "Mujer"],
            "pt": ["M", "F"],
        }
        pair = pairs.get(self.locale) or [["M", "F"], ["Male", "Female"]][int(self.form * 2)]
        return self.r.choice(pair)

    def person_birth_date(self) -> str:
        return self.said(self.date(1940, 2015))

    def year_month(self) -> str:
        day = self.date(1955, 2008)
        return [f"{day:%Y-%m}", f"{day.year}.{day.month}", f"{day.year}年{day.month}月"][int(self.form * 3)]

    def person_age(self) -> str:
        return str(self.r.randrange(3, 92)) + ("岁" if self.zh and self.form < 0.3 else "")

    def person_health(self) -> str:
        return self.word(WORDS["illness"])

    def person_photo(self) -> str:
        return self.r.choice(
            [
                "https://wx.qlogo.cn/mmopen/" + self.digits(12),
                f"upload/2023{self.digits(8)}.jpg",
                f"/static/avatar/{self.digits(5)}.png",
            ]
        )

    def image(self) -> str:
        return f"/uploads/{self.digits(10)}.jpg"

    def person_guardian(self) -> str:
        return self.fake.name()

    def centimetres(self) -> str:
        return str(self.r.randrange(95, 195))

    def kilos(self) -> str:
        return f"{self.r.uniform(14, 98):.1f}"

    def pulse(self) -> str:
        return str(self.r.randrange(55, 110))

    def lab_number(self) -> str:
        return f"{self.r.uniform(0.4, 9.8):.1f}"

    def longitude(self) -> str:
        return f"{self.r.uniform(102, 121):.6f}" if self.zh else f"{self.r.uniform(-120, 20):.6f}"

    def latitude(self) -> str:
        return f"{self.r.uniform(22, 41):.6f}" if self.zh else f"{self.r.uniform(30, 58):.6f}"

    def base64(self) -> str:
        return b64encode(self.r.randbytes(66)).decode()

    def pressure(self) -> str:
        return f"{self.r.randrange(95, 160)}/{self.r.randrange(55, 100)}"

    # reach
    def contact_email(self) -> str:
        return self.r.choice(
            [
                self.latin.email(),
                self.latin.free_email(),
                f"{self.digits(9)}@qq.com" if self.zh else self.latin.company_email(),
            ]
        )

    def email_masked(self) -> str:
        user, _, domain = self.latin.email().partition("@")
        return user[0] + "***" + user[-1] + "@" + domain

    def mobile(self) -> str:
        number = self.fake.phone_number() if self.zh else self.digits(10)
        return number if self.form < 0.8 or not number.isdigit() else f"{number[:3]}-{number[3:7]}-{number[7:]}"

    def mobile_masked(self) -> str:
        number = self.mobile().replace("-", "")
        return number[:3] + "****" + number[-4:]

    def landline(self) -> str:
        area = self.r.choice(["0571", "021", "010", "0755", "028", "0592"])
        number = str(self.r.randrange(2, 9)) + self.digits(7)
        return self.r.choice([f"{area}-{number}", f"{area}-{number}", f"{area}{number}", f"({area}){number}", number])

    def extension(self) -> str:
        return str(self.r.randrange(1000, 9999))

    def contact_phone(self) -> str:
        return self.r.choice([self.mobile, self.mobile, self.landline])() if self.zh else self.fake.phone_number()

    def contact_address(self) -> str:
        if self.zh:
            place = self.fake.address().rsplit(" ", 1)[0]
            return place + self.r.choice([f"{self.r.randrange(1, 300)}号", f"{self.r.randrange(1, 40)}幢{self.r.randrange(1, 5)}单元{self.r.randrange(101, 2602)}", f"{self.r.randrange(1, 90)}弄{self.r.randrange(1, 60)}号{self.r.randrange(101, 602)}室", ""])  # fmt: skip
        if self.locale in {"ja", "ko"}:
            return self.fake.address().replace("\n", " ")
        return self.fake.street_address().replace("\n", ", ")

    def building(self) -> str:
        return (
            f"{self.fake.last_name()}家{self.r.choice(['湾', '园', '桥', '新村'])}{self.r.randrange(1, 60)}{self.r.choice(['栋', '号楼', '幢', '-'])}{self.r.randrange(101, 3302)}"
            if self.r.random() < 0.5
            else f"{self.fake.street_name()}{self.r.randrange(1, 900)}号"
        )

    def street_part(self) -> str:
        if self.locale == "ja":
            return f"{self.fake.town()}{self.fake.chome()}{self.fake.ban()}{self.fake.gou()}"
        if self.locale == "ko":
            return f"{self.r.randrange(101, 120)}동 {self.r.randrange(101, 2500)}호"
        return self.fake.street_address().replace("\n", ", ")

    def contact_city(self) -> str:
        return self.fake.city() if not self.zh or self.form < 0.6 else self.fake.city_name()

    def district(self) -> str:
        return self.fake.district() + self.r.choice(["区", "县"]) if self.form < 0.9 else self.fake.district()

    def county(self) -> str:
        return self.fake.province() + self.fake.city_name() + self.r.choice(["", "市", "县"])

    def town(self) -> str:
        return self.fake.last_name() + self.r.choice(["家街道", "庄镇", "桥街道", "集乡"])

    def area_code(self) -> str:
        return self.r.choice(["330100", "510100", "440300", "110105", "320500"])

    def contact_region(self) -> str:
        for name in ("province", "administrative_unit", "state", "region", "prefecture"):
            if hasattr(self.fake, name):
                return getattr(self.fake, name)()
        return self.fake.city()

    def contact_country(self) -> str:
        return "中国" if self.zh else self.fake.country()

    def contact_postal_code(self) -> str:
        return self.fake.postcode()

    def contact_im(self) -> str:
        return "o" + "".join(self.r.choice(string.ascii_letters + string.digits + "_-") for _ in range(27))

    def wechat(self) -> str:
        return self.r.choice([self.latin.user_name(), "wxid_" + self.latin.lexify("????????"), self.mobile()])

    def qq(self) -> str:
        return str(self.r.randrange(10**6, 4 * 10**9))

    def contact_url(self) -> str:
        return self.latin.url()

    # identities
    def id_cn_resident(self) -> str:
        body = Faker("zh_CN").ssn()[:6] if self.r.random() < 0.01 else self.fake.ssn()[:6]
        body += f"{self.date(1945, 2012):%Y%m%d}" + self.digits(3)
        check = "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]
        draw = self.r.random()
        if draw < 0.08:
            check = self.r.choice("0123456789")
        if draw > 0.94:
            return (body + check).lower()
        return body[:6] + body[8:] if 0.08 < draw < 0.1 else body + check

    def resident_masked(self) -> str:
        value = self.id_cn_resident()
        return (
            value[:4] + "*" * (len(value) - 8) + value[-4:] if self.form < 0.5 else value[:6] + "********" + value[-4:]
        )

    def id_passport(self) -> str:
        return self.r.choice(["E", "G", "EA", "C", "X", ""]) + self.digits(8)

    def id_driver_license(self) -> str:
        return self.latin.bothify("?#######").upper()

    def id_us_ssn(self) -> str:
        return self.latin.ssn()

    def national(self) -> str:
        """A number of the person's own country, its check digit mostly right."""
        day = self.date(1945, 2010)
        if self.locale == "de":
            return f"{self.digits(2)} {day:%d%m%y} {self.r.choice('JMSW')} {self.digits(3)}"
        if self.locale == "fr":
            body = f"{self.r.choice('12')}{day:%y%m}{self.r.randrange(1, 95):02}{self.digits(6)}"
            return body + f"{97 - int(body) % 97:02}"
        if self.locale == "es":
            body = self.digits(8)
            return body + "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23]
        if self.locale == "ko":
            return f"{day:%y%m%d}-{self.r.choice('1234')}{self.digits(6)}"
        if self.locale == "en":
            return f"{self.r.choice('3456')}{day:%y%m%d}{self.digits(4)}"
        return self.digits(9)

    def rut(self) -> str:
        body = self.digits(8)
        total = sum(int(one) * (place % 6 + 2) for place, one in enumerate(reversed(body)))
        return f"{body}-{'0K987654321'[total % 11]}"

    def cpf(self) -> str:
        return self.fake.cpf() if hasattr(self.fake, "cpf") else self.digits(11)

    def nino(self) -> str:
        return self.latin.bothify("?? ## ## ## ?").upper()

    def org_name(self) -> str:
        return self.fake.company()

    def org_cn_uscc(self) -> str:
        return "91" + self.fake.ssn()[:6] + "".join(self.r.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(10))

    def org_tax(self) -> str:
        return self.org_cn_uscc() if self.zh else "DE" + self.digits(9)

    def siret(self) -> str:
        return self.digits(14)

    def job_title(self) -> str:
        return self.fake.job()

    # money, accounts
    def finance_bank_account(self) -> str:
        return self.digits(self.r.choice([16, 19])) if self.zh else self.fake.iban()

    def account_digits(self) -> str:
        return self.digits(8)

    def sortcode(self) -> str:
        return f"{self.digits(2)}-{self.digits(2)}-{self.digits(2)}"

    def routing(self) -> str:
        return self.digits(9)

    def finance_card_number(self) -> str:
        value = (
            self.latin.credit_card_number()
            if not self.zh
            else self.r.choice(["622202", "621700", "622848", "625912"]) + self.digits(self.r.choice([10, 13]))
        )
        return " ".join(value[i : i + 4] for i in range(0, len(value), 4)) if self.form > 0.8 else value

    def card_masked(self) -> str:
        return self.r.choice(["6222", "6217", "6228"]) + " **** **** " + self.digits(4)

    def expiry(self) -> str:
        return f"{self.r.randrange(1, 13):02}/{self.r.randrange(24, 32)}"

    def money(self) -> str:
        value = self.r.expovariate(1 / 800)
        forms = [
            f"{value:.2f}",
            f"{value:.2f}",
            f"¥{value:,.2f}" if self.zh else f"${value:,.2f}",
            str(int(value)),
            f"{value:.1f}",
        ]
        return forms[int(self.form * 5)]

    def rate(self) -> str:
        return self.r.choice(["0.85", "0.9", "1", "0.0060"])

    def account_loyalty(self) -> str:
        return str(self.r.randrange(0, 20000))

    def account_customer_id(self) -> str:
        self.count += 1
        return f"{'KH' if self.zh else 'CUS-'}{self.count:06}"

    def serial(self) -> str:
        self.count += self.r.randrange(1, 3)
        return str(self.count)

    def serial_long(self) -> str:
        self.count += self.r.randrange(1, 9)
        return f"{1_000_000_000 + self.count}"

    def card_no(self) -> str:
        self.count += 1
        return f"{80_000_000 + self.count}"

    def staff_no(self) -> str:
        self.count += 1
        return f"E{self.count:05}"

    def student_no(self) -> str:
        self.count += 1
        return f"2019{self.count:06}"

    def contract_no(self) -> str:
        self.count += 1
        return f"HT-2024-{self.count:04}"

    def order_digits(self) -> str:
        return f"{self.date(2023, 2025):%Y%m%d}" + self.digits(self.r.choice([8, 8, 10]))

    def pnr(self) -> str:
        return "".join(self.r.choice(string.ascii_uppercase + string.digits) for _ in range(6))

    def tracking(self) -> str:
        return self.r.choice(["SF", "YT", "JT", "78"]) + self.digits(13)

    def sku(self) -> str:
        return self.latin.bothify("??-####").upper()

    def engine(self) -> str:
        return self.latin.bothify("?#######").upper()

    def account_username(self) -> str:
        return self.latin.user_name()

    def account_password(self) -> str:
        return [self.hex32, lambda: "$2y$10$" + "".join(self.r.choice(string.ascii_letters) for _ in range(53))][
            int(self.form * 2)
        ]()

    def weak_password(self) -> str:
        return self.r.choice(["123456", "abc123", "admin", "888888", "qwe123!"])

    def hex32(self) -> str:
        return "".join(self.r.choice("0123456789abcdef") for _ in range(32))

    def hex8(self) -> str:
        return self.hex32()[:8]

    def uuid(self) -> str:
        return self.latin.uuid4()

    # devices, places, vehicles, times
    def device_ip(self) -> str:
        return self.latin.ipv4_public()

    def location_position(self) -> str:
        return str(self.latin.latitude())

    def vehicle_plate(self) -> str:
        return (
            self.r.choice("浙京粤川鲁苏沪皖豫")
            + self.r.choice("ABCDE")
            + self.r.choice([self.digits(5), "D" + self.digits(5), self.digits(3) + "K" + self.digits(1)])
        )

    def vehicle_vin(self) -> str:
        return "L" + "".join(self.r.choice("0123456789ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(16))

    def seat(self) -> str:
        return f"{self.r.randrange(1, 40)}{self.r.choice('ABCDEF')}"

    def day(self) -> str:
        return self.said(self.date(2018, 2026))

    def stamp(self) -> str:
        at = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(seconds=self.r.randrange(200_000_000))
        return [
            f"{at:%Y-%m-%d %H:%M:%S}",
            f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02}",
            f"{at:%Y-%m-%dT%H:%M:%S}Z",
        ][int(self.form * 3)]

    record_time = trade_time = stamp

    def epoch(self) -> str:
        return str(1_500_000_000 + self.r.randrange(200_000_000))

    def flag(self) -> str:
        return self.r.choice("01")

    def small(self) -> str:
        return str(self.r.randrange(1, 40))

    def code2(self) -> str:
        return f"{self.r.randrange(1, 57):02}"

    def clock(self) -> str:
        return f"{self.r.randrange(24):02}:{self.r.randrange(60):02}:{self.r.randrange(60):02}"

    def coords(self) -> str:
        return f"{self.latitude()},{self.longitude()}"

    def device_mac(self) -> str:
        return self.latin.mac_address()

    def device_agent(self) -> str:
        return self.latin.user_agent()

    def digits9(self) -> str:
        return self.digits(9)

    def digits11(self) -> str:
        return self.digits(11)

    def year(self) -> str:
        return str(self.r.randrange(2003, 2025))

    def score(self) -> str:
        return str(self.r.randrange(60, 101))
