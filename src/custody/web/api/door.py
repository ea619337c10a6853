"""What every request to the API passes: limits by address, no caching, the desk closed behind it."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from custody.base.errors import CustodyError, Denied, Malformed
from custody.web.api.problems import problem
from custody.web.faultlog import note
from custody.web.portal.limits import Buckets

STRANGERS: Final = Buckets(size=60, per_minute=60)
TOKENS: Final = Buckets(size=600, per_minute=600)
_LOG: Final = logging.getLogger("custody.api")
Next = Callable[[HttpRequest], HttpResponse]


class Door:
    """The first and the last of all."""

    def __init__(self, onward: Next) -> None:
        self._onward = onward

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            request.stack = stack
            answer = self._onward(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """What no operation caught."""
        return failed(request, error)


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """An error of custody is told; a body too large is one; anything else says nothing and notes its place."""
    if isinstance(error, CustodyError):
        return problem(request, error)
    if isinstance(error, RequestDataTooBig):
        return problem(request, Malformed("api.form", "The request is not of its form: it is too large."), 413)
    note(error, _LOG)
    return problem(request, CustodyError("custody.fault", "custody met a fault of its own; nothing was acknowledged."))


def address(request: HttpRequest) -> str:
    """Who asks: the connection's other end, or what the proxy in front of us saw."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return str(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))


def counted(buckets: Buckets, name: str) -> None:
    """One more. Raises Denied `api.busy`."""
    if not buckets.take(name):
        raise Denied("api.busy", "Too many requests.", next="Try again in half a minute.")
