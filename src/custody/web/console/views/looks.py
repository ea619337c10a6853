"""Who saw this customer, and what did this person see: as pages, and signed, with the ledger beside it, for a court (D4; spec/access.md §5)."""

from functools import partial
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from custody.services.access_by import access_by
from custody.services.access_of import access_of
from custody.web.console.archives import filled
from custody.web.console.attempts import attempt
from custody.web.console.cells import PLAIN
from custody.web.console.house import Told, desk

_MOST: Final = 50
_SHORT: Final = slice(4, 12)


@require_http_methods(["GET", "POST"])
def by(request: HttpRequest, handle: str) -> HttpResponse:
    """What one person saw, the newest of it; the sheets hold all. Oneself, or anybody for those who check."""
    with desk(request) as at:
        tried = attempt(request, lambda: filled(partial(access_by, at, handle), f"looks-by-{handle}"))
        if tried.answer:
            return tried.answer
        looks: Told = access_by(at, handle, None, None if PLAIN.get() else _MOST)
    return render(request, "access_seen.html", {"told": looks, "fault": tried.fault}, status=tried.code)


@require_http_methods(["GET", "POST"])
def of(request: HttpRequest, subject: str) -> HttpResponse:
    """Who saw one customer, or was refused: every look, the newest first."""
    with desk(request) as at:
        tried = attempt(request, lambda: filled(partial(access_of, at, subject), f"looks-of-{subject[_SHORT]}"))
        if tried.answer:
            return tried.answer
        told: Told = access_of(at, subject, None)
    page = {"told": told, "looks": list(reversed(told["looks"])), "fault": tried.fault}
    return render(request, "customer_seen.html", page, status=tried.code)
