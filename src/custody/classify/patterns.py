"""What values look like: patterns and check digits counted over every cell of a column (spec/datamap.md §4).

A pattern states the character classes it needs and allows and its length; only cells that pass meet its expression.
A wrong check digit is counted apart and never blinds the pattern: real tables hold test and masked values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.classify.cells import (
    ALNUM,
    AT,
    COLON,
    DASH,
    DIGIT,
    DOT,
    HAN,
    LETTER,
    LOWER,
    PAREN,
    PLUS,
    SIGN,
    SLASH,
    SPACE,
    STAR,
    UPPER,
    Bools,
    Cells,
)  # fmt: skip
from custody.classify.checks import CHECKS

_ANY: Final = 0xFFFF
PLATES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"


@dataclass(frozen=True, slots=True)
class Whole:
    """What all cells of a batch together hold: a pattern that this excludes is not tried on any of them."""

    mask: int
    shortest: int
    longest: int
    digits: int

    @classmethod
    def of(cls, found: Cells) -> Self:
        """The summary of a batch that is not empty."""
        mask = int(np.bitwise_or.reduce(found.mask))
        return cls(mask, int(found.length.min()), int(found.length.max()), int(found.digits.max()))


@dataclass(frozen=True, slots=True)
class Pattern:
    """`needs`: classes a cell must hold, all; `some`: one of these; `allows`: those it may hold; lengths in code points."""

    name: str
    expression: str = ""
    needs: int = 0
    allows: int = _ANY
    shortest: int = 1
    longest: int = 10_000
    digits: int = 0
    check: str = ""
    strip: str = ""
    some: int = 0

    def possible(self, whole: "Whole") -> bool:
        """Whether any cell of the batch can match."""
        return (
            whole.mask & self.needs == self.needs
            and (not self.some or bool(whole.mask & self.some))
            and whole.longest >= self.shortest
            and whole.shortest <= self.longest
            and whole.digits >= self.digits
        )

    def candidates(self, found: Cells) -> Bools:
        """Cells that may match."""
        open_cells: Bools = (
            (found.mask & self.needs == self.needs)
            & (found.mask & np.uint16(_ANY ^ self.allows) == 0)
            & (found.length >= self.shortest)
            & (found.length <= self.longest)
            & (found.digits >= self.digits)
        )
        if self.some:
            open_cells &= found.mask & np.uint16(self.some) != 0
        return open_cells


def _p(name: str, expression: str, needs: int, allows: int, shortest: int, longest: int, digits: int = 0,
       check: str = "", strip: str = "", some: int = 0) -> Pattern:  # fmt: skip
    return Pattern(name, expression, needs, allows, shortest, longest, digits, check, strip, some)


_SEP: Final = SPACE | DASH
_NUM: Final = DIGIT | DOT | DASH | PLUS | SIGN | SPACE
PATTERNS: Final = (
    _p("email", r"^[^\s@,;]+(@|\(at\))[^\s@,;]+\.[A-Za-z]{2,}$", AT | DOT, _ANY, 5, 254),
    _p("some_digit", "", DIGIT, _ANY, 1, 10_000),
    _p("digits", "", DIGIT, DIGIT, 1, 60),
    _p("number", r"^[-+]?[¥$€£]?\s?[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?\s?%?$|^[-+]?\.\d+$", DIGIT, _NUM | LETTER, 1, 24,
       some=_NUM & ~DIGIT | LETTER),
    _p("decimal", r"^[-+]?[¥$€£]?\s?[-+]?[\d,]+[.]\d{1,4}$", DIGIT | DOT, _NUM | LETTER, 3, 24),
    _p("degrees", r"^-?\d{1,3}\.\d{4,}$", DIGIT | DOT, DIGIT | DOT | DASH, 6, 24),
    _p("position", r"^[(\[]?-?\d{1,3}\.\d{3,}\s*[,，;]\s*-?\d{1,3}\.\d{3,}[)\]]?$|^E6100000010C[0-9A-F]{32}$|^POINT",
       DIGIT, DIGIT | DOT | _SEP | SIGN | PAREN | UPPER, 9, 60, 6, some=DOT | UPPER),
    _p("year", r"^(19|20)\d\d$", DIGIT, DIGIT, 4, 4),
    _p("cn_mobile", r"^(\(?\+?86\)?[- ]?|0086[- ]?)?1[3-9]\d[- ]?[\d*]{4}[- ]?[\d*]{4}$", DIGIT,
       DIGIT | _SEP | PLUS | STAR | PAREN, 11, 20, 5),
    _p("cn_landline", r"^(\+?86[- ]?)?\(?0\d{2,3}\)?[- ]?[2-9][\d*]{6,7}([-转 ]\d{1,6})?$", DIGIT,
       DIGIT | _SEP | PLUS | PAREN | STAR | HAN, 10, 24, 9),
    _p("phone_digits", "", DIGIT, DIGIT, 7, 24),
    _p("phone", r"^(\(?\+|00)?[(]?[\d*][\d*x ().\-/]{5,22}[\d*](\s*(x|ext\.?|#|转)\s*\d{1,6})?$", DIGIT,
       DIGIT | _SEP | DOT | PAREN | PLUS | SLASH | STAR | LOWER | SIGN | HAN, 7, 32, 5,
       some=_SEP | DOT | PAREN | PLUS | SLASH | STAR),
    _p("phone_shape", r"^(\+\d|00\d|\(\d)|^\d{2,4}[-. ]\d{3,4}[-. ]\d{3,5}|^\d{3,5}-\d{6,8}$|^0\d{1,4} \d{5,8}$|"
       r"^\d{3}-\d{4}$|x\d{2,5}$|^\d{0,3} ?\(\d{1,5}\) ?\d|^\d{2}([ .]\d{2}){4}$", DIGIT, DIGIT | _SEP | DOT | PAREN | PLUS | SLASH | STAR | LOWER | SIGN | HAN, 7, 32, 6,
       some=_SEP | DOT | PAREN | PLUS | LOWER),
    _p("masked", r"\*{2,}", STAR, _ANY, 3, 64),
    _p("cn_id", r"^[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]$", DIGIT,
       DIGIT | UPPER | LOWER, 18, 18, 17, "resident"),
    _p("cn_id15", r"^[1-8]\d{5}[2-9]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}$", DIGIT, DIGIT, 15, 15),
    _p("cn_id_masked", r"^[1-9]\d{2,5}\*{6,14}[\d*]{0,4}[\dXx]$", DIGIT | STAR, DIGIT | STAR | UPPER | LOWER, 15, 18),
    _p("uscc", r"^[1-9ANY][1-9]\d{6}[0-9A-HJ-NP-RTUWXY]{10}$", DIGIT, DIGIT | UPPER, 18, 18, 7, "uscc"),
    _p("card", r"^[2-69]\d{3}([ -]?\d{4}){2}[ -]?\d{1,4}([ -]?\d{1,3})?$|^3\d{3}[ -]?\d{6}[ -]?\d{4,5}$", DIGIT,
       DIGIT | _SEP, 13, 23, 13, "luhn", " -"),
    _p("card_masked", r"^\d{4,6}[ -]?[\d*xX -]{4,12}[ -]?\d{3,4}$", DIGIT | STAR, DIGIT | STAR | _SEP, 12, 23, 8),
    _p("iban", r"^[A-Z]{2}\d{2}( ?[A-Z0-9]{1,4}){3,8}$", DIGIT | UPPER, DIGIT | UPPER | SPACE, 15, 42, 6, "iban", " "),
    _p("date", r"^((19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](19|20)?\d{2})", DIGIT,
       DIGIT | DASH | SLASH | DOT | COLON | SPACE | HAN | UPPER | LOWER | PLUS, 6, 32, 4, some=DASH | SLASH | DOT | HAN),
    _p("date_words", rf"(?i)^(\d{{1,2}}[- ]({_MONTHS})[a-z]*\.?[-, ]+\d{{2,4}}|({_MONTHS})[a-z]*\.? \d{{1,2}},? \d{{4}})",
       DIGIT, ALNUM | SPACE | DASH | DOT | COLON | SIGN, 8, 40, 3, some=UPPER | LOWER),
    _p("date_era", r"^(明治|大正|昭和|平成|令和|民國|民国|[MTSHR])\s?(\d{1,3}|元)[年./-]\s?\d{1,2}[月./-]\s?\d{1,2}日?$", DIGIT,
       DIGIT | UPPER | HAN | DOT | SLASH | DASH | SPACE, 6, 14, 3, some=UPPER | HAN),
    _p("date_compact", r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$", DIGIT, DIGIT, 8, 8),
    _p("month_only", r"^((19|20)\d{2}[-/年.]\s?\d{1,2}月?|(19|20)\d{2}(0[1-9]|1[0-2]))$", DIGIT, _ANY, 6, 9, 5),
    _p("month_day", r"^\d{1,2}[-/.月]\d{1,2}日?$", DIGIT, DIGIT | DASH | SLASH | DOT | HAN, 3, 6, 2),
    _p("clock", r"\d{1,2}:\d{2}", DIGIT | COLON, _ANY, 4, 40, 3),
    _p("epoch", r"^1[0-9]{9}(\d{3})?$", DIGIT, DIGIT, 10, 13),
    _p("ip", r"^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d|\*{1,3})$", DIGIT | DOT, DIGIT | DOT | STAR, 7, 15),
    _p("ip6", r"^([0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}$", COLON, DIGIT | UPPER | LOWER | COLON, 5, 39),
    _p("mac", r"^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$", 0, ALNUM | COLON | DASH, 17, 17),
    _p("url", r"^(https?://|www\.)\S+$", DOT, _ANY, 8, 2000),
    _p("image", r"(?i)\.(jpe?g|png|gif|webp|bmp)(\?|$)|^data:image", DOT, _ANY, 5, 4000),
    _p("uuid", r"^\{?[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?$", DASH, ALNUM | DASH | SIGN, 36, 38),
    _p("digest", r"^\$2[abxy]?\$.{50,}$|^\$argon2|^pbkdf2_|^[0-9a-fA-F]{32}$|^[0-9a-fA-F]{40}$|^[0-9a-fA-F]{64}$", DIGIT,
       _ANY, 32, 200, 4),
    _p("ssn", r"^[\d*]{3}-[\d*]{2}-\d{4}$", DIGIT | DASH, DIGIT | DASH | STAR, 11, 11),
    _p("passport_cn", r"^(E[A-HJ-NP-Z]?\d{7,8}|[GDSP]\d{8}|[GDSP]E\d{7}|1[45]\d{7})$", DIGIT, DIGIT | UPPER, 9, 9),
    _p("permit", r"^[HMCW]\d{8}(\d{2})?$", DIGIT | UPPER, DIGIT | UPPER, 9, 11),
    _p("plate", rf"^[{PLATES}][A-Z][·. -]?[A-Z0-9]{{4,6}}[学警挂]?$", HAN | UPPER, _ANY, 7, 10),
    _p("vin", r"^[A-HJ-NPR-Z0-9]{17}$", DIGIT | UPPER, DIGIT | UPPER, 17, 17, 5, "vin"),
    _p("imei", r"^\d{15}$", DIGIT, DIGIT, 15, 15, 15, "luhn"),
    _p("tracking", r"^(SF|YT|JD[A-Z]{0,3}|ZT|STO|YD|EMS|DPK|JT|1Z)[A-Z0-9]{10,18}$|^(7[0-9]|43|46|88)\d{11,13}$", DIGIT,
       DIGIT | UPPER, 12, 20, 8),
    _p("zip", r"^\d{5,6}(-\d{4})?$|^[A-Z]\d[A-Z] ?\d[A-Z]\d$|^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$|^\d{5}-\d{3}$|^\d{4} ?[A-Z]{2}$",
       DIGIT, DIGIT | UPPER | _SEP, 4, 10),
    _p("zip_letters", r"^[A-Z]\d[A-Z] ?\d[A-Z]\d$|^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$|^\d{4} [A-Z]{2}$", DIGIT | UPPER,
       DIGIT | UPPER | SPACE, 5, 8),
    _p("openid", r"^o[A-Za-z0-9_-]{27}$", LOWER, ALNUM | DASH | SIGN, 28, 28),
    _p("agent", r"Mozilla/|AppleWebKit|MicroMessenger|okhttp", SLASH, _ANY, 6, 4000),
    _p("json", r"^[\[{].*[\]}]$", SIGN, _ANY, 2, 100_000),
    _p("code_number", r"^[A-Za-z]{1,6}[-_]?\d{3,}[A-Za-z0-9-]*$", DIGIT, ALNUM | DASH | SIGN, 4, 32, 3,
       some=UPPER | LOWER),
)  # fmt: skip
# Words rather than signs: tried on the sample of distinct values only (profile.py).
WORDY: Final = (
    _p("han", "", HAN, _ANY, 1, 10_000),
    _p("han_only", r"^[\x{3400}-\x{9fff}·•]+$", HAN, HAN | LETTER | SIGN, 1, 40),
    _p("han_name", r"^[\x{3400}-\x{9fff}·]{2,4}$|^[\x{3400}-\x{9fff}][*＊某]{1,3}[\x{3400}-\x{9fff}]?$", HAN,
       HAN | STAR | LETTER, 2, 4),
    _p("kana", r"[\x{3041}-\x{30fe}\x{ac00}-\x{d7a3}]", 0, _ANY, 1, 200),
    _p("han_address", r"(省|市|区|县|州|镇|乡|旗).*(路|街|巷|道|村|号|弄|小区|大厦|室|楼|栋|座|花园|广场|苑|组|里|段|城)|"
       r"(路|街|道|弄|巷)\s*\d+\s*(号|弄)|\d+\s*(栋|幢|号楼|单元|室)", HAN, _ANY, 4, 200),
    _p("han_place", r"^[\x{4e00}-\x{9fff}]{2,10}(省|市|区|县|州|盟|旗|镇|乡)([\x{4e00}-\x{9fff} /-]{0,20}(市|区|县|旗|镇|乡))?$", HAN,
       HAN | SPACE | DASH | SLASH, 2, 30),
    _p("han_org", r"(公司|集团|医院|学校|大学|学院|中学|小学|银行|商行|中心|厂|店|部|局|委员会|事务所|合作社|工作室|研究院|科技)$", HAN, _ANY, 3, 80),
    _p("street", r"(?i)\b(st|street|rd|road|ave|avenue|blvd|blv|boulevard|drive|dr|lane|ln|way|court|ct|circle|place|pl|"
       r"square|parkway|terrace|highway|hwy|trail|loop|plaza|close|row|gardens|rue|via|viale|piazza|calle|carrera|plaza|"
       r"paseo|rua|av|avda|praca|quai|chemin|allee|ul|strada|apt|suite|unit|box)\b\.?|stra(ß|ss)e|str\.|weg\b|gasse|platz|"
       r"gata|gatan|vagen|veien|katu|straat|laan|丁目|番地", 0, _ANY, 5, 200),
    _p("house", r"^(#\s?)?\d+[A-Za-z]?[ ,]+\S+|[\p{L}.] \d+\S{0,4}$|[, ]\d+[A-Za-z]?\s*,", DIGIT | SPACE, _ANY, 5, 200),
    _p("latin_name", r"^[\p{Lu}][\p{L}'’\-. ]{0,40}$", 0, UPPER | LOWER | SPACE | DOT | DASH | SIGN | LETTER, 2, 40),
    _p("two_words", r"^\S+\s+\S+", SPACE, _ANY, 3, 10_000),
    _p("latin_org", r"(?i)\b(inc|ltd|llc|corp|corporation|company|co|gmbh|ag|s\.?a\.?|s\.?r\.?l|plc|group|holdings|limited|"
       r"pty|bv|sarl|oy|ab|as|kg|bank|stores?|shop|market|university|foundation|software|technologies|solutions)\b\.?$", 0, _ANY, 3, 120),
    _p("handle", r"^[A-Za-z][A-Za-z0-9._\-]{3,30}$", LOWER, ALNUM | DOT | DASH | SIGN, 4, 31),
)  # fmt: skip


def count(found: Cells, patterns: Sequence[Pattern] = PATTERNS) -> dict[str, int]:
    """Cells that match each pattern; `<name>+` counts those whose check digit is right too. Absent means none."""
    counts: dict[str, int] = {}
    if not len(found):
        return counts
    whole = Whole.of(found)
    for pattern in patterns:
        if not pattern.possible(whole):
            continue
        mask = pattern.candidates(found)
        open_cells = int(mask.sum())
        if not open_cells:
            continue
        if not pattern.expression:
            counts[pattern.name] = counts.get(pattern.name, 0) + open_cells
            continue
        text = found.text if open_cells == len(found) else found.text.filter(pa.array(mask))
        hits = pc.match_substring_regex(text, pattern.expression)
        number = pc.sum(hits).as_py() or 0
        if number:
            counts[pattern.name] = number
            if pattern.check:
                counts[pattern.name + "+"] = _right(pattern, text.filter(hits))
    for name, plain in (("number", "digits"), ("phone", "phone_digits")):  # plain digits need no expression
        if plain in counts:
            counts[name] = counts.get(name, 0) + counts[plain]
    return counts


def _right(pattern: Pattern, text: pa.Array) -> int:
    for character in pattern.strip:
        text = pc.replace_substring(text, character, "")
    return int(CHECKS[pattern.check](text).sum())
