"""Tokens of machines: made for named scopes until a day, shown once, revoked (E5; spec/api.md §1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from custody.acts.tokens import SCOPES
from custody.base.errors import CustodyError
from custody.services.token_list import token_list
from custody.services.token_new import token_new
from custody.services.token_revoke import token_revoke
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told


@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Every token there ever was; an owner makes one more, whose secret this page shows and nothing keeps."""
    fault, once, code = None, None, 200
    form: Any = request.POST
    with desk(request) as at:
        if request.method == "POST":
            try:
                once = token_new(at, form.get("name", "").strip(), form.getlist("scope"), form.get("until", ""))
            except CustodyError as error:
                fault, code = told(error), status(error)
        listed: Told = token_list(at)
        owner = "owner" in at.principal.roles
    page = {"rows": listed["tokens"], "once": once, "fault": fault, "owner": owner, "scopes": SCOPES, "form": None if once else form,
            "chosen": [] if once else form.getlist("scope")}  # fmt: skip
    return render(request, "tokens.html", page, status=code)


@require_POST
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """It opens nothing from this moment."""
    with desk(request) as at:
        token_revoke(at, token)
    return redirect("tokens")
