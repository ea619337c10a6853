"""How failure is told: the envelope for machines, a sentence and a next step for people, an exit code for both."""

import errno
import os
import sys
import traceback
from pathlib import Path
from typing import Final

from custody import wiring
from custody.base.errors import CustodyError, Unavailable
from custody.base.speech import spoken
from custody.cli.output import print_json, say
from custody.cli.words import Words

_NEXT = Words("下一步：", "Next: ")
_FAULT = Words("custody 内部出错，未写入任何内容。", "custody met a fault of its own; nothing was acknowledged.")

_LOGGED = Words("出错的位置（不含任何数据）记在：", "Where it happened, without any data, is noted in: ")


_HOST: Final = frozenset((
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.EISDIR, errno.ENOENT,
    errno.ENAMETOOLONG, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EFBIG, errno.ELOOP,
))  # fmt: skip
"""What a disk, its rights or its limits answer: the host's affair, not a fault of ours."""


def report(error: CustodyError, *, as_json: bool, lang: str) -> int:
    """Tell a known fault; returns its exit code."""
    told = spoken(error, lang)
    if as_json:
        print_json({"error": {**error.envelope(), "message": told.says, "next": told.next}})
    place = ", ".join(f"{key} {value}" for key, value in error.where.items() if value is not None)
    say(told.says + (f" ({place})" if place else "") + f" [{error.slug}]")
    if lang == "zh" and told.says != error.message:
        say(error.message)
    if told.next:
        say(_NEXT.of(lang) + told.next)
    return error.exit_code


def unexpected(error: Exception, *, as_json: bool, lang: str, home: Path | None = None) -> int:
    """Tell and log an unknown fault: where in the code it happened, never a value (a message could hold one)."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, OSError) and error.errno in _HOST:
        wiring.note_fault(home, type(error).__name__, places)
        return report(_host(error), as_json=as_json, lang=lang)
    if as_json:
        fault = CustodyError("custody.fault", _FAULT.of(lang), where={"kind": type(error).__name__})
        print_json({"error": fault.envelope()})
    say(_FAULT.of(lang) + f" [{type(error).__name__}]")
    log = wiring.note_fault(home, type(error).__name__, places)
    if log is None:
        sys.stderr.write("".join(f"  {place}\n" for place in places))
    else:
        say(_LOGGED.of(lang) + str(log))
    return 4


def _host(error: OSError) -> Unavailable:
    """The host's refusal as a known error. Its own word for the reason, never a path or a value."""
    return Unavailable(
        "host.files", "The host did not let custody read or write a file; nothing was acknowledged.",
        where={"reason": os.strerror(error.errno or 0)},
        next="Look at the folder's place, its rights and the free space, then run it again.",
    )  # fmt: skip
