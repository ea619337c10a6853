"""How much one form may bring: its view says so, and it is asked before anything of the body is read (decision 0105).

A table of customers may be gigabytes and is streamed to the disk; a paper, a picture, a list of answers has a limit of its kind; a form without a
file has that of a form. What the disk has no room for is refused in the same words as what is too large, and never half kept.
"""

import errno
import shutil
from collections.abc import Callable
from typing import Final, TypeVar, cast

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from custody.base.errors import CustodyError, Malformed, Unavailable
from custody.web.bodies import announced

KB: Final = 2**10
MB: Final = 2**20
GB: Final = 2**30
FORM: Final = 2 * MB
"""A form without a file, whatever is typed into it."""
PAPER: Final = 33 * MB
"""A paper or a picture of 32 MB, and what is typed beside it."""
STATEMENT: Final = MB
"""A signed statement, a card, a text of rules: a quarter of a megabyte, and what is beside it."""
LISTS: Final = 258 * MB
TABLES: Final = 2 * GB + 2 * MB
PACKAGE: Final = 20 * GB + 2 * MB
KINDS: Final = {
    "paper": PAPER,
    "statement": STATEMENT,
    "receipt": 5 * MB,
    "answers": LISTS,
    "tables": TABLES,
    "package": PACKAGE,
    "papers": 20 * PAPER,
    "checks": 8 * PAPER,
}
"""What a field for files says of itself, so that a browser tells before anything is sent."""
_SPARE: Final = 64 * MB
"""What is left free beside an upload: the store and the ledger go on being written."""
_DRAINED: Final = 64 * MB
_PIECE: Final = 64 * KB
FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT))
_Broken = "upload_fault"
_View = TypeVar("_View", bound=Callable[..., object])


def brings(most: int) -> Callable[[_View], _View]:
    """The most that a form may send to this view, all its files together. Outermost of its decorators, beside `takes`."""

    def kept(view: _View) -> _View:
        view.__dict__["brings"] = most
        return view

    return kept


def most_of(view: Callable[..., object]) -> int:
    """What may be sent to a view."""
    return cast("int", view.__dict__.get("brings", FORM))


def told(size: int) -> str:
    """A size as people say it."""
    return next(f"{size // unit} {name}" for unit, name in ((GB, "GB"), (MB, "MB"), (1, "B")) if size >= unit)


def refusal(request: HttpRequest) -> CustodyError | None:
    """Why this body is not read, by the length that it announces; None where it is."""
    size = announced(request)
    if size <= FORM:
        return None
    try:
        most = most_of(resolve(request.path_info).func)
    except Resolver404:
        most = FORM
    if size > most:
        return Malformed("console.too-large", "This is more than this form takes at once.", where={"most": told(most)}, next="Choose a smaller file, or send several one after the other.")  # fmt: skip
    return no_room() if shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free < size + _SPARE else None


def no_room() -> CustodyError:
    """What is said where the disk is full."""
    return Unavailable("console.no-room", "There is no room left for this on the server's disk: nothing of it was kept.", next="Ask whoever runs the server to make room, then send it again.")  # fmt: skip


def drained(request: HttpRequest) -> None:
    """Read away some of what is refused, and keep nothing: a browser that still sends would not see the answer."""
    left = min(announced(request), _DRAINED)
    while left > 0 and (piece := request.META["wsgi.input"].read(min(left, _PIECE))):
        left -= len(piece)


def broken(request: HttpRequest) -> CustodyError | None:
    """Whether the disk filled up while the files of this request were written."""
    return cast("CustodyError | None", getattr(request, _Broken, None))


class ToDisk(TemporaryFileUploadHandler):
    """Files go to the disk as they come. Where it is full, the rest is not read, and the request says why."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin one."""
        self._kept(lambda: super(ToDisk, self).new_file(*args, **kwargs))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Go on with it."""
        self._kept(lambda: super(ToDisk, self).receive_data_chunk(raw_data, start))

    def _kept(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:
            if error.errno not in FULL:
                raise
            if (file := getattr(self, "file", None)) is not None:
                file.close()  # and gone with it
            setattr(self.request, _Broken, no_room())
            raise StopUpload(connection_reset=True) from error
