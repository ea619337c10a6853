"""What a request is about to send, and what no text may hold: looked at before any view reads it."""

from typing import Final

from django.http import HttpRequest

NUL: Final = "\x00"
"""The one character that no text has: PostgreSQL keeps none, in no column, and SQLite cuts what is compared there."""


def announced(request: HttpRequest) -> int:
    """The bytes that it says, before anything reads them, because the files of a body lie on the disk by then; 0 where it says none, and then nothing of it is read."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isdecimal() else 0


def holds_nul(request: HttpRequest) -> bool:
    """Whether a name or a value of its query or its form holds a NUL. Files are not looked into: whoever reads one sees to that."""
    forms = (request.GET, request.POST) if request.method == "POST" else (request.GET,)
    return any(NUL in one for form in forms for name, values in form.lists() for one in (name, *values))
