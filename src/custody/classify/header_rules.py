"""Words that play a part in how a header is read: who is numbered, who is called, whose it is, and what last words say (headers.py)."""

import re
from typing import Final

SHORT: Final = 4  # letters; so short a piece counts only as a word of its own
_PEOPLE: Final = (
    r"customer|client|member|patient|traveller|traveler|tourist|applicant|resident|subscriber|guest|passenger|shopper|buyer|student|borrower|donor|donateur|policyholder|participant|tenant|insured|claimant|candidate|volunteer|attendee|athlete|"
    r"kunde|mitglied|teilnehmer|abonn|adherent|membre|eleve|etudiant|socio|paciente|alumno|aluno|afiliado|assinante|"
    r"客户|会员|用户|顾客|学员|患者|买家|病人|学生|读者|业主|住户|租客|租户|房客|旅客|游客|住客|宾客|乘客|被保人|投保人|被保险人|老人|长者|候选人|考生|村民|居民|借款人|持卡人|志愿者|捐赠人|顧客|会員|生徒|お客様|고객|회원|환자|학생"
)
PEOPLE: Final = re.compile(rf"{_PEOPLE}|name|姓名|客|户")
NUMBERED: Final = re.compile(
    rf"({_PEOPLE}).*(id|key|no|nr|num|number|nummer|code|编号|编码|代码|号|番号|コード|번호|코드)$|"
    rf"^(numero|num|no|nr|id|codigo|code|cod|matricule)(de|del|do|da)?({_PEOPLE})[a-z]?$"
)
# The code of a person is his number, where nothing stands between them: `candidate_code`, not `member_type_code`.
CODED_PEOPLE: Final = re.compile(rf"({_PEOPLE})s?code$")
# Family and given name in one column, in either order.
BOTH: Final = re.compile(
    r"^(nach|familien)?name(und)?vorname$|^vorname(und)?(nach|familien)?name$|^nom(de?famille)?(et)?prenoms?$|^prenoms?(et)?nom$|"
    r"^apellidos?(y)?nombres?$|^nombres?(y)?apellidos?$|^(sur|last|family)name(and)?(first|given|fore|other)names?$|"
    r"^(first|given|fore)name(and)?(sur|last|family)name$|^(sobre)?nomee?sobrenome$|^cognomee?nome$|^nomee?cognome$"
)
# What a number beside whom may number instead of a person: member_address_id.
OF_THINGS: Final = frozenset(("address", "group", "type", "level", "category", "order", "bill", "store", "shop", "house", "status", "source", "tag", "file", "image", "coupon",
                              "department", "region", "city", "province", "country", "district", "parent", "role", "plan", "visit"))  # fmt: skip
ASKED: Final = "is"  # what a yes or a no is asked by, and all that was read of a header that begins so
_ASKS: Final = frozenset(("is", "has", "have", "was", "did", "can", "should", "ist", "hat", "est", "es"))
# What the last word of an English or German header says when nothing better is known.
LAST: Final = {
    **dict.fromkeys(
        (
            "code",
            "type",
            "status",
            "flag",
            "category",
            "kind",
            "typ",
            "channel",
            "source",
            "delete",
            "deleted",
            "progress",
        ),
        "record.code",
    ),
    **dict.fromkeys(("date", "time", "at", "on", "datum", "timestamp", "since", "until"), "record.time"),
    **dict.fromkeys(
        ("amount", "cost", "price", "fee", "fees", "total", "charge", "charges", "betrag", "preis", "volume"),
        "trade.amount",
    ),
    **dict.fromkeys(
        ("notes", "note", "comment", "comments", "text", "remarks", "description", "details", "message"), "text.free"
    ),
    **dict.fromkeys(("id", "key", "guid", "uuid"), "record.key"),
    **dict.fromkeys(("count", "counts", "times"), "record.other"),
}
# How values are hidden, beside what they are: `phone_hash`, `sin_encrypted`, 手机号密文.
VEILS: Final = frozenset(("hash", "hashed", "digest", "md5", "md", "sha", "hmac", "enc", "encrypted", "encrypt", "encryption", "cipher", "ciphertext", "crypt", "masked", "mask",
                          "obfuscated", "blindindex", "bidx", "密文", "加密", "脱敏", "掩码", "哈希", "摘要"))  # fmt: skip
# Hashed, these prove who somebody is: `code_hash`, `api_key_hash`, `pin_md5`.
PROVES: Final = frozenset(
    ("code", "key", "pin", "otp", "answer", "session", "cookie", "api", "recovery", "验证码", "密钥")
)
VEILED: Final = re.compile(
    r"(?<=[\u4e00-\u9fff])(密文|加密|脱敏|掩码|哈希|散列)(值|后|串)?$|^(加密|脱敏)(后)?的?(?=[\u4e00-\u9fff])"
)
CALLED: Final = frozenset(("criminal", "prisoner", "inmate", "offender", "suspect", "convict", "patient", "defendant", "dentist", "doctor", "nurse", "physician",
                            "surgeon", "therapist", "pharmacist", "caregiver", "counselor", "counsellor", "donor", "guarantor", "sponsor", "pastor", "priest", "midwife",
                            "tenant", "landlord", "volunteer", "witness", "agent", "reporter", "rep", "nok", "kin", "insured", "policyholder", "guest", "visitor", "mentor", "tutor", "coach", "instructor", "trainer", "supervisor", "delegate", "attendee", "candidate", "complainant", "victim", "subscriber", "payee", "payer", "claimant", "nominee", "enrollee", "relative", "partner", "kid", "baby",
                            "pediatrician", "paediatrician", "anesthetist", "borrower", "applicant", "beneficiary", "heir", "spouse", "husband", "wife"))  # fmt: skip
# Whose it is, where the language puts that last: `sexo_aluno`, `email_cliente`, `nom_patient`.
OWNERS: Final = frozenset((
    "cliente", "clientes", "client", "aluno", "alumno", "eleve", "paciente", "patient", "funcionario", "empleado", "trabajador", "salarie", "employe",
    "socio", "membro", "miembro", "membre", "pessoa", "persona", "personne", "medico", "medecin", "titular", "titulaire", "adherent", "beneficiario", "segurado", "asegurado",
    "student", "customer", "employee", "person", "member", "guest", "kunde", "mitarbeiter", "patienten",
))  # fmt: skip
RELATIONS: Final = frozenset(
    ("relationship", "relation", "parentesco", "lien", "beziehung", "verwandtschaft", "vinculo")
)
TOWARDS: Final = frozenset(("to", "with", "of", "al", "con", "com", "avec", "zu", "zum", "zur", "del", "do", "da"))
AILMENTS: Final = ("itis", "osis", "emia", "aemia", "algia", "pathy", "plegia", "ectomy", "penia", "cillin", "mycin", "floxacin", "prazole", "statin",
                    "dipine", "sartan", "gliptin", "zepam", "tocin", "caine", "phobia", "rrhea", "rrhoea")  # fmt: skip
# Units and languages behind a word: `Weight_in_Kgs`, `name_en`.
UNITS: Final = frozenset(("kg", "kgs", "cm", "mm", "lb", "lbs", "years", "yrs", "year", "pct", "percent", "mg", "ml", "bpm", "mmhg", "in", "of", "en", "zh",
                           "cn", "ar", "kana", "kanji", "romaji", "pinyin", "local", "native", "primary", "f", "c"))  # fmt: skip
# Stems that say who or where: their number tells no more than a number does.
WHO_OR_WHERE: Final = frozenset(("hospital", "clinic", "newborn", "neonat", "caregiver", "dentist", "counsel", "church", "parish", "guardian", "guardians", "union",
                                  "inmate", "offender", "prison", "suspect", "defendant", "arrest"))  # fmt: skip
TAIL: Final = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:的)?(?:[后後末尾前][0-9一二三四五六七八]{1,2}[位码碼]|尾[号號数數])$"
)  # 身份证后六位
OWN_FIELD: Final = re.compile(r"(?<=\w)__p?[cr]$", re.IGNORECASE)  # how a CRM marks fields that its customer made
# For how long an amount is: `Fee p.a.`, `rent pcm`.
PERIOD: Final = re.compile(r"(?<=[a-z])\s+(p\.\s?[am]\.?|pcm|p/[am]|/\s?(mo|yr|month|year))$", re.IGNORECASE)
POSSESSIVE: Final = re.compile(r"(?<=[a-z])['’]s?(?=\s)", re.IGNORECASE)
# What tiers a header does not tell of without a person, a card or a programme in it: 危房等级, not 会员等级.
TIERS: Final = frozenset(("等级", "级别", "level", "grade", "tier", "points", "rank"))
RANKED: Final = re.compile(
    r"会员|客户|用户|顾客|卡|vip|积分|member|customer|client|user|loyal|reward|card|guest|account|buyer|frequent"
)
# Headers that stand for none: 字段5, col_2, x1.
SPEAKS_NOT: Final = re.compile(
    r"^(字段|列|column|col|field|unnamed|未命名|数据|attr|attribute|var|ext|extra|扩展|扩展字段|备用|备用字段|预留|自定义|自定义字段)"
    r"[\s_:]*[0-9a-z]{0,3}$|^[a-z]$|^[a-z]_?\d+$"
)

# Classes that systems store as codes: `race_cd`, `ReligionId`, 民族码 are of the class of the word before.
CODED: Final = ("person.", "contact.country", "contact.region", "contact.city", "job.title", "id.driver_license")
CODES: Final = frozenset(
    (
        "code",
        "codes",
        "id",
        "ids",
        "key",
        "cv",
        "type",
        "types",
        "no",
        "value",
        "level",
        "index",
        "idx",
        "fk",
        "ref",
        "flag",
        "name",
        "descriptor",
        "concept",
    )
)
HAN_CODES: Final = re.compile(r"(代码|编码|名称|类别码|码|id|代号|值)$")
UNCODED: Final = frozenset(("person.photo", "person.guardian", "person.title", "person.birth_date", "person.age"))


def asks(words: list[str]) -> bool:
    """Whether the header is a question that a yes or a no answers: is_bound, 是否启用."""
    return (len(words) > 1 and words[0] in _ASKS) or words[0].startswith(("是否", "有无"))


def stem(word: str, words: list[str], whole: str) -> bool:
    """Whether a stem stands in the header: one of Latin letters begins a word (no `mental` in environmental), a short one is it."""
    if not word.isascii():
        return word in whole
    if len(word) <= SHORT:
        return word in words
    return any(whole.startswith(word, place) and covers(place + len(word), words) for place in starts(words))


def covers(end: int, words: list[str]) -> bool:
    """Whether a stem that runs into another word takes more of it than a letter or two (no `cardio` in card_id)."""
    total = 0
    for one in words:
        if total < end <= total + len(one):
            return end - total >= min(3, len(one))
        total += len(one)
    return False


def buried(word: str, words: list[str]) -> bool:
    """Whether letters of a word are only the middle of another (no `product` in reproductive)."""
    if not word.isascii() or len(words) < 2:
        return False
    holding = [one for one in words if word in one]
    return bool(holding) and not any(one.startswith(word) or one.endswith(word) for one in holding)


def starts(words: list[str]) -> set[int]:
    places, total = set(), 0
    for word in words:
        places.add(total)
        total += len(word)
    return places


def unveiled(words: list[str]) -> list[str]:
    """The words but for those that say how their values are hidden; empty if there are none of these, or no others."""
    bare = [rest for one in words if one not in VEILS and (rest := VEILED.sub("", one))]
    return bare if bare != words else []
