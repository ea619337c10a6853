"""How much a request is about to send: looked at before anything reads it, because the files of a body lie on the disk by then."""

from django.http import HttpRequest


def announced(request: HttpRequest) -> int:
    """The bytes that it says; 0 where it says none, and then nothing of it is read."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isdecimal() else 0
