"""Which encoding a text file is in (spec/sources.md §2): candidates compared by plausibility, never a guess on a few bytes.

The file is read once, in blocks: for its hash, for whether it is UTF-8, and for lines with non-ASCII bytes to judge.
If two readings remain that both look right, both are given back, and a person must say which.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from custody.adapters.sources.plausible import line_score, score
from custody.base.errors import Malformed

CANDIDATES: Final = ("utf-8", "gb18030", "big5", "cp1252", "shift_jis", "euc_kr")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RARER: Final = {"shift_jis": 0.1, "euc_kr": 0.1}  # met less often where custody is used
_BLOCK: Final = 1 << 22
_SAMPLE: Final = 64_000
_MARGIN: Final = 0.2
_FLOOR: Final = 0.2
_ODD: Final = re.compile(rb"[\x80-\xff]")
_FOREIGN: Final = {"utf-8": 0.4, "gb18030": 0.9, "cp1252": 0.9}  # what is valid UTF-8 is so by accident rarely


@dataclass(slots=True)
class Survey:
    """What one pass over the bytes tells."""

    size: int = 0
    sha256: str = ""
    head: bytes = b""
    utf8: bool = True
    ascii: bool = True
    odd: list[bytes] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        """Whether nothing is written in the file."""
        return not self.size or (
            self.size <= len(self.head) and not self.head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe")
        )


def survey(path: Path) -> Survey:
    """Read the whole file once."""
    found, digest, decoder = Survey(), hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    sampled = 0
    for block in blocks(path):
        digest.update(block)
        found.head = found.head or block
        found.size += len(block)
        if block.isascii():
            continue
        found.ascii = False
        found.utf8 = found.utf8 and _fits(decoder, block)
        if sampled < _SAMPLE:
            fresh = list(_some(block, _SAMPLE - sampled))
            found.odd += fresh
            sampled += sum(map(len, fresh))
    found.utf8 = found.utf8 and _fits(decoder, b"", final=True)
    found.sha256 = digest.hexdigest()
    return found


def blocks(path: Path, size: int = _BLOCK) -> Iterator[bytes]:
    """The file in blocks that end with a line end wherever lines are of ordinary length."""
    with path.open("rb") as source:
        while block := source.read(size):
            yield block + source.readline(size)


def choose(found: Survey) -> tuple[str, ...]:
    """The encodings that remain plausible, best first; one means decided."""
    for mark, name in _BOMS:
        if found.head.startswith(mark):
            return (name,)
    if wide := _wide(found.head[:65_536]):
        return (wide,)
    ranked = rank(found.odd) if not found.utf8 or _accidental(found) else []
    if found.utf8:
        return ("utf-8", "gb18030") if any(value > 0.5 for value, name in ranked if name == "gb18030") else ("utf-8",)
    best = ranked[0][0]
    near = [name for value, name in ranked[:2] if value >= best - _MARGIN or best < _FLOOR]
    return tuple(near)


def decided(found: Survey, file: str) -> str:
    """The one encoding. Raises Malformed `encoding.ambiguous` where two may be right."""
    names = choose(found)
    if len(names) > 1:
        raise Malformed(
            "encoding.ambiguous",
            f"The file reads as {' and as '.join(names)}; both may be right.",
            next=f"Say which: --encoding {file}={names[0]}",
            where={"file": file, "candidates": ",".join(names)},
        )
    return names[0]


def detect(data: bytes) -> tuple[str, ...]:
    """The same for bytes at hand."""
    found = Survey(size=len(data), head=data, ascii=data.isascii(), odd=list(_some(data, _SAMPLE)))
    found.utf8 = _fits(codecs.getincrementaldecoder("utf-8")(), data, final=True)
    return choose(found)


def texts(data: bytes) -> dict[str, str]:
    """{encoding: text} of each plausible reading, strictly, without its mark."""
    found: dict[str, str] = {}
    for name in detect(data):
        with suppress(UnicodeDecodeError):
            found[name] = data.decode(name).removeprefix("\ufeff")
    return found


def rank(odd: list[bytes]) -> list[tuple[float, str]]:
    """(plausibility, encoding), best first: how much it looks like writing, and how many of the lines it reads at all."""
    ranked = []
    for name in CANDIDATES:
        value, share = score(odd, name)
        # That bytes above 127 form valid UTF-8 by accident is so rare that reading them is enough.
        value = 1.0 if name == "utf-8" else value - _RARER.get(name, 0.0)
        ranked.append((value * share * share, name))
    return sorted(ranked, key=lambda one: (-one[0], CANDIDATES.index(one[1])))


def foreign(line: bytes, name: str) -> str:
    """The other encoding that one line of a file in `name` is plainly written in, or ''."""
    own = line_score(line, name)
    if own is None:
        return ""
    for other, margin in _FOREIGN.items():
        theirs = line_score(line, other) if other != name else None
        if theirs is not None and theirs >= 0.4 and theirs > own + margin:
            return other
    return ""


def _accidental(found: Survey) -> bool:
    """Whether so few bytes, all in pairs, make valid UTF-8 that a word of GB18030 may have done so by accident."""
    few = b"".join(found.odd)
    if len(few) > 200 or found.ascii:
        return False
    pairs = [one for one in few.decode("utf-8") if not one.isascii()]
    return len(pairs) <= 8 and all(0x250 <= ord(one) < 0x800 for one in pairs)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: nearly every unit is ASCII or Han, and some are ASCII, which leaves a zero byte."""
    if len(head) < 4 or 0 not in head:
        return ""
    even, odd = head[0::2], head[1::2]
    little, big = _units(even, odd), _units(odd, even)
    return "utf-16-le" if little > big else "utf-16-be" if big > little else ""


def _units(low: bytes, high: bytes) -> float:
    """Share of the units that can stand in a table, if that is nearly all of them and a twentieth is ASCII; else 0."""
    plain = sum(
        1
        for one, other in zip(low, high, strict=False)
        if other == 0 and (one in b"\t\r\n" or 32 <= one < 127 or one >= 0xA0)
    )
    han = sum(1 for other in high if 0x4E <= other <= 0x9F or other in {0x30, 0xFF})
    total = len(high)
    return (plain + han) / total if plain * 20 >= total and (plain + han) * 20 >= total * 19 else 0.0


def _some(block: bytes, room: int) -> Iterator[bytes]:
    """Lines that hold a byte above 127, until there is no more room."""
    end = 0
    while room > 0 and (match := _ODD.search(block, end)):
        start = block.rfind(b"\n", 0, match.start()) + 1
        end = block.find(b"\n", match.end())
        end = len(block) if end < 0 else end
        room -= end - start
        yield block[start:end]


def _fits(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True
