"""Recovery sheets: made once, shown once, printed, typed back; only then does a vault take data. They are kept nowhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.services.recovery_print import recovery_print
from custody.services.recovery_test import recovery_test
from custody.services.vault_list import vault_list
from custody.services.vault_new import vault_new
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk
from custody.web.console.middleware import told
from custody.web.console.models import Intake
from custody.web.console.steps import takes

_MOST = 64 * 1024


@takes("print", "test", "waive")
@require_http_methods(["GET", "POST"])
def sheets(request: HttpRequest) -> HttpResponse:
    """Choose holders; then the sheets, one on each printed page; then some of them typed back."""
    page: dict[str, Any] = {"given": request.POST, "vault": request.POST.get("vault") or request.GET.get("vault", "")}
    page["intake"] = _intake(request.POST.get("intake") or request.GET.get("intake", ""))
    with desk(request) as at:
        at.require(("owner",))
        if request.method == "POST":
            try:
                page |= _done(at, request, page["vault"])
            except CustodyError as error:
                page["fault"] = told(error)
        vaults: Told = vault_list(at)
    if page.get("waived") and page["intake"]:
        return redirect("intake", intake=page["intake"].id)
    page["vaults"] = vaults["vaults"]
    names = [one["name"] for one in page["vaults"]]
    page["names"] = names if not page["vault"] or page["vault"] in names else [*names, page["vault"]]
    page["chosen"] = page["vault"] or (names or [""])[0]
    page["now"] = next((one for one in page["vaults"] if one["name"] == page["chosen"]), None)
    return render(request, "recovery.html", page)


def _done(at: Desk, request: HttpRequest, vault: str) -> dict[str, Any]:
    """What was asked for: a vault that is not there yet is made first, and waits for its sheets."""
    do = request.POST.get("do", "print")
    if do == "test":
        text = request.POST.get("typed", "")[:_MOST]
        return {"tried": recovery_test(at, wiring.typed_sheets(text), vault or None)}
    if vault:
        vault_new(at, vault, untried=do != "waive")
    if do == "waive":
        return {"waived": True}
    threshold = whole(request.POST.get("threshold", ""), 2) or 0
    return {"made": recovery_print(at, vault or None, request.POST.get("holders", "").splitlines(), threshold)}


def _intake(name: str) -> Intake | None:
    """The files that wait for this vault, to go back to."""
    return Intake.objects.filter(id=name).first() if name.isalnum() else None
