"""What every request to the customers' pages passes: limits by address, language by path, errors that explain and disclose nothing."""

import logging
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from custody.base.errors import CustodyError, Denied, Malformed, Missing, Refused, Unavailable
from custody.base.speech import spoken
from custody.services.receipt_check import signed_by
from custody.web.bodies import announced
from custody.web.faultlog import note
from custody.web.portal.limits import Buckets
from custody.web.portal.seat import desk

# Many customers share one address behind a telephone company; whoever guesses meets WRONG long before.
REQUESTS: Final = Buckets(size=300, per_minute=300)
WRONG: Final = Buckets(size=20, per_minute=10)
_STATUS: Final = ((Refused, 409), (Denied, 403), (Malformed, 400), (Missing, 404), (Unavailable, 503))
_FREE: Final = ("/static/", "/health", "/ready")
_LARGEST: Final = 16 * 2**20
"""Bytes of one request, a file in it included."""
_BUSY: Final = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>429</title><main><h1>请求太多 Too many requests</h1><p>请半分钟后再试。Please try again in half a minute.</p></main></html>"
)
_COMMAND: Final = re.compile(r"(^|\s)(custody [a-z]|--[a-z])")
_LOG: Final = logging.getLogger("custody.portal")
Next = Callable[[HttpRequest], HttpResponse]


def address(request: HttpRequest) -> str:
    """Who asks: the connection's other end, or what the proxy in front of us saw."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return str(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))


class Limited:
    """The first of all: an address that asks too much costs nothing more."""

    def __init__(self, onward: Next) -> None:
        self._onward = onward

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if announced(request) > _LARGEST:
            return HttpResponse(status=413)
        if request.path.startswith(_FREE) or REQUESTS.take(address(request)):
            return self._onward(request)
        return HttpResponse(_BUSY, status=429, headers={"Retry-After": "30", "Cache-Control": "no-store"})


class Door:
    """The last before the views."""

    def __init__(self, onward: Next) -> None:
        self._onward = onward

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The zone is the company's, set by whichever desk the page asks; no later request of this thread inherits it.
        with timezone.override(None), translation.override("en" if _lang(request) == "en" else "zh-hans"):
            answer = self._stop(request) or self._onward(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A link that opens nothing gives one page, whatever was wrong with it; other faults are told in words."""
        if not isinstance(error, CustodyError):
            return None  # what is a fault of ours comes to `broken`, which writes down where it happened
        if error.slug == "portal.link":
            allowed = WRONG.take(address(request))
            return shut(request, "link", 404 if allowed else 429)
        if error.slug == "clock.behind":  # not theirs to set: nothing was noted, and the next press counts
            return shut(request, "broken", 503)
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
        lang = _lang(request)
        said = spoken(error, lang)
        page = {"said": said, "next": _for_them(said.next), "lang": lang, "slug": error.slug}
        return render(request, "fault_page.html", page, status=status)

    def _stop(self, request: HttpRequest) -> HttpResponse | None:
        """A form of another site's is not ours: there is no session to ride on, and a link is not given away by one either."""
        foreign = request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}
        return shut(request, "foreign", 403) if request.method == "POST" and foreign else None


def _for_them(told: str) -> str:
    """What to do next, as a customer may do it: a command of the house's is none."""
    return "" if _COMMAND.search(told) else told


def shut(request: HttpRequest, what: str, status: int) -> HttpResponse:
    """A page that says why there is nothing here."""
    return render(request, "shut.html", {"what": what, "lang": _lang(request), "company": _company()}, status=status)


def _company() -> Mapping[str, Any] | None:
    """Whose page it would have been, and how to reach them: known without any link. None where the home does not open."""
    try:
        with desk() as seat:
            return signed_by(seat)
    except CustodyError:
        return None


def _lang(request: HttpRequest) -> str:
    if request.path.startswith(("/zh/", "/en/")):
        return request.path[1:3]
    wanted = request.headers.get("Accept-Language", "")
    return "en" if wanted.lower().startswith("en") or ("zh" not in wanted.lower() and wanted) else "zh"


def broken(request: HttpRequest) -> HttpResponse:
    """500: says nothing of what went wrong; where it did is written down, also where no view had been reached yet."""
    if fault := sys.exception():  # Django calls this while it handles it
        note(fault, _LOG)
    return shut(request, "broken", 500)
