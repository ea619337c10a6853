"""What happened, from the ledger."""

from collections.abc import Generator
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custody.acts.entry_seeking import ENTRY
from custody.services.deal_show import deal_show
from custody.services.ledger_list import ledger_list
from custody.services.ledger_part import READERS, ledger_part
from custody.web.console.archives import filled
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk
from custody.web.console.lists import SIZE, chained, words_of
from custody.web.console.sheets import long_sheet

_DIGITS: Final = 12
_PART: Final = 2_000
"""So many lines of a sheet are read at a time."""


@require_safe
def entries(request: HttpRequest) -> HttpResponseBase:
    """The newest entries of this company's ledger, or of those that the words mean; a sheet holds all of them."""
    if whole_list := long_sheet(request, "ledger", "ledger.html", _parts(request)):
        return whole_list
    with desk(request) as at:
        told: Told = ledger_list(at, None, SIZE, _before(request), words_of(request, ENTRY))
    following = told["entries"][-1]["position"] if len(told["entries"]) == SIZE else 0
    page = {"told": told, "list": chained(request, "before", following or "")}
    return render(request, "ledger.html", page)


def _parts(request: HttpRequest) -> Generator[dict[str, object]]:
    """Stretch by stretch, from the newest down: what is entered meanwhile is above them."""
    before, words = _before(request), words_of(request, ENTRY)
    with desk(request) as at:
        while True:
            told: Told = ledger_list(at, None, _PART, before, words)
            yield {"told": told, "list": {}}
            if len(told["entries"]) < _PART:
                return
            before = told["entries"][-1]["position"]


def _before(request: HttpRequest) -> int | None:
    return whole(request.GET.get("before", ""), _DIGITS)


@require_safe
def part(request: HttpRequest, ref: str) -> HttpResponse:
    """What the other side of a deal holds its papers against: the deal's entries among all leaf hashes, and nothing of other deals."""
    with desk(request) as at:
        at.require(READERS)
        deal: Told = deal_show(at, ref)
        return filled(lambda out: ledger_part(at, ref, out), f"{deal['ref']}-ledger")
