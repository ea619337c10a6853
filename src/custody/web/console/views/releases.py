"""Every release of a deal at the seller, who moved since, and what leads to the next one (C6, C7)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custody.base.errors import CustodyError
from custody.services.deal_stand import deal_stand
from custody.services.release_list import release_list
from custody.services.release_moved import release_moved
from custody.web.console.catalogue import words
from custody.web.console.cells import EVERY, PLAIN
from custody.web.console.handed import handed
from custody.web.console.house import Told, desk, handover, laws
from custody.web.console.middleware import status, told
from custody.web.console.sheets import sheet

_WHO: Final = ("cleared", "withdrawn", "unshipped")


@require_safe
def releases(request: HttpRequest, ref: str) -> HttpResponse:
    """The list; with `?look=1` everybody is decided now, and nothing is kept of it."""
    fault, code, moved = None, 200, None
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        listed: Told = release_list(at, ref)
        files = handover(stand)
        parts = handed(at, stand["id"], files)
        try:
            if "look" in request.GET:
                every = {"most": EVERY} if PLAIN.get() else {}
                moved = release_moved(at, laws(), ref, files, **every)
        except CustodyError as error:
            fault, code = told(error), status(error)
    made = _moved_sheet(request, moved) if moved else None
    page = {
        "deal": stand, "tab": "releases", "releases": listed["releases"], "moved": moved, "fault": fault, **parts,
        "who": _WHO, "late": sum(1 for one in listed["releases"] if one["late"]),
    }  # fmt: skip
    return made or render(request, "releases.html", page, status=code)


def _moved_sheet(request: HttpRequest, moved: Told) -> HttpResponse | None:
    rows = ((one, words(f"moved.{name}")) for name in _WHO for one in moved[name]["first"])
    return sheet(request, "moved", ("verdicts.customer", "releases.moved"), rows)
