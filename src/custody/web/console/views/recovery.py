"""Recovery sheets: made once, shown once, printed, kept nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from custody.base.errors import CustodyError
from custody.services.recovery_print import recovery_print
from custody.services.vault_list import vault_names
from custody.web.console.forms import whole
from custody.web.console.house import desk
from custody.web.console.middleware import told


@require_http_methods(["GET", "POST"])
def sheets(request: HttpRequest) -> HttpResponse:
    """Choose holders; then the sheets, one on each printed page."""
    fault, made = None, None
    with desk(request) as at:
        at.require(("owner",))
        vaults = vault_names(at)
        if request.method == "POST":
            try:
                threshold = whole(request.POST.get("threshold", ""), 2) or 0
                holders = request.POST.get("holders", "").splitlines()
                made = recovery_print(at, request.POST.get("vault") or None, holders, threshold)
            except CustodyError as error:
                fault = told(error)
    page = {
        "vaults": vaults,
        "made": made,
        "fault": fault,
        "vault": request.GET.get("vault", ""),
        "given": request.POST,
    }
    return render(request, "recovery.html", page)
