"""The reasons of a finding in Chinese: the engine speaks English, the data map says both (spec/datamap.md §2).

Each sentence that the engine can say has a pattern here; tests/classify/test_reasons.py holds them to the code.
"""

import re
from typing import Final

from custody.classify.taxonomy import classes


def chinese(why: str) -> str:
    """The reason in Chinese; a reason that is not known stays as it is."""
    for pattern, words in _SAID:
        if match := pattern.fullmatch(why):
            return words.format(*(_named(one) for one in match.groups()))
    return why


def english(why: str) -> str:
    """The reason with the classes it names in words."""
    return re.sub(
        r"^(holds|words of) (\S+)",
        lambda match: f"{match[1]} {classes()[match[2]].en}" if match[2] in classes() else match[0],
        why,
    )


def _named(said: str) -> str:
    return classes()[said].zh if said in classes() else _KINDS.get(said, said)


_KINDS: Final = {  # what values are said to be, where a reason names it
    "e-mail addresses": "电子邮箱", "mainland mobile numbers": "大陆手机号", "numbers that read like landlines": "像座机的号码",
    "masked resident identity numbers": "打码的身份证号", "masked card numbers": "打码的银行卡号", "registration plates": "车牌号", "IP addresses": "IP 地址",
    "MAC addresses": "MAC 地址", "browser signatures": "浏览器标识", "WeChat OpenIDs": "微信 OpenID", "US social security numbers": "美国社会安全号",
    "passport numbers": "护照号", "travel permits": "通行证号", "positions": "经纬度", "parcel numbers": "物流单号", "UUIDs": "UUID", "password digests": "密码摘要",
    "names of picture files": "图片文件名", "web addresses": "网址", "postal codes": "邮政编码", "flag": "是非标志", "status": "状态", "currency": "货币", "color": "颜色",
    "channel": "渠道", "month": "月份",
    "codes of illnesses": "疾病编码", "blood groups": "血型", "findings of tests": "检验结果", "blood pressures": "血压值", "vaccines": "疫苗", "grades of care": "自理或失能等级",
    "habits of smoking or drinking": "吸烟或饮酒情况", "crimes or sentences": "罪名或刑罚", "crimes": "罪名", "grades of loans": "贷款五级分类", "states of debts": "债务状态",
    "bands of income": "收入区间", "identity numbers of Hong Kong": "香港身份证号", "identity numbers of Taiwan": "台湾身份证号", "identity numbers of Macao": "澳门身份证号",
    "resident registration numbers of Korea": "韩国居民登记号", "numbers of the form of a CPF": "巴西 CPF 样式的号码", "numbers of the form of a RUT": "智利 RUT 样式的号码",
    "national insurance numbers": "英国国民保险号", "permanent account numbers": "印度 PAN 号", "population numbers of Mexico": "墨西哥 CURP 号", "tax codes of Italy": "意大利税号",
    "identity numbers of Singapore": "新加坡身份证号", "identity numbers of Malaysia": "马来西亚身份证号", "driving licence numbers of Britain": "英国驾照号", "codes of banks": "银行代码",
    "codes of banks in India": "印度银行代码", "numbers written as those of cards": "按银行卡写法分组的号码", "signed tokens": "签名令牌", "keys or secrets": "密钥",
    "ends of card numbers": "银行卡尾号", "of the form of IBANs": "国际银行账号（IBAN）样式的号码", "letters for men and women": "表示男女的字母",
    "kinds of membership": "会员卡种", "sort codes with account numbers": "带分行代码的账号",
    "death": "去世", "family": "家庭", "vectors of features": "特征向量", "flights": "航班", "trains": "车次",
}  # fmt: skip


_SAID: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"(.+) export: (.+)", "{} 导出的列：{}"),
        (r"header: header says (.*), values do not look like it", "表头写的是“{}”，但值看起来不像"),
        (r"header: (.*)", "表头：{}"),
        (r"comment: (.*)", "数据源的说明：{}"),
        (
            r"(\d+) % of the values are resident identity numbers with right check characters",
            "{}% 的值是校验位正确的居民身份证号",
        ),
        (
            r"(\d+) % of the values are unified social credit codes with right check characters",
            "{}% 的值是校验位正确的统一社会信用代码",
        ),
        (r"(\d+) % of the values are IBANs with right check digits", "{}% 的值是校验位正确的 IBAN"),
        (r"(\d+) % of the values are vehicle numbers with right check digits", "{}% 的值是校验位正确的车架号"),
        (r"(\d+) % are card numbers with right check digits", "{}% 是校验位正确的银行卡号"),
        (r"numbers as card issuers give them, check digits apart", "号段和长度与银行卡一致，校验位除外"),
        (r"15 digits with right check digits, as device numbers have", "15 位数字且校验位正确，与设备号一致"),
        (r"(\d+) % pass the check of (.+)", "{}% 通过 {} 的校验"),
        (r"(\d+) % name illnesses, complaints or medicines", "{}% 是疾病、症状或药品的名称"),
        (r"(\d+) % of the values are of the form of resident identity numbers", "{}% 的值合乎居民身份证号的样式"),
        (r"(\d+) % of the values are of the form of old resident identity numbers", "{}% 的值合乎旧版身份证号的样式"),
        (r"(\d+) % of the values are of the form of (.+)", "{}% 的值合乎这一类号码的样式（{}）"),
        (r"(\d+) % of the values are (.+)", "{}% 的值合乎这一类的样式（{}）"),
        (r"(\d+) % have the form of telephone numbers", "{}% 合乎电话号码的样式"),
        (r"(\d+) % begin with Chinese surnames", "{}% 以中文姓氏开头"),
        (r"(\d+) % hold common names", "{}% 含有常见的姓名"),
        (r"a latitude beside a longitude", "经度与纬度并列"),
        (r"(\d+) % are common names", "{}% 是常见的名或姓"),
        (r"(\d+) % read as Chinese addresses", "{}% 读起来是中文地址"),
        (r"(\d+) % hold words of streets", "{}% 含有街道用词"),
        (r"(\d+) % end as names of organisations do", "{}% 的结尾像单位名称"),
        (r"(\d+) % are names of places", "{}% 是地名"),
        (r"(\d+) % of the distinct values are words of this class", "不同的值中 {}% 是这一类的用词"),
        (r"values are words for an? (.+)", "值是固定的几个词（{}）"),
        (r"(\d+) % are (.+)", "{}% 是{}"),
        (r"running text of (\d+) characters on average", "平均 {} 字的文字"),
        (r"whole numbers, each only once", "整数，各不相同"),
        (r"numbers with letters, each only once", "字母加数字，各不相同"),
        (r"dates between (\d+) and (\d+)", "{}—{} 年之间的日期"),
        (r"dates", "都是日期"),
        (r"no evidence of any class", "没有属于任何类别的迹象"),
        (r"the table is about nobody", "这张表与个人无关"),
        (r"stands in a person's row", "在某个人的行里"),
        (r"stands among health data", "旁边都是健康信息"),
        (r"stands among criminal records", "旁边都是违法犯罪记录"),
        (r"stands among credit data", "旁边都是信贷信息"),
        (r"stands among what is paid to a person", "旁边都是个人收入"),
        (r"its text tells of people", "文字里写到了个人"),
        (r"stands among purchases", "在购买记录里"),
        (r"stands beside an address", "旁边是地址"),
        (r"a given name stands beside", "旁边是名"),
        (r"stands beside a place", "旁边是地名或地址"),
        (r"stands beside a card's number", "旁边是银行卡号"),
        (r"names of schools", "值是学校名称"),
        (r"stands beside what was bought", "旁边是所购的商品或服务"),
        (r"short remarks", "值是简短的备注"),
        (r"numbers of official papers", "值是公文文号"),
        (r"one for each of the people listed", "名单上每人一个"),
        (r"refers to a person's number", "与另一表的个人编号相连"),
        (r"stands beside a bank's code", "旁边是银行代码"),
        (r"a family name stands beside", "旁边有姓氏"),
        (r"one of two halves", "两半中的一半"),
        (r"found (\S+), set by (\S+)", "扫描判为 {}，由 {} 改定"),
        (r"holds (\S+)", "文字里出现 {}"),
        (r"free text in (\d+) of (\d+) cells?", "随手写的文字：{1} 格里有 {0} 格填了"),
        (r"words of (\S+) in (\d+) cells?", "{1} 格里有“{0}”一类的字眼"),
        (
            r"the values are more or other than this class has, until somebody looks",
            "值的多少或样子与这一类不符，要有人看过",
        ),
        (r"each row is one person", "每行是一个人"),
        (r"key (.+)", "键是 {}"),
        (r"its rows refer to (.+)", "每行指向 {}"),
        (r"about nobody", "与个人无关"),
        (r"refers to no file of people", "不指向任何人员表"),
        (r"each row by its own (.+)", "每行用自己的 {}"),
        (r"a person's rows by (.+)", "同一个 {} 的各行是同一个人的"),
        (r"refers to nobody known: its rows will be quarantined", "指向的人不在册：这些行会被隔离"),
        (r"raised: a login beside its password", "提级：登录名与密码同在一行"),
        (r"raised: a picture beside an identity document", "提级：照片与身份证件同在一行"),
        (r"raised: a vehicle beside where it was", "提级：车牌与行踪同在一行"),
        (r"raised: a service or medicine beside an illness", "提级：服务或药品与疾病同在一行"),
        (r"raised: a device beside where it was", "提级：设备与位置同在一行"),
        (
            r"raised: a number of unknown kind beside identity numbers, until somebody looks",
            "提级：不知是什么号码，又与证件号同在一行，有人看过之前按敏感处理",
        ),
        (r"its name is like words of this class", "列名与这一类的用词相近"),
        (
            r"raised: its name says an identity number, its values do not, until somebody looks",
            "提级：列名说是证件号码，值却不像，有人看过之前按敏感处理",
        ),
        (
            r"raised: its name is like sensitive words, until somebody looks",
            "提级：列名与敏感信息的用词相近，有人看过之前按敏感处理",
        ),
        (
            r"raised: unread beside sensitive data, until somebody looks",
            "提级：没有认出，又与敏感信息同在一行，有人看过之前按敏感处理",
        ),
        (
            r"raised: half of its name is unread among sensitive data, until somebody looks",
            "提级：列名只认出一半，又在敏感信息之中，有人看过之前按敏感处理",
        ),
    )
)
