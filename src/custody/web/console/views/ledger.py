"""What happened, from the ledger."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custody.services.ledger_list import ledger_list
from custody.web.console.catalogue import either
from custody.web.console.house import Told, desk
from custody.web.console.sheets import sheet

MOST = 200


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries of this company's ledger."""
    with desk(request) as at:
        told: Told = ledger_list(at, None, MOST)
    rows = (
        (one["position"], one["at"], either(f"entry.{one['kind']}", one["kind"]), one["who"]) for one in told["entries"]
    )
    heads = ("ledger.number", "ledger.when", "ledger.what", "ledger.who")
    return sheet(request, "ledger", heads, rows) or render(request, "ledger.html", {"told": told})
