"""What values look like: patterns and check digits over whole columns, vectorised (spec/datamap.md §4).

Shares are per cent of the non-blank cells. Check digits: resident identity number (GB 11643-1999), bank cards (Luhn,
ISO/IEC 7812-1 annex B). A wrong check digit lowers confidence; it does not blind the pattern.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PATTERNS: Final = {
    "email": r"^[^\s@,;]+(@|\(at\))[^\s@,;]+\.[A-Za-z]{2,}$",
    "cn_mobile": r"^(\+?86[- ]?|0086)?1[3-9]\d[- ]?[\d*]{4}[- ]?\d{4}$",
    "phone": r"^(\+|00)?[\d*][\d* ().\-/]{5,20}\d(\s*(x|ext\.?|转)\s*\d{1,6})?$",
    "phone_shape": r"[()+\- .]",
    "cn_id": r"^[1-9]\d{5}[\d*]{8,11}[\dXx]$|^[1-9]\d{14}$",
    "uscc": r"^[0-9ANY][1-9]\d{6}[0-9A-HJ-NP-RTUWXY]{10}$",
    "date": (
        r"^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
        r"([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?Z?$"
    ),
    "ip": r"^(\d{1,3}\.){3}\d{1,3}$",
    "mac": r"^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$",
    "url": r"^https?://\S+$",
    "uuid": r"^\{?[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?$",
    "digits": r"^\d+$",
    "number": r"^[-+]?[\d,]*\.?\d+\s*$",
    "card": r"^(\d[ -]?){13,19}$",
    "iban": r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$",
    "cn_name": r"^[\x{3400}-\x{9fff}·]{2,4}$",
    "han": r"[\x{3400}-\x{9fff}]",
    "cn_address": r"(省|市|区|县|镇|乡).*(路|街|巷|道|村|号|弄|小区|大厦|室)|(路|街|道|弄)\s*\d+\s*号",
    "street": (
        r"(?i)\b(st|street|rd|road|ave|avenue|blvd|blv|drive|dr|lane|ln|way|court|ct|circle|place|pl|square|str|rue|via"
        r"|calle|rua|av)\b\.?|stra(ß|ss)e|gasse|platz"
    ),
    "house": r"(^\d+\s+\S+)|(\s\d+\S{0,3}$)",
    "latin_name": r"^[\p{Lu}][\p{L}'’\-. ]{1,40}$",
    "two_words": r"^\S+\s+\S+",
    "plate": r"^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9·]{5,7}$",
}


@dataclass(slots=True)
class Shape:
    """Counts over every non-blank cell of one column."""

    filled: int = 0
    rows: int = 0
    hits: dict[str, int] = field(default_factory=dict)
    luhn: int = 0
    length: int = 0
    surname: int = 0
    given: int = 0

    def share(self, name: str) -> int:
        """Per cent of the filled cells that match."""
        return 100 * self.hits.get(name, 0) // self.filled if self.filled else 0

    @property
    def mean_length(self) -> float:
        """Mean length of filled cells in characters."""
        return self.length / self.filled if self.filled else 0.0


def measure(shape: Shape, column: pa.Array) -> pa.Array:
    """Add one batch of text to `shape`; returns its trimmed, non-blank cells."""
    text = pc.utf8_trim_whitespace(column.drop_null())
    text = text.filter(pc.greater(pc.utf8_length(text), 0))
    shape.rows += len(column)
    shape.filled += len(text)
    shape.length += pc.sum(pc.utf8_length(text)).as_py() or 0
    if not len(text):
        return text
    for name, pattern in PATTERNS.items():
        hits = pc.sum(pc.match_substring_regex(text, pattern)).as_py() or 0
        shape.hits[name] = shape.hits.get(name, 0) + hits
    if shape.hits.get("card"):
        shape.luhn += luhn_count(text)
    return text


def luhn_count(text: pa.Array) -> int:
    """How many cells are 13-19 digits with a right Luhn digit."""
    cells = pc.replace_substring_regex(text, r"[ -]", "")
    cells = cells.filter(pc.match_substring_regex(cells, r"^\d{13,19}$"))
    if not len(cells):
        return 0
    padded = np.frombuffer("".join(cell.zfill(19) for cell in cells.to_pylist()).encode(), np.uint8)
    digits = padded.reshape(-1, 19).astype(np.int16) - 48
    doubled = digits[:, 17::-2] * 2
    total = digits[:, 18::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return int((total % 10 == 0).sum())
