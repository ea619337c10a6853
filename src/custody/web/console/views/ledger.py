"""What happened, from the ledger."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custody.acts.entry_seeking import ENTRY
from custody.services.deal_show import deal_show
from custody.services.ledger_list import ledger_list
from custody.services.ledger_part import READERS, ledger_part
from custody.web.console.archives import filled
from custody.web.console.cells import PLAIN
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk
from custody.web.console.lists import SIZE, chained, words_of

_DIGITS: Final = 12
_SHEET: Final = 10_000


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries of this company's ledger, or of those that the words mean; a sheet holds as many as people can read."""
    before, most = whole(request.GET.get("before", ""), _DIGITS), _SHEET if PLAIN.get() else SIZE
    with desk(request) as at:
        told: Told = ledger_list(at, None, most, before, words_of(request, ENTRY))
    shown = told["entries"]
    following = shown[-1]["position"] if len(shown) == SIZE and shown[-1]["position"] else ""
    page = {"told": told, "list": chained(request, "before", following)}
    return render(request, "ledger.html", page)


@require_safe
def part(request: HttpRequest, ref: str) -> HttpResponse:
    """What the other side of a deal holds its papers against: the deal's entries among all leaf hashes, and nothing of other deals."""
    with desk(request) as at:
        at.require(READERS)
        deal: Told = deal_show(at, ref)
        return filled(lambda out: ledger_part(at, ref, out), f"{deal['ref']}-ledger")
