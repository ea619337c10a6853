"""One batch of one column as bytes: trimmed, without blanks, each cell with its character classes, length and hash.

The byte view makes full counting cheap: a pattern is tried only on cells whose character classes and length allow it,
so most patterns never run at all on most columns. Full-width forms are folded first (NFKC).
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

DIGIT, UPPER, LOWER, SPACE, AT, DOT, DASH, SLASH = (1 << place for place in range(8))
COLON, STAR, PAREN, PLUS, SIGN, HAN, WIDE, LETTER = (1 << place for place in range(8, 16))
ALNUM: Final = DIGIT | UPPER | LOWER
_WORD: Final = 8
_LONG: Final = 4096  # bytes; what a longer cell holds behind them is hashed at once, not word by word

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def _table() -> U16:
    table = np.zeros(256, np.uint16)
    table[:128] = SIGN
    for characters, bit in (
        ("0123456789", DIGIT), ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", UPPER), ("abcdefghijklmnopqrstuvwxyz", LOWER),
        (" \t\r\n", SPACE), ("@", AT), (".", DOT), ("-", DASH), ("/", SLASH), (":", COLON), ("*", STAR), ("()", PAREN),
        ("+", PLUS),
    ):  # fmt: skip
        for character in characters:
            table[ord(character)] = bit
    table[0xC2:] = LETTER  # leading bytes of every script but those below
    table[0xE3:0xEA] = HAN  # U+3000-9FFF: Chinese characters, kana, CJK punctuation
    table[0xEF] = WIDE  # U+F000-FFFF: full-width forms
    return table


_TABLE: Final = _table()
_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_KEEP: Final = np.array([(1 << (8 * size)) - 1 for size in range(8)] + [2**64 - 1], np.uint64)


@dataclass(frozen=True, slots=True)
class Cells:
    """`text[i]` has character classes `mask[i]`, `digits[i]` digits, `length[i]` code points and hash `hashed[i]`."""

    text: pa.Array
    mask: U16
    digits: I64
    length: I64
    hashed: U64

    def __len__(self) -> int:
        return len(self.mask)


def cells(column: pa.Array) -> Cells:
    """The non-blank cells of a text column."""
    text = pc.utf8_trim_whitespace(column.cast(pa.large_string()).drop_null())
    text = text.filter(pc.greater(pc.binary_length(text), 0))
    data, bounds = _bytes(text)
    if len(data) and bool((data == 0xEF).any()):  # full-width forms, rare: fold the batch and look again
        text = pc.utf8_trim_whitespace(pc.utf8_normalize(text, "NFKC"))
        text = text.filter(pc.greater(pc.binary_length(text), 0))
        data, bounds = _bytes(text)
    if not len(text):
        none = np.zeros(0, np.int64)
        return Cells(text, none.astype(np.uint16), none, none, none.astype(np.uint64))
    kinds = _TABLE[data]
    starts = bounds[:-1]
    mask = np.bitwise_or.reduceat(kinds, starts)
    digits = np.add.reduceat((kinds == DIGIT).astype(np.int32), starts).astype(np.int64)
    length = pc.utf8_length(text).to_numpy(zero_copy_only=False).astype(np.int64)
    return Cells(text, mask, digits, length, hashes(data, bounds))


def hashes(data: U8, bounds: I64) -> U64:
    """A 64-bit hash per cell: splitmix over its eight-byte words. Not cryptographic: it only compares and samples."""
    padded = np.zeros(len(data) + _WORD, np.uint8)
    padded[: len(data)] = data
    words = np.lib.stride_tricks.as_strided(padded[:_WORD].view("<u8"), (len(data) + 1,), (1,))
    starts, sizes = bounds[:-1], np.diff(bounds)
    found = sizes.astype(np.uint64) * _MIX[0]
    open_cells = np.arange(len(sizes))
    place = 0
    if len(long := np.flatnonzero(sizes > _LONG)):
        rests = [
            blake2b(data[starts[one] + _LONG : bounds[one + 1]].tobytes(), digest_size=_WORD).digest()
            for one in long.tolist()
        ]
        found[long] = _mixed(found[long] ^ np.frombuffer(b"".join(rests), "<u8"))
    while len(open_cells) and place < _LONG:
        left = sizes[open_cells] - place
        word = words[starts[open_cells] + place] & _KEEP[np.minimum(left, _WORD)]
        found[open_cells] = _mixed(found[open_cells] ^ word)
        place += _WORD
        open_cells = open_cells[left > _WORD]
    return found


def _mixed(value: U64) -> U64:
    value = value + _MIX[0]
    value = (value ^ (value >> np.uint64(30))) * _MIX[1]
    value = (value ^ (value >> np.uint64(27))) * _MIX[2]
    mixed: U64 = value ^ (value >> np.uint64(31))
    return mixed


def _bytes(text: pa.Array) -> tuple[U8, I64]:
    _, offsets, data = text.buffers()
    if not len(text) or data is None:
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    bounds = np.frombuffer(offsets, np.int64, len(text) + 1, text.offset * 8)
    raw = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
    return raw, bounds - bounds[0]
