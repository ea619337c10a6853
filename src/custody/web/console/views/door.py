"""What anybody may ask: is it alive, is it ready, which language; and the pages for what is not there."""

import sys

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from custody import wiring
from custody.web.alive import answers
from custody.web.console.house import home
from custody.web.faultlog import note

_CODES = {"zh": "zh-hans", "en": "en"}


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The process answers."""
    return JsonResponse({"ok": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Its database answers, and whether a home was made; one that was made has a store that answers."""
    connection.ensure_connection()
    made = wiring.is_home(home())
    if made and not answers(home()):
        return JsonResponse({"ok": False, "home": True}, status=503)
    return JsonResponse({"ok": True, "home": made})


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the reader's language and go back."""
    onward = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    answer = redirect(onward if safe else "/")
    if code in _CODES:
        answer.set_cookie("custody_lang", _CODES[code], max_age=31_536_000, samesite="Lax", httponly=True)
    return answer


def closed(request: HttpRequest) -> HttpResponse:
    """Accounts and passphrases are not made or reset by whoever comes along."""
    return missing(request)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404."""
    return render(request, "plain.html", {"what": "missing"}, status=404)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403."""
    return render(request, "plain.html", {"what": "denied"}, status=403)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400: a form too large, a host that is not ours, and the like."""
    return render(request, "plain.html", {"what": "malformed"}, status=400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: a form without its page's mark."""
    return render(request, "plain.html", {"what": "forged"}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500, 503 where the console's rows were held for too long: says nothing of what went wrong; where it did is written down, also where no view had been reached yet."""
    fault = sys.exception()  # Django calls this while it handles it
    if fault is not None:
        note(fault)
    if isinstance(fault, OperationalError):
        answer = render(request, "plain.html", {"what": "busy"}, status=503)
        answer.headers["Retry-After"] = "10"
        return answer
    return render(request, "plain.html", {"what": "broken"}, status=500)
