"""What a header says, in the languages and abbreviations that small companies use (words/headers.toml).

Headers are read from their end, where most languages put the noun (`会员联系电话`, `billing_email_address`): the longest
known ending wins. English tokens are expanded first (`cust_nm`), then joined.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from custody.classify import composed, lexicon, owners, pinyin, segment, slips, spellings
from custody.classify import header_rules as rules
from custody.classify.vocabulary import read, simplified

WHOLE: Final = 6.0
EXACT: Final = 4.0
INSIDE: Final = 2.6
SLIGHT: Final = 2.2
# A stem of a special category outweighs the plain noun at the end of its header: pregnancy_status, 入党时间, covid_shot_date.
SPECIAL: Final = 4.4
_SPECIAL: Final = ("person.health", "person.criminal", "person.biometric", "person.politics", "person.religion", "person.ethnicity", "person.sexuality", "location.trace")  # fmt: skip
_NO: Final = re.compile(r"\bn[°º]\.?|№", re.IGNORECASE)
_HASH: Final = re.compile(r"(?<=[A-Za-z])\s*#\s*$")
_NOTE: Final = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：?？'\"]+$")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT: Final = re.compile(
    r"[\s_\-./,&+|#\\]+|(?<=\b[dlDL])['’]|(?<=[a-z])(?=\d)|(?<=[㐀-鿿])(?=[A-Za-z])|(?<=[A-Za-z0-9])(?=[㐀-鿿])"
)
_NUMBER: Final = re.compile(r"\d+$|[一二三四]$")
_LEADS: Final = ("tbl", "t", "f", "c", "fld", "col", "kh", "hy", "yh", "my", "the", "is", "has")
_WHOSE: Final = ("customer", "client", "member", "user", "contact", "employee", "billing", "shipping", "home", "work",
                 "primary", "secondary", "person", "personal", "patient", "student", "guest", "buyer", "receiver", "owner", "emergency",
                 "other", "my", "mobile", "office", "business", "mailing", "shipto", "billto")  # fmt: skip
# Endings that name no more than a number: a word for a document before them says which (社保账号, 驾驶证档案编号).
_IDENTIFIERS: Final = frozenset(("账号", "帐号", "编号", "编码", "号码", "卡号", "代码", "id", "no", "number", "code"))
_STRICT: Final = ("id.", "finance.bank", "finance.card", "vehicle.")
_DESCRIBES: Final = frozenset(("description", "label", "value", "info", "text", "field"))
_MONEY: Final = frozenset(("finance.income", "finance.credit", "finance.balance"))
# What a stem of money outweighs: amounts, and nouns that say nothing. Keys, dates and banks stay what they are.
_PAID: Final = frozenset(
    ("trade.amount", "account.loyalty", "record.code", "record.other", "record.none", "taste.profile", "")
)
_SPOTS: Final = frozenset(("location", "place", "site", "area", "region", "position"))  # pain_location is no address
_FIRM: Final = ("name.", "contact.", "id.", "finance.", "account.", "location.", "device.")
# What such a noun alone says; anything more particular keeps its own class.
_PLAIN: Final = frozenset(
    ("record.code", "record.time", "record.key", "record.other", "text.free", "trade.time", "trade.item", "")
)


@dataclass(frozen=True, slots=True)
class Said:
    """One reading of a header: class, weight, and the words it rests on."""

    cls: str
    weight: float
    words: str


def tokens(header: str) -> list[str]:
    """Lower-case, half-width tokens without accents, notes in brackets or numbers at the end; expanded."""
    header = rules.PERIOD.sub("", header.strip()) or header
    plain = rules.POSSESSIVE.sub("", rules.OWN_FIELD.sub("", _HASH.sub(" number", _NO.sub(" numero ", header))))
    text = rules.TAIL.sub("", _NOTE.sub("", unicodedata.normalize("NFKC", plain).strip())) or header
    parts = [lexicon.fold_header(part) for piece in _SPLIT.split(text) for part in _CAMEL.split(piece) if part]
    kept = [part for part in parts if part and not part.isdigit()] or parts
    short = lexicon.abbreviations()
    return [short.get(part, part) for part in kept]


def normal(header: str) -> str:
    """All tokens in one word."""
    return "".join(tokens(header))


@lru_cache(maxsize=4096)
def judge(header: str) -> tuple[Said, ...]:
    """Readings of the header, the surest first; empty when it says nothing."""
    said = _judge(header)
    turned = simplified(header)
    if turned == header or (said and said[0].weight >= EXACT):
        return tuple(_digits_of(said) if _cut(header) else said)
    other = _judge(turned)
    best = other if other and (not said or other[0].weight > said[0].weight) else said
    return tuple(_digits_of(best) if _cut(header) else best)


def _cut(header: str) -> bool:
    """Whether the header says that its values are only some digits: 身份证后六位."""
    return bool(rules.TAIL.search(unicodedata.normalize("NFKC", header).strip()))


def _digits_of(said: list[Said]) -> list[Said]:
    """Of an account, only digits are shortened, and no login has them."""
    return [replace(one, cls="finance.bank_account") if one.words in {"账号", "帐号", "账户"} else one for one in said]


def veiled(header: str) -> bool:
    """Whether the header says that its values are a digest, a cipher, a mask or some digits of something that is no secret by itself."""
    words, said = tokens(header), judge(header)
    digits = bool(composed.cut(words)) and bool(said) and said[0].cls.startswith(("id.", "finance."))
    return (_cut(header) or digits or bool(rules.unveiled(words))) and not any(
        one.cls.startswith("account.") for one in said
    )


def speaks_not(header: str) -> bool:
    """Whether the header is one that stands for none: 字段5, col_2, x1."""
    return bool(rules.SPEAKS_NOT.match(lexicon.fold_header(header).strip()))


def _judge(header: str) -> list[Said]:
    if speaks_not(header):
        return []
    words = tokens(header)
    if "per" in words[1:]:  # a wage per month is a wage
        words = words[: words.index("per", 1)]
    whole = "".join(words)
    if not whole:
        return []
    before = words[-2:-1] if words[-1] == "name" else ()  # a patient's name, not his nickname
    if whole.endswith("name") and rules.CALLED & {whole.removesuffix("name"), *before}:
        return [Said("name.full", WHOLE, whole)]
    if not _whole(whole) and (bare := rules.unveiled(words)):
        if bare[-1] in rules.PROVES:
            return [Said("account.secret", SPECIAL, whole)]
        return [replace(one, weight=one.weight - 0.3) for one in _judge(" ".join(bare))]
    said = (
        _figured(header)
        or _whole(whole)
        or [Said(*one) for one in composed.readings(words, whole, _known)]
        or _phrased(words)
        or _belonging(words, whole)
        or _owned(words)
        or _measured(words)
        or _described(words)
        or _coded(words, whole)
        or _in_pinyin(whole)
    )
    said = said or _best(words, whole)
    return _slipped(words, said) if not said or said[0].weight <= INSIDE or said[0].cls in _NOUNS else said


def _slipped(words: list[str], said: list[Said]) -> list[Said]:
    """What the words say with slips of the pen mended, if that is more than a noun."""
    mended = slips.mended(words, _pieces())
    better = [replace(one, weight=one.weight - 0.6) for one in _judge(" ".join(mended))] if mended else []
    return better if better and better[0].cls not in _NOUNS else said


_NOUNS: Final = frozenset(("record.code", "record.time", "record.key", "text.free"))


def _known(whole: str) -> str:
    return next((one.cls for one in _whole(whole)), "")


def _figured(header: str) -> list[Said]:
    """A known word with figures in it, which its tokens have lost: `last4`, `401k`."""
    word = lexicon.key(header)
    cls = lexicon.lexicon()[0].get(word, "") if any(one.isdigit() for one in word) else ""
    return [Said(cls, WHOLE, word)] if cls else []


def _in_pinyin(whole: str) -> list[Said]:
    """A whole Chinese word spelled so long that no other language has it: `canjileixing` is more than its `leixing`."""
    cls = spellings.chinese().full.get(whole, "") if len(whole) >= _LONG and whole.isascii() else ""
    return [Said(cls, pinyin.SPELLED, whole)] if cls else []


_LONG: Final = 8


def _phrased(words: list[str]) -> list[Said]:
    """`triaged_by_name` is a name, `relationship_to_insured` no name, `nivel_vendedor` what kind of one."""
    if words[-2:] == ["by", "name"]:
        return [Said("name.full", WHOLE, "name")]
    if words[-1] == "by" and len(words) > 1:  # by whom: his name or his number
        return [Said("name.full", 3.4, "by"), Said("record.key", 3.2, "by")]
    if len(words) > _TWO and words[0] in rules.RELATIONS and words[1] in rules.TOWARDS:
        return [Said("record.other", WHOLE, words[0])]
    kind = lexicon.leads().get(words[0], "")
    if len(words) == _TWO and kind == "record.code" and _known(words[1]) == "name.full":
        return [Said(kind, 3.6, words[0])]
    return []


_TWO: Final = 2


def _best(words: list[str], whole: str) -> list[Said]:
    """What parts of the header say, as it is written or, if its words are written together, cut into them."""
    found = sorted(_parts(words, whole), key=lambda one: -one.weight)
    pieces = segment.cut(whole, _pieces()) if len(words) == 1 and (not found or found[0].weight < SPECIAL) else []
    apart = sorted(_parts(pieces, whole), key=lambda one: -one.weight) if pieces else []
    return apart if apart and (not found or apart[0].weight > found[0].weight) else found


@cache
def _pieces() -> frozenset[str]:
    """Words that a header written in one may be made of."""
    head, exact, inside = lexicon.lexicon()
    short = (word for word, _ in inside if len(word) <= rules.SHORT)
    known = (
        *head,
        *exact,
        *rules.LAST,
        *_WHOSE,
        *lexicon.abbreviations().values(),
        *short,
        *read("standards.toml")["pieces"]["words"].split(),
    )
    return frozenset(word for word in known if word.isascii() and len(word) >= segment.SHORTEST)


# What persons have, and nothing else does: the rest of a header may say no less, or an owner's stem would be taken from it.
_HAD: Final = ("name.", "person.", "contact.", "id.", "finance.", "job.", "account.username", "account.password", "account.secret", "device.", "location.position", "vehicle.")  # fmt: skip


def _belonging(words: list[str], whole: str) -> list[Said]:
    """What a whole known word says that stands with its owner: 患者职业, `phone of the tenant`; 单位 is then where he works."""
    for rest in owners.guarded(words, whole):
        if rest in _OF_PERSONS or any(one.cls.startswith(_OF_GUARDIANS) for one in _judge(rest)[:1]):
            return [Said("person.guardian", 5.0, whole)]
    for rest, least in owners.belongings(words, whole):
        if rest in _OF_PERSONS:
            return [Said(*_OF_PERSONS[rest], rest)]
        said = [replace(one, weight=one.weight - 0.3) for one in _whole(rest)]
        if said and said[0].weight >= least and said[0].cls.startswith(_HAD):
            return said
    return []


_OF_GUARDIANS: Final = ("name.", "contact.", "id.", "job.", "person.education", "person.age", "person.birth_date")
_OF_PERSONS: Final = {
    "单位": ("job.employer", 3.8),
    "name": ("name.full", 5.4),
    "名": ("name.full", 5.0),
    "名称": ("name.full", 3.8),
}


def _owned(words: list[str]) -> list[Said]:
    """The words before whose it is: `sexo_aluno`, `email_cliente`."""
    if len(words) < _TWO or words[-1] not in rules.OWNERS:
        return []
    return [replace(one, weight=one.weight - 0.3) for one in _whole("".join(words[:-1]))]


def _measured(words: list[str]) -> list[Said]:
    """The words before a unit or a language, where they are a whole word."""
    kept = len(words)
    while kept > 1 and words[kept - 1] in rules.UNITS:
        kept -= 1
    return (
        [] if kept == len(words) else [replace(one, weight=one.weight - 0.5) for one in _whole("".join(words[:kept]))]
    )


def _coded(words: list[str], whole: str) -> list[Said]:
    """The class of the word before `code`, `id` or 码, where it is one that systems store as codes."""
    kept = len(words)
    while kept > 1 and words[kept - 1] in rules.CODES:
        kept -= 1
    bare = "".join(words[:kept]) if kept < len(words) else rules.HAN_CODES.sub("", whole)
    if not bare or bare == whole:
        return []
    head, _, _ = lexicon.lexicon()
    starts = (
        [place for place in sorted(rules.starts(words)) if place < len(bare)]
        if whole.isascii()
        else range(max(1, len(bare) - 1))
    )
    for place in starts:
        cls = head.get(bare[place:], "")
        if cls.startswith(rules.CODED) and cls not in rules.UNCODED:
            return [Said(cls, 4.8 if place == 0 else 4.2, bare[place:])]
    return []


def _described(words: list[str]) -> list[Said]:
    """`race_desc`, `marital status label`: what is described, where the whole header is no word of its own."""
    if len(words) < 2 or words[-1] not in _DESCRIBES:
        return []
    return [Said(one.cls, one.weight - 1, one.words) for one in _whole("".join(words[:-1]))]


def _whole(whole: str) -> list[Said]:
    head, exact, _ = lexicon.lexicon()
    if rules.BOTH.search(whole):
        return [Said("name.full", WHOLE, whole)]
    for text in (whole, _NUMBER.sub("", whole)):
        if text in head:
            return [Said(head[text], WHOLE, text)]
        if text in exact:
            return [Said(cls, EXACT - 0.3 * place, text) for place, cls in enumerate(exact[text])]
    return []


def _parts(words: list[str], whole: str) -> list[Said]:
    """What parts of a header say when the whole is unknown."""
    head, exact, inside = lexicon.lexicon()
    found = _ending(words, whole, head, exact)
    if (
        rules.NUMBERED.search(whole)
        and (not found or found[0].cls == "record.key" or rules.CODED_PEOPLE.search(whole))
        and not rules.OF_THINGS & {*words[:-1]}
    ):
        return [Said("account.customer_id", 4.4, whole)]
    if found and found[0].words in rules.TIERS and not rules.RANKED.search(whole):
        found = [Said("record.code", 3.0, found[0].words)]
    if (ailing := _ailing(words)) and (not found or found[0].cls in _PLAIN):
        return ailing
    vague = bool(found) and found[0].words in _IDENTIFIERS
    noun = found[0].cls if found else ""
    for word, cls in inside:
        if composed.silent(word, cls, words, whole, noun):
            continue
        if (
            cls in _SPECIAL
            and rules.stem(word, words, whole)
            and (not found or found[0].cls in _PLAIN or _yields(found[0]))
        ):
            return [Said(cls, SPECIAL, word), *(Said(*one) for one in composed.who(whole))]
        if (
            cls in _MONEY
            and (not found or (found[0].cls in _PAID and found[0].weight < WHOLE - 1))
            and rules.stem(word, words, whole)
        ):
            return [Said(cls, SPECIAL, word), *(one for one in found if one.cls != "record.code")]
        loose = len(word) > rules.SHORT or not word.isascii() or word in words
        if loose and (not found or found[0].weight < INSIDE or (vague and cls.startswith(_STRICT))):
            found = [Said(cls, INSIDE + vague, word)] if vague else [*found, Said(cls, INSIDE, word)]
            break
    found = (_spelled(words) if not found or found[0].cls in (_PLAIN | _PAID) else []) or found
    found = found or [Said(*one) for one in composed.leading(words, _known)]
    if not found or found[0].weight < INSIDE:
        found += [Said(*one) for one in pinyin.readings(words, spellings.chinese(), exact)]
    return found or _weakly(words, whole)


def _spelled(words: list[str]) -> list[Said]:
    """A sensitive Chinese word in pinyin as one word of several: `jiangjin_jine`, `bingshi_remark`."""
    known = {word: pinyin.spelled(word, spellings.telling()) for word in words[:-1]}
    marked = len(words) > 1 and len(words[-1]) == 1  # a letter behind tells which of several: `canjirenyuanC`
    last = words[-2] if marked else words[-1]
    whole = not marked and last in spellings.chinese().full
    if last.isascii() and last.isalpha() and len(last) >= pinyin.FULL and not whole:
        known[last] = pinyin.spelled(last, spellings.telling()) or pinyin.stems(last, spellings.telling())
    return [Said(cls, SPECIAL, word) for word, cls in known.items() if cls.startswith((*_SPECIAL, *_MONEY))][:1]


def _ailing(words: list[str]) -> list[Said]:
    """An illness, an operation or a medicine as a word of the header, told by its ending: nephropathy, atorvastatin."""
    ailing = (one for one in words if len(one) >= 7 and one.endswith(rules.AILMENTS))
    return [Said("person.health", SPECIAL, one) for one in ailing][:1]


def _yields(said: Said) -> bool:
    """Whether a reading gives way to a special stem: a weak one that is no name, number or way to reach somebody."""
    return said.words in _SPOTS or (said.weight < SPECIAL and not said.cls.startswith(_FIRM))


def _weakly(words: list[str], whole: str) -> list[Said]:
    """The last word, or the last one or two characters, when it says no more than what kind of thing it is."""
    if last := _last(words):
        return [Said(rules.LAST[last], SLIGHT, last)]
    tail = next((whole[-size:] for size in (2, 1) if whole[-size:] in lexicon.tails()), "")
    if 0 < len(tail) < len(whole):
        return [Said(lexicon.tails()[tail], INSIDE, tail)]
    return [Said("record.code", SLIGHT, rules.ASKED)] if rules.asks(words) else []


def _ending(words: list[str], whole: str, head: dict[str, str], exact: dict[str, tuple[str, ...]]) -> list[Said]:
    han = not whole.isascii()
    starts = rules.starts(words)
    for place in range(1, len(whole)):
        rest = _NUMBER.sub("", whole[place:]) or whole[place:]
        boundary = place in starts or (han and len(rest) >= 2)
        if rest in head and (boundary or len(rest) >= 5):
            covered = len(rest) / len(whole)
            return [Said(head[rest], (3.0 if boundary else 2.2) + 2.2 * covered, rest)]
        if rest in exact and place in starts and whole[:place].removesuffix("s") in (*_LEADS, *_WHOSE):
            return [Said(cls, 3.0 - 0.2 * rank, rest) for rank, cls in enumerate(exact[rest])]
        if rest in exact and whole[:place] in _LEADS:
            return [Said(cls, 2.6 - 0.2 * rank, rest) for rank, cls in enumerate(exact[rest])]
    return []


def _last(words: list[str]) -> str:
    """The last word of several, or the end of a long one (`branchcode`)."""
    if len(words) > 1 and words[-1] in rules.LAST:
        return words[-1]
    return next(
        (one for one in rules.LAST if len(one) >= 4 and words[-1].endswith(one) and len(words[-1]) > len(one) + 2), ""
    )
