"""A file of what came back, in its messages: one, or a folder as mail programs export it (mbox, RFC 4155; spec/campaigns.md §4).

Each message that is not read is somebody who counts as told: a file that is not read whole is refused, and nothing of it is taken.
"""

import re
from typing import Final

from custody.base.errors import Malformed

MOST: Final = 32 * 2**20
"""What one file may hold, in bytes."""
_MARK: Final = b"From "
_POSTMARK: Final = re.compile(rb"(?m)^From [^\r\n]*\d\d:\d\d[^\r\n]*\d{4}[^\r\n]*\r?\n")
_HEADER: Final = re.compile(rb"[!-9;-~]+[ \t]*:")
_PACKED: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf")


def messages(n: int, data: bytes) -> list[bytes]:
    """Those of the n-th file, one unless it begins as a mailbox does. Raises Malformed `campaign.returned`."""
    if len(data) > MOST or data.startswith(_PACKED):
        raise _unread(n, "is packed, or larger than 32 MB")
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not text.startswith(_MARK):
        return [data]
    marks = list(_POSTMARK.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)] if marks else []
    if not found or marks[0].start() or not all(map(_HEADER.match, found)):
        raise _unread(n, "begins as a mailbox and is not one throughout")
    return found


def _unread(n: int, why: str) -> Malformed:
    return Malformed("campaign.returned", f"File {n} of what came back {why}: nothing was taken in.",
                     next="Give each message as a file of its own (.eml), or the folder as mbox, not packed.")  # fmt: skip
