"""Whether a text file may be read by the fast reader: one pass that looks for everything the fast reader would forgive.

The fast reader takes `"a"b` for `ab`, a lone carriage return for a row's end and a zero byte for a letter. A file with
any of these goes to the slow pass, which puts each such row into quarantine; so both passes give the same rows.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from custody.adapters.sources.encoding import blocks, foreign

_QUOTE, _CR, _LF = 0x22, 0x0D, 0x0A
_DOUBLED: Final = re.compile(r"[^\x00-\x7f]{2}")
_SCIENTIFIC: Final = re.compile(rb"\d[Ee]\+[12]?\d")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`clean`: the fast reader gives what is written. `flat`: a row is a line, and no line is blank."""

    clean: bool
    flat: bool


def inspect(path: Path, encoding: str, delimiter: str, *, utf8: bool = False) -> Verdict:
    """Read the whole file once, as it will be read. `utf8`: it is known to be UTF-8 throughout."""
    found = _Inspection(delimiter.encode())
    if utf8 and encoding in {"utf-8", "utf-8-sig"}:
        clean = all(found.take(block) for block in _unmarked(path))
        return Verdict(clean and found.finish(), clean and found.flat)
    try:
        for text in texts(path, encoding):
            if suspicious(text, encoding):
                return Verdict(clean=False, flat=False)
            if not found.take(text.encode()):
                return Verdict(clean=False, flat=False)
    except UnicodeError:
        return Verdict(clean=False, flat=False)
    return Verdict(found.finish(), found.flat)


def _unmarked(path: Path) -> Iterator[bytes]:
    """The file without its mark, which would stand between the first quote and the line's beginning."""
    for place, block in enumerate(blocks(path)):
        yield block if place else block.removeprefix(codecs.BOM_UTF8)


def texts(path: Path, encoding: str) -> Iterator[str]:
    """The file as text. Raises UnicodeError where it is not of the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in blocks(path):
        yield decoder.decode(block)
    yield decoder.decode(b"", True)


def suspicious(text: str, encoding: str) -> bool:
    """Whether some line looks as if it were written in another encoding."""
    return any(foreign(line.encode(encoding), encoding) for line in _odd(text, encoding))


def odd(text: str, encoding: str) -> bool:
    """Whether the text holds what is rare in this encoding and usual in a misreading: worth a closer look."""
    if encoding == "gb18030":
        return _rare(text)
    return encoding == "cp1252" and _DOUBLED.search(text) is not None


def _odd(text: str, encoding: str) -> Iterator[str]:
    return (line for line in text.split("\n") if odd(line, encoding)) if odd(text, encoding) else iter(())


def _rare(text: str) -> bool:
    """Whether it holds a character outside GB2312, where misread bytes fall."""
    if text.isascii():
        return False
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


class _Inspection:
    """Quotes, line ends and zero bytes of UTF-8 text, block after block."""

    def __init__(self, delimiter: bytes) -> None:
        self.flat = True
        self._beside = np.zeros(256, dtype=bool)
        self._beside[[*delimiter, _QUOTE, _CR, _LF]] = True
        self._inside = False  # an odd number of quotes so far
        self._last = _LF
        self._damaged = False
        self._pending = False  # the block before ended with a closing quote
        self._cr_ends: bool | None = None

    def take(self, block: bytes) -> bool:
        """One more block; False when the file is not clean."""
        if not block:
            return True
        data = np.frombuffer(block, dtype=np.uint8)
        if b"\0" in block:
            return False
        # Its sign is rare, and sought far faster than its digits, which are everywhere.
        signed = b"E+" in block or b"e+" in block
        self._damaged = self._damaged or (signed and _SCIENTIFIC.search(block) is not None)
        places = np.flatnonzero(data == _QUOTE)
        good = self._quotes(data, places) and self._ends(block, data, places)
        self._inside ^= bool(len(places) % 2)
        self._last = block[-1]
        return good

    def finish(self) -> bool:
        """Whether it also ended well: no quote is open."""
        # A damaged number is told with its line, which is plain only where a row is a line.
        return not self._inside and (self.flat or not self._damaged)

    def _quotes(self, data: np.ndarray, places: np.ndarray) -> bool:
        if self._pending and not self._beside[data[0]]:
            return False
        self._pending = False
        opening = places[int(self._inside) :: 2]
        closing = places[1 - int(self._inside) :: 2]
        before = np.where(opening > 0, data[opening - 1], self._last)
        if not self._beside[before].all():
            return False
        inner = closing[closing + 1 < len(data)]
        self._pending = len(inner) < len(closing)
        return bool(self._beside[data[inner + 1]].all())

    def _ends(self, block: bytes, data: np.ndarray, places: np.ndarray) -> bool:
        """A lone carriage return ends a row only in a file whose rows all end so."""
        if b"\r" in block:
            crs = np.flatnonzero(data == _CR)
            after = crs[crs + 1 < len(data)] + 1
            lone = int((data[after] != _LF).sum())
            if self._cr_ends is None:
                self._cr_ends = lone > 0 and b"\n" not in block
            if self._cr_ends != bool(lone) or (self._cr_ends and b"\n" in block):
                return False
        elif self._cr_ends is None:
            self._cr_ends = False
        if self.flat:
            self._flatness(data, places)
        return True

    def _flatness(self, data: np.ndarray, places: np.ndarray) -> None:
        ends = np.flatnonzero(data == (_CR if self._cr_ends else _LF))
        inside = (np.searchsorted(places, ends) + int(self._inside)) % 2
        start = np.concatenate(([-1], ends))
        empty = (np.diff(start) == 1) | ((np.diff(start) == 2) & (data[np.maximum(ends - 1, 0)] == _CR))
        self.flat = not inside.any() and not empty.any()
