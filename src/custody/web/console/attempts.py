"""A form that was sent: where it leads, or why it was refused, on the page on which it was filled in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from custody.base.errors import CustodyError
from custody.web.console.middleware import status, told


@dataclass(frozen=True, slots=True)
class Attempt:
    """`answer` is where to go on from here; else the page is shown, with `fault` and `code` if it was refused."""

    answer: HttpResponse | None = None
    fault: dict[str, Any] | None = None
    code: int = 200


def attempt(request: HttpRequest, act: Callable[[], HttpResponse | None]) -> Attempt:
    """Do what the form asks; nothing where the page was only opened."""
    if request.method != "POST":
        return Attempt()
    try:
        return Attempt(act())
    except CustodyError as error:
        return Attempt(None, told(error), status(error))
