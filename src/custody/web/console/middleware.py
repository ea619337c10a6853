"""The door: nobody passes without a home, a session, an open key; an error of custody becomes a page that explains it.

Deny by default: a path passes without a sign-in only if it is listed here.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from http import HTTPStatus
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from custody import wiring
from custody.base.errors import Broken, CustodyError, Denied, Malformed, Missing, Refused, Unavailable
from custody.base.speech import spoken
from custody.web.bodies import announced
from custody.web.console import steps, uploads
from custody.web.console.catalogue import either, words
from custody.web.console.house import home, inside
from custody.web.console.models import Person
from custody.web.console.signin import held, linked
from custody.web.console.whence import here

_FLAGS: Final = re.compile(r"\s*[:：]\s*--.*$", re.DOTALL)  # nor is its flag
_ONWARD: Final = "onward."  # what a screen advises where the core names a command
_ROLE: Final = "act.role"
_OUT: Final = ("console.locked", "principal.key")  # whoever meets it signs in anew
OPEN: Final = (
    "/health",
    "/ready",
    "/welcome",
    "/lang/",
    "/account/login/",
    "/account/2fa/authenticate/",
    "/account/company/",
    "/static/",
    "/sample",
    "/progress/",
)
_STRANGER: Final = 64 * 1024
"""Bytes that somebody who is not signed in may send at once: more than any form of theirs, and no file."""
_DENIED: Final[ContextVar[bool]] = ContextVar("denied", default=False)
_UNCHANGED: Final = ("/passphrase", "/account/logout/", "/lang/")
_ENROLLING: Final = (*_UNCHANGED, "/account/reauthenticate/", "/account/2fa/")
_LINKING: Final = (*_UNCHANGED, "/account/identities/", "/account/reauthenticate/", "/account/2fa/")
_STATUS: Final = ((Refused, 409), (Denied, 403), (Broken, 422), (Malformed, 400), (Missing, 404), (Unavailable, 503))
Next = Callable[[HttpRequest], HttpResponse]


class Door:
    """Middleware; behind it are the views, and what makes sheets of them."""

    def __init__(self, onward: Next) -> None:
        self._onward = onward

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        _DENIED.set(False)
        with timezone.override(_zone(request)), inside(user.place if isinstance(user, Person) else ""):
            answer = self._stop(request) or self._onward(request)
        if isinstance(answer, HttpResponseNotAllowed):
            answer = _unopened(request, answer)
        if _DENIED.get() and answer.status_code == HTTPStatus.OK:
            answer.status_code = HTTPStatus.FORBIDDEN  # a page may explain a denial; it is one all the same
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _: object, path: Mapping[str, object]
    ) -> HttpResponse | None:
        """A form takes no step but those that the view names; pages of the packages have their own."""
        if request.method != "POST" or not view.__module__.startswith("custody."):
            return None
        try:
            steps.require(view, path, request.POST)
            if fault := uploads.broken(request):
                return _unread(request, fault)
        except CustodyError as error:
            return self.process_exception(request, error)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Whatever a service raised on purpose is told in the reader's language, with the way forward."""
        if isinstance(error, OSError) and error.errno in uploads.FULL:
            return _unread(request, uploads.no_room())
        if not isinstance(error, CustodyError):
            return None  # what is a fault of ours comes to `door.broken`, which writes down where it happened
        if error.slug in _OUT:
            logout(request)
            return redirect(f"{_login()}?next={quote(here(request))}")
        return render(request, "fault.html", {"fault": told(error)}, status=status(error))

    def _stop(self, request: HttpRequest) -> HttpResponse | None:
        if answer := _too_much(request):
            return answer
        if request.path.startswith(OPEN):
            return None
        if not wiring.is_home(home()):
            return redirect("welcome")
        user = request.user
        if not isinstance(user, Person):
            return redirect(f"{_login()}?next={quote(here(request))}")
        if held(request) is None:
            logout(request)
            return redirect(f"{_login()}?next={quote(here(request))}")
        return _first(request.path, user)


def _unopened(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """An address that takes forms alone was opened, as by a bookmark or after signing in again: a page with a way on, no white one."""
    said = render(request, "plain.html", {"what": "unopened"}, status=answer.status_code)
    said.headers["Allow"] = answer.headers["Allow"]
    return said


def _too_much(request: HttpRequest) -> HttpResponse | None:
    """A body that is more than it may be, by what it announces: nothing has read it yet."""
    if not isinstance(request.user, Person) and announced(request) > _STRANGER:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    fault = uploads.refusal(request) if request.method == "POST" else None
    if fault is None:
        return None
    uploads.drained(request)
    return _unread(request, fault)


def _unread(request: HttpRequest, error: CustodyError) -> HttpResponse:
    """What was not taken in, and why."""
    code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if isinstance(error, Malformed) else HTTPStatus.INSUFFICIENT_STORAGE
    return render(request, "fault.html", {"fault": told(error)}, status=code)


def _first(path: str, person: Person) -> HttpResponse | None:
    """What has to be done before anything else: a passphrase of one's own, the second factor that was lost, an identity that the company asks for."""
    if person.must_change and not path.startswith(_UNCHANGED):
        return redirect("passphrase")
    if person.must_enrol and not path.startswith(_ENROLLING) and not is_mfa_enabled(person):
        return redirect("mfa_activate_totp")
    return redirect("identities") if _must_link(path, person) else None


def _must_link(path: str, person: Person) -> bool:
    """Whether the company asks for an identity that this person has not linked yet."""
    return settings.OIDC.only and not person.place and not path.startswith(_LINKING) and not linked(person)


def told(error: CustodyError, *, now: bool = True) -> dict[str, object]:
    """An error as a page shows it; where it happened, never a value. What was denied `now` answers 403; a job's end may be long past."""
    if now and isinstance(error, Denied):
        _DENIED.set(True)
    said = spoken(error, "en" if get_language() == "en" else "zh")
    where = [f"{either(f'where.{key}', key)} {value}" for key, value in error.where.items() if value is not None]
    command = said.next.startswith(("custody ", "--"))  # a command line's advice is no help on a screen
    onward = _askable(error) or either(
        _ONWARD + error.slug.replace(".", "-"), "" if command else _FLAGS.sub("", said.next)
    )
    return {"slug": error.slug, "says": said.says, "next": onward, "where": where}


def _askable(error: CustodyError) -> str:
    """Whom to ask, by the names that roles have on the screen."""
    if error.slug != _ROLE:
        return ""
    codes = error.next.rpartition(": ")[2].rstrip(".").split(", ")
    return words("fault.roles", roles=words("word.join").join(either(f"role.{one}", one) for one in codes))


def status(error: CustodyError) -> int:
    """The HTTP status of an error, by whose fault it is."""
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 500)


def _login() -> str:
    return "/account/login/"


def _zone(request: HttpRequest) -> ZoneInfo:
    try:
        return ZoneInfo(request.COOKIES.get("custody_tz") or settings.TIME_ZONE)
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ):  # the name of a folder of zones, or of none that a file can have
        return ZoneInfo(settings.TIME_ZONE)
