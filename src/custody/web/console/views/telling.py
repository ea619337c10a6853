"""What the customers of a deal are told before they agree: the items that laws list, in both languages, and the contacts (B2)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.consent_items import told_items
from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.services.deal_stand import deal_stand
from custody.services.deal_tell import CONTACTS, deal_tell
from custody.services.deal_told import LANGUAGES, deal_told
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk, laws


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, ref: str) -> HttpResponse:
    """What is ticked is told as it is written; the rest stays as it is. Days bind and have two people: they are no part of this form."""
    with desk(request) as at:
        tried = attempt(request, lambda: _told(at, request, ref))
        if tried.answer:
            return tried.answer
        stand: Told = deal_stand(at, laws(), ref)
        found: Any = deal_told(at, laws(), ref)
    items = [
        {**one, "ticked": one["item"] in request.POST.getlist("item"), "lines": _lines(one, request.POST)}
        for one in found["items"]
    ]
    contacts = [{"name": name, "value": request.POST.get(name, found[name])} for name in CONTACTS]
    page = {
        "deal": stand,
        "tab": "papers",
        "items": items,
        "contacts": contacts,
        "fault": tried.fault,
        "lacking": sum(bool(one["lacks"] and one["rules"]) for one in items),
    }
    return render(request, "deal_tell.html", page, status=tried.code)


def _lines(one: Mapping[str, Any], typed: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"lang": lang, "name": f"{one['item']}.{lang}", "value": typed.get(f"{one['item']}.{lang}", one["said"][lang])}
        for lang in LANGUAGES
    ]


def _told(at: Desk, request: HttpRequest, ref: str) -> HttpResponse:
    typed = {name: request.POST.get(name, "").strip() for name in CONTACTS}
    ticked: dict[str, Json] = {
        name: {lang: request.POST.get(f"{name}.{lang}", "").strip() for lang in LANGUAGES}
        for name in request.POST.getlist("item")
    }
    deal_tell(at, ref, {name: value for name, value in typed.items() if value} | told_items(ticked))
    return redirect("deal-tell", ref=ref)
