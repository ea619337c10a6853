"""A recovery share as a sheet of paper that a person can keep, read and type back (spec/vault.md §12)."""

import base64
import hashlib
import re
from typing import Final

from custody.base.errors import Malformed
from custody.vault.shares import Share, parse

_CHECK_BYTES: Final = 4
_GROUP, _LINE = 4, 8
_FORM: Final = re.compile(r"^[^\S\n]*(?:[A-Z2-7]{4}[^\S\n]*){8}$", re.MULTILINE)
LINES: Final = 5


def sheet(share: Share, *, party: str, vault: str, holder: str) -> str:
    """The sheet in both languages. It names the vault and its holder, and nobody's data."""
    return f"""\
custody · 恢复份额 / recovery share

公司 / company      {party}
保险库 / vault      {vault}, g{share.generation}
持有人 / holder     {holder}
份额 / share        {share.x} / {share.n}

任意 {share.k} 份可以打开保险库，少一份都不行。请单独保管，不要拍照，不要放进电脑。
Any {share.k} of these open the vault; one fewer opens nothing. Keep it apart from the others, off every computer.

{lines(share)}
"""


def lines(share: Share) -> str:
    """The 96 bytes and four bytes of their SHA-256 in base32: five lines of eight groups of four."""
    data = share.encode()
    text = base64.b32encode(data + hashlib.sha256(data).digest()[:_CHECK_BYTES]).decode()
    groups = [text[place : place + _GROUP] for place in range(0, len(text), _GROUP)]
    return "\n".join(" ".join(groups[place : place + _LINE]) for place in range(0, len(groups), _LINE))


def read(text: str) -> Share:
    """The share on a sheet, typed or copied. Raises Malformed `shares.sheet` for a slip of the pen."""
    found = _FORM.findall(text.upper())
    if len(found) != LINES:
        raise _slip()
    data = base64.b32decode("".join("".join(found).split()))
    body, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
    if hashlib.sha256(body).digest()[:_CHECK_BYTES] != check:
        raise _slip()
    return parse(body)


def is_line(text: str) -> bool:
    """Whether this is one of the five lines, by its form."""
    return bool(_FORM.fullmatch(text.upper()))


def _slip() -> Malformed:
    return Malformed(
        "shares.sheet",
        "These are not the five lines of a recovery sheet, or a letter is wrong.",
        next="Compare the lines with the sheet, letter by letter.",
    )
