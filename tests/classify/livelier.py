"""Cells of the fourth set: words and shapes its schemas ask for beyond those of `lifelike`, Taiwan's people among them.

Written from what such systems hold, before the engine was tried on them; nothing here comes from its word lists.
"""

import string

from faker import Faker
from lifelike import Life

TW_LETTERS = {letter: 10 + place for place, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}
WORDS = {
    "advice": "低盐低脂饮食，一周后复查|注意休息，多饮水|按时服药，不适随诊|建议住院进一步检查",
    "bairro": "Centro|Jardim América|Vila Nova|Boa Vista",
    "bank_narration": "POS PURCHASE 4821 GROCERY|SALARY ACME LTD|ATM WITHDRAWAL MAIN ST|TRANSFER TO SAVINGS|DD ELECTRIC CO",
    "bed": "1号床|2号床|贵宾床A|5号床",
    "belt": "Weiß|Gelb|Grün|Blau|Schwarz 1. Dan",
    "births": "G2P1|none|two live births, one miscarriage|G0P0",
    "body_ja": "下肢|上肢|体幹|視覚|聴覚",
    "bonus_story": "annual bonus of roughly ten percent|overtime paid at 1.5x, about 300 a month|none|quarterly commission on new business",
    "brand": "美的|得力|蓝月亮|公牛",
    "car_owned": "有车|无车|贷款购车",
    "care_result_ko": "계속|이송|퇴원|사망",
    "children_word": "无|有一女归对方|有一子一起生活",
    "chronic_json": '["高血压"]|["高血压","糖尿病"]|[]|["冠心病"]',
    "class_ja": "ひよこ組|うさぎ組|年長A|ぞう組",
    "club": "Zest|Harlequins Gymnastics|MSC Freisen|Eden Valley GC",
    "company_kind": "国企|私企|外企|事业单位|个体",
    "constellation": "白羊座|金牛座|天蝎座|双鱼座|处女座",
    "cover_json": '[{"type":"compulsory","premium":950}]|[{"type":"third_party","premium":1280}]',
    "credit_debit": "credit|debit",
    "dept_ja": "総務部|製造課|営業部|経理課",
    "diet": "vegetarian|high sugar|balanced|low carb",
    "disability_ja": "身体障害|精神障害|知的障害",
    "employment": "FULL_TIME|PART_TIME|SELF_EMPLOYED|UNEMPLOYED|RETIRED",
    "employment_ja": "正社員|契約社員|パート",
    "estate": "阳光花园|万科城|翠苑新村|碧桂园一期",
    "etat_civil": "célibataire|marié|divorcé|veuf",
    "family_story": "父母均为退休教师，有一个哥哥|独生女，父母经商|单亲家庭，母亲在老家务农",
    "flat_pt": "Apto 12|Casa 2||Bloco B",
    "formula": "面积*单价*月数|固定收费|120.5*2.8*12",
    "grade_ja": "1級|2級|3級|4級",
    "grade_ko": "1등급|2등급|3등급|인지지원등급",
    "grade_ten": "十级|九级|八级|无",
    "housing_zh": "已购房|无房|贷款购房",
    "how_often": "daily|2-3 times a week|rarely|never",
    "illness_tw": "高血壓，定期回診|感冒，開立三日藥|糖尿病追蹤|偏頭痛",
    "industry": "制造业|互联网|金融|教育|批发零售",
    "intro_tw": "喜歡打籃球，擔任過班長|興趣是閱讀與登山|對程式設計很有熱忱",
    "join_reason": "社会招聘|校园招聘|调入|复员安置",
    "leaving_de": "Umzug|Zeitmangel|auf eigenen Wunsch|Beitragsrückstand",
    "leaving_tw": "無|生涯規劃|家庭因素|合約到期",
    "major_tw": "資訊工程|商業管理|化工材料|應用外語",
    "member_kind": "会员|散客",
    "month_span": "2024-01,2024-06|2023-07,2023-12|2025-01,2025-12",
    "motorbike": "GasGas TXT 280|Beta Evo 300|Sherco ST|Montesa Cota",
    "note_ja": "長時間の立ち仕事は配慮が必要|特になし|通院のため水曜は午後出勤|兄弟あり",
    "part_tw": "早|午|晚",
    "partner_wish": "性格温和，有稳定工作|不抽烟，接受外地|年龄相差五岁以内，本科以上",
    "pay_way": "微信|支付宝|现金|银行转账|刷卡",
    "perfil": "master|secretaria|professor|aluno|responsavel",
    "pet_sex": "公|母|未知",
    "piece_fr": "carte d'identité|passeport|permis",
    "platform": "淘宝|拼多多|抖音|京东",
    "prefecture_office": "東京都|大阪府|横浜市",
    "rank": "高级工程师|助理会计师|主管药师|无",
    "rank_ja": "係長|一般|主任|課長",
    "relation_ja": "父|母|配偶者|兄",
    "risk_word": "LOW|MEDIUM|HIGH",
    "risk_zh": "仅退款|恶意退货|正常|差评勒索",
    "room_kind": "Double|Twin|Suite|Dorm",
    "service_kind": "产品|服务|套餐",
    "sex_code": "M|F",
    "skills": "Excel, Tally, GST filing|welding, forklift|Java, Spring|customer handling",
    "status_tw": "審核中|已結案|待補件",
    "study_form": "普通全日制|函授|夜大",
    "substance_mix": "None|Smoker|Alcohol|Both",
    "uf": "SP|RJ|MG|BA",
    "unit_zh": "台|箱|盒|件",
    "utm": "facebook|google|tiktok_ads|spring_sale|direct",
    "when_marry": "一年内|半年内|随缘|两年内",
    "award": "三好学生|优秀班干部|无|校级奖学金",
    "cycle": "月结|周结|日结",
    "dept_ko": "총무팀|영업1팀|생산관리팀|인사팀",
    "hobby": "篮球|钢琴|书法|无|主持",
    "rank_ko": "대리|과장|사원|부장",
    "school_stage": "小学|初中|高中|学前",
    "shirt": "YS|YM|YL|AS|AM",
    "wage_kind": "hourly|salary|commission",
    "zodiac": "鼠|牛|虎|兔|龙|蛇|马",
}  # fmt: skip
# Shapes: # a digit, ? a capital letter, % a digit of sixteen.
SHAPES = {
    "bcrypt": "$2b$12$" + "*" * 53, "care_no_ko": "L##########", "cin_ma": "??######", "deed": "浙(202#)不动产权第00#####号",
    "digits10": "##########", "digits12": "1###########", "digits13": "1############", "digits5": "#####", "digits6": "######",
    "digits8": "########", "e164": "+9715########", "hex64": "%" * 64, "motor": "???##", "room": "1#0#",
    "social_url": "https://facebook.com/user.####", "tw_landline": "(02)2###-####", "tw_mobile": "09##-######", "voter": "???#######", "zip_tw": "###",
    "cus_key": "cus_%%%%%%%%%%%%%%", "plate_de": "KL-?? ###", "page_url": "https://shop.example/p/##?ref=####",
}  # fmt: skip


class Lively(Life):
    """Cells of one column, those of `Life` and the ones named here."""

    def __init__(self, locale: str, seed: str) -> None:
        super().__init__("zh" if locale == "tw" else locale, seed)
        self.tw = locale == "tw"
        if self.tw:
            self.fake = Faker("zh_TW")
            self.fake.seed_instance(self.r.randrange(2**32))

    def column(self, cls: str, rows: int, maker: str = "") -> list[str]:
        name = maker or cls.split("|", maxsplit=1)[0]
        if name in WORDS or name in SHAPES or name.startswith("="):
            return [self.blank() or self.made(name) for _ in range(rows)]
        return super().column(cls, rows, maker)

    def blank(self) -> str:
        return "-" if self.form < 0.3 and self.r.random() < 0.04 else ""

    def made(self, name: str) -> str:
        if name.startswith("="):
            return self.r.choice(name[1:].split(";"))
        if name in WORDS:
            return self.r.choice(WORDS[name].split("|"))
        draw = {"#": string.digits, "?": string.ascii_uppercase, "%": "0123456789abcdef", "*": string.ascii_letters}
        return "".join(self.r.choice(draw[one]) if one in draw else one for one in SHAPES[name])

    def contact_address(self) -> str:
        return self.fake.address().split(" ")[-1].replace("\n", "") if self.tw else super().contact_address()

    def tw_national(self) -> str:
        """Taiwan's number, its check digit right but for one in ten."""
        body = self.r.choice(list(TW_LETTERS)) + self.r.choice("12") + self.digits(7)
        first = TW_LETTERS[body[0]]
        total = (
            first // 10
            + first % 10 * 9
            + sum(int(digit) * weight for digit, weight in zip(body[1:], range(8, 0, -1), strict=True))
        )
        return body + (str(-total % 10) if self.r.random() < 0.9 else self.r.choice(string.digits))

    def road_tw(self) -> str:
        return self.fake.street_name() if self.tw else self.fake.street_address()

    def small2(self) -> str:
        return str(self.r.randrange(1, 5))

    def income_grade(self) -> str:
        return str(self.r.randrange(1, 8))

    def area(self) -> str:
        return f"{self.r.uniform(38, 190):.2f}"

    def big_money(self) -> str:
        return f"{self.r.randrange(30, 900)}000{self.r.choice(['', '.00'])}"

    def bmi(self) -> str:
        return f"{self.r.uniform(17, 36):.1f}"

    def temperature(self) -> str:
        return f"{self.r.uniform(35.9, 39.4):.1f}"

    def credit_points(self) -> str:
        return str(self.r.randrange(310, 850))

    def displacement(self) -> str:
        return self.r.choice(["125", "250", "280", "300"])

    def hours(self) -> str:
        return self.r.choice(["40", "38.5", "20", "30"])

    def wage(self) -> str:
        return f"{self.r.uniform(12.5, 34):.2f}"

    def pinyin_code(self) -> str:
        return "".join(self.r.choice(string.ascii_uppercase) for _ in range(self.r.choice([2, 3, 3])))
