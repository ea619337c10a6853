"""What a header says, in the languages and abbreviations that small companies use (words/headers.toml).

Headers are read from their end, where most languages put the noun (`会员联系电话`, `billing_email_address`): the longest
known ending wins. English tokens are expanded first (`cust_nm`), then joined.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from custody.classify.vocabulary import read

WHOLE: Final = 6.0
EXACT: Final = 4.0
INSIDE: Final = 2.6
_NOTE: Final = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：?？'\"]+$")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT: Final = re.compile(r"[\s_\-./,&+|#\\]+|(?<=[a-z])(?=\d)|(?<=[㐀-鿿])(?=[A-Za-z])|(?<=[A-Za-z0-9])(?=[㐀-鿿])")
_NUMBER: Final = re.compile(r"\d+$|[一二三四]$")
_LEADS: Final = ("tbl", "t", "f", "c", "fld", "col", "kh", "hy", "yh", "my", "the", "is", "has")
_WHOSE: Final = ("customer", "client", "member", "user", "contact", "employee", "billing", "shipping", "home", "work",
                 "primary", "secondary", "person", "personal", "patient", "student", "guest", "buyer", "receiver", "owner", "emergency",
                 "other", "my", "mobile", "office", "business", "mailing", "shipto", "billto")  # fmt: skip
# Endings that name no more than a number: a word for a document before them says which (社保账号, 驾驶证档案编号).
_IDENTIFIERS: Final = frozenset(("账号", "帐号", "编号", "编码", "号码", "卡号", "代码", "id", "no", "number", "code"))
_STRICT: Final = ("id.", "finance.", "vehicle.")
_NUMBERED: Final = re.compile(
    r"(customer|client|member|patient|subscriber|guest|passenger|shopper|buyer|客户|会员|用户|顾客|学员|患者|买家).*"
    r"(id|key|no|number|code|编号|编码|代码|号)$"
)
_SPEAKS_NOT: Final = re.compile(
    r"^(字段|列|column|col|field|unnamed|未命名|数据|attr|attribute|var|ext|extra|扩展|扩展字段|备用|备用字段|预留|自定义|自定义字段)"
    r"[\s_:]*[0-9a-z]{0,3}$|^[a-z]$|^[a-z]_?\d+$"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One reading of a header: class, weight, and the words it rests on."""

    cls: str
    weight: float
    words: str


def tokens(header: str) -> list[str]:
    """Lower-case, half-width tokens without accents, notes in brackets or numbers at the end; expanded."""
    text = _NOTE.sub("", unicodedata.normalize("NFKC", header).strip()) or header
    parts = [fold_header(part) for piece in _SPLIT.split(text) for part in _CAMEL.split(piece) if part]
    kept = [part for part in parts if part and not part.isdigit()] or parts
    short = read("headers.toml")["token"]
    return [short.get(part, part) for part in kept]


def fold_header(text: str) -> str:
    """Lower case, half width, no accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).lower().replace("ß", "ss")
    bare = "".join(one for one in plain if not unicodedata.combining(one) or one in "\u3099\u309a")
    return unicodedata.normalize("NFC", bare)


def normal(header: str) -> str:
    """All tokens in one word."""
    return "".join(tokens(header))


def judge(header: str) -> list[Said]:
    """Readings of the header, the surest first; empty when it says nothing."""
    if _SPEAKS_NOT.match(fold_header(header).strip()):
        return []
    words = tokens(header)
    whole = "".join(words)
    head, exact, inside = _lexicon()
    for text in (whole, _NUMBER.sub("", whole)):
        if text in head:
            return [Said(head[text], WHOLE, text)]
        if text in exact:
            return [Said(exact[text], EXACT, text)]
    found = _ending(words, whole, head, exact)
    if _NUMBERED.search(whole) and (not found or found[0].cls == "record.key"):
        return [Said("account.customer_id", 4.4, whole)]
    vague = bool(found) and found[0].words in _IDENTIFIERS
    for word, cls in inside:
        if word in whole and (not found or found[0].weight < INSIDE or (vague and cls.startswith(_STRICT))):
            found = [Said(cls, INSIDE + vague, word)] if vague else [*found, Said(cls, INSIDE, word)]
            break
    if not found and whole[-1:] in _tails() and len(whole) > 1:
        found.append(Said(_tails()[whole[-1]], INSIDE, whole[-1]))
    return sorted(found, key=lambda one: -one.weight)


def _ending(words: list[str], whole: str, head: dict[str, str], exact: dict[str, str]) -> list[Said]:
    han = not whole.isascii()
    starts = _starts(words)
    for place in range(1, len(whole)):
        rest = _NUMBER.sub("", whole[place:]) or whole[place:]
        boundary = place in starts or (han and len(rest) >= 2)
        if rest in head and (boundary or len(rest) >= 5):
            covered = len(rest) / len(whole)
            return [Said(head[rest], (3.0 if boundary else 2.2) + 2.2 * covered, rest)]
        if rest in exact and place in starts and whole[:place].removesuffix("s") in (*_LEADS, *_WHOSE):
            return [Said(exact[rest], 3.0, rest)]
        if rest in exact and whole[:place] in _LEADS:
            return [Said(exact[rest], 2.6, rest)]
    return []


def _starts(words: list[str]) -> set[int]:
    places, total = set(), 0
    for word in words:
        places.add(total)
        total += len(word)
    return places


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, str], list[tuple[str, str]]]:
    value = read("headers.toml")
    head = {_key(word): cls for cls, words in value["head"].items() for word in words.split()}
    exact = {_key(word): cls for cls, words in value["exact"].items() for word in words.split()}
    inside = [(_key(word), cls) for cls, words in value["inside"].items() for word in words.split()]
    for word, cls in list(head.items()):  # headers lose a number at their end (`last4`), so these words may too
        if len(bare := word.rstrip("0123456789")) >= 6:
            head.setdefault(bare, cls)
    return head, exact, sorted(inside, key=lambda pair: -len(pair[0]))


def _key(word: str) -> str:
    return fold_header(word).replace("_", "").replace("-", "")


@cache
def _tails() -> dict[str, str]:
    return {word: cls for cls, words in read("headers.toml")["tail"].items() for word in words.split()}
