"""What happened, from the ledger."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custody.services.ledger_list import ledger_list
from custody.web.console.house import desk

MOST = 200


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries of this company's ledger."""
    with desk(request) as at:
        told = ledger_list(at, None, MOST)
    return render(request, "ledger.html", {"told": told})
