"""Customers: find one by a value, the masked card, look for a purpose and a reason. A value sought is in no address and no log."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custody.acts.access_accounts import SHOWN
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Malformed, Missing
from custody.services.customer import customer
from custody.services.evidence_deaths import evidence_deaths
from custody.services.grant_list import grant_list
from custody.services.lookup import KINDS, lookup
from custody.services.reveal import PURPOSES, reveal
from custody.services.vault_list import vault_names
from custody.web.console.catalogue import words
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told
from custody.web.console.sheets import sheet
from custody.web.console.templatetags.words import code, happened, moment

SHOWN_SECONDS: Final = 60
_MOST: Final = 50
_HISTORY: Final = (
    "ledger.number",
    "ledger.when",
    "ledger.who",
    "ledger.what",
    "deals.deal",
    "customers.purpose",
    "customers.reason",
)


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Who has this value: one leads to the card, several are listed by random id."""
    fault, found, unread, away = None, None, 0, 0
    with desk(request) as at:
        vaults = vault_names(at)
        if request.method == "POST":
            try:
                found, unread, away = _found(at, request)
            except CustodyError as error:
                fault = told(error)
    if found and len(found) == 1 and not unread and not away:  # whoever was not read may be the one who is looked for
        return redirect("customer", subject=found[0]["subject"])
    page = {
        "found": found,
        "most": _MOST,
        "again": {name: request.POST.get(name, "") for name in ("value", "by", "vault")},
        "count": len(found or ()),
        "unread": unread,
        "away": away,
        "fault": fault,
        "kinds": KINDS,
        "vaults": vaults,
    }
    return render(request, "customers.html", page)


@require_safe
def show(request: HttpRequest, subject: str) -> HttpResponse:
    """The card of one customer: nothing of theirs is opened for it."""
    with desk(request) as at:
        one: Told = customer(at, subject)
        deaths = evidence_deaths(at, subject)["entries"]
    rows = (
        (entry["ledger"], moment(entry["at"]), entry["who"], happened(entry["kind"]), entry.get("deal"), code("purpose", entry["purpose"]) if entry.get("purpose") else "", entry.get("reason"))
        for entry in one["history"]
    )  # fmt: skip
    page = {"one": one, "deaths": deaths, "purposes": PURPOSES, "seconds": SHOWN_SECONDS, "looks": _looks(one)}
    return sheet(request, "history", _HISTORY, rows) or render(request, "customer.html", page)


@require_POST
def look(request: HttpRequest, subject: str) -> HttpResponse:
    """Show what this person may see, for a minute; the page then covers itself again."""
    fault, seen, code = None, None, 200
    with desk(request) as at:
        one: Told = customer(at, subject)
        try:
            purpose, reason = request.POST.get("purpose", ""), request.POST.get("reason", "")
            seen = reveal(at, one["vault"], subject, purpose, reason, _chosen(request))
        except CustodyError as error:
            fault, code = _refused(error, at), status(error)
        one = customer(at, subject)
    page = {
        "one": one, "seen": seen, "fault": fault, "purposes": PURPOSES, "seconds": SHOWN_SECONDS, "given": request.POST,
        "ticked": request.POST.getlist("field"), "looks": _looks(one),
    }  # fmt: skip
    answer = render(request, "customer.html", page, status=code)
    if seen:
        answer["Refresh"] = f"{SHOWN_SECONDS}; url=/customers/{subject}"  # it covers itself without a script too
    return answer


def _chosen(request: HttpRequest) -> list[str]:
    """The fields that were ticked; none where all were asked for. Raises Malformed `reveal.none`."""
    if "all" in request.POST:
        return []
    chosen = request.POST.getlist("field")
    if not chosen:
        raise Malformed("reveal.none", "Nothing is ticked.", next="Tick what you need to see.")
    return chosen


def _looks(one: Told) -> int:
    """How often somebody looked, as far as this person's own entries tell."""
    return sum(entry["kind"] in SHOWN for entry in one["history"])


def _refused(error: CustodyError, at: Desk) -> dict[str, object]:
    """A refusal with the way on: why, by its entry, and asking for access where that is what lacks."""
    entry = str(error.where.get("ledger", "")).rpartition("@")[2]
    said, denied = told(error), error.slug == "reveal.denied"
    onward = words("customers.no_department") if denied and _of_no_department(at) else said["next"]
    return {**said, "next": onward, "where": [], "entry": whole(entry, 18), "ask": denied}


def _of_no_department(at: Desk) -> bool:
    """Whether this is staff whom nobody has put into a department: then no grant alone opens anything."""
    held: Any = grant_list(at)["grants"]
    return "department" in at.principal.roles and not any(
        one["kind"] == "department" and one["state"] == "live" and one["handle"] == at.principal.handle for one in held
    )


def _found(at: Desk, request: HttpRequest) -> tuple[list[Any], int, int]:
    """In the vault asked for, or in each; and how many records nobody could read, and how many files are away."""
    value, by = request.POST.get("value", "").strip(), request.POST.get("by") or None
    wanted = request.POST.get("vault")
    names = [name for name in vault_names(at) if wanted in {None, "", name}]
    if not names:
        raise Missing("vault.unknown", "There is no such vault.", next="custody seal DATAMAP --vault NAME")
    answers: list[Any] = [lookup(at, value, by, name) for name in names]
    found = [{**one, "vault": answer["vault"]} for answer in answers for one in answer["found"]]
    return (
        found,
        sum(answer.get("unread", 0) for answer in answers),
        sum(answer.get("segments_missing", 0) for answer in answers),
    )
