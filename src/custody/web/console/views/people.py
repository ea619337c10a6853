"""People and parties: who may act here, and the cards of other companies."""

import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from custody import wiring
from custody.acts.people import SHORTEST
from custody.acts.typed import Word
from custody.base import canonical
from custody.base.errors import CustodyError, Malformed, Refused
from custody.services.party import parties as all_parties
from custody.services.party import party_card, party_confirm
from custody.services.principal_end import principal_end
from custody.services.principal_list import principal_list
from custody.services.principal_new import principal_new
from custody.services.principal_passphrase import principal_passphrase
from custody.web.console import outbox
from custody.web.console.catalogue import lang, words
from custody.web.console.cells import PLAIN
from custody.web.console.forms import NewPassphrase, NewPerson
from custody.web.console.guessing import try_again
from custody.web.console.house import Told, desk, home
from custody.web.console.lists import SIZE, paged, start_of, words_of
from custody.web.console.middleware import told
from custody.web.console.models import Person
from custody.web.console.notices import warn
from custody.web.console.signin import KEYS, hold
from custody.web.console.steps import takes
from custody.web.console.uploads import STATEMENT, brings

ONCE = timedelta(days=7)
_WORDS = 4
_TWO = 2
_MOST_CARD = 64 * 1024
_CALLED = 500
_MACHINES = ("timer", "portal", "api")
"""Kinds of processes; whatever else a token may do, it is one of the API."""


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who may act; an owner adds one more, who gets a passphrase that works once."""
    form, once = NewPerson(request.POST or None), None
    with desk(request) as at:
        if request.method == "POST" and form.is_valid():
            at.require(("owner",))  # before a name is said to be somebody's
            if _called_alike(request, form.cleaned_data["shown"]):
                form.add_error("shown", words("people.alike"))
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            secret = once_secret()
            made: Told = principal_new(at, given["handle"], [given["role"]], secret.encode())
            if made["resumed"]:
                form.add_error("handle", words("people.taken"))
            else:
                person = Person.objects.create(
                    username=account_name(request, given["handle"]),
                    shown=given["shown"],
                    principal=made["id"],
                    must_change=True,
                    once_until=timezone.now() + ONCE,
                )
                person.set_unusable_password()
                person.save()
                once, form = {"handle": given["handle"], "secret": secret}, NewPerson()
        whole_list = PLAIN.get()
        words_typed, most = _words(request), None if whole_list else SIZE
        listed: Told = principal_list(at, most, 0 if whole_list else start_of(request), words_typed, machines=False)
        machines: Told = principal_list(at, most, words=words_typed, machines=True)
        owner = "owner" in at.principal.roles
    shown = [row["id"] for row in listed["principals"]]
    known = {one.principal: one for one in Person.objects.filter(principal__in=shown)}
    told_rows = [
        {**row, "person": known.get(row["id"]), "mfa": row["id"] in known and is_mfa_enabled(known[row["id"]])}
        for row in listed["principals"]
    ]
    return render(
        request,
        "people.html",
        {
            "rows": told_rows,
            "machines": [{**row, "what": machine_of(row["roles"])} for row in machines["principals"]],
            "unlisted": machines["fits"] - len(machines["principals"]),
            "form": form,
            "once": once,
            "here": request.build_absolute_uri("/"),
            "owner": owner,
            "list": paged(request, listed["fits"]),
        },
    )


def _called_alike(request: HttpRequest, shown: str) -> bool:
    """Whether somebody here has this name, or signs in by it: two of one name confirm what nobody can tell apart."""
    person = request.user
    assert isinstance(person, Person)
    others = [one for one in Person.objects.all() if one.place == person.place]
    return _folded(shown) in {_folded(name) for one in others for name in (one.shown, one.handle)}


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@takes("do")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, handle: str) -> HttpResponse:
    """First what would end with it, then the same for good: whoever it is is signed out at once."""
    fault, going = None, request.POST.get("step") == "do"
    with desk(request) as at:
        try:
            one: Told = principal_end(at, handle, dry_run=not going)
        except Refused as error:
            one, fault = {"handle": handle}, told(error)
    if going and not fault:
        KEYS.drop_person(one["id"])
        Person.objects.filter(principal=one["id"]).update(is_active=False)
        return redirect("people")
    known = Person.objects.filter(principal=one.get("id", "")).first()
    channels = outbox.live(known.place).filter(by=known).order_by("name") if known else ()
    return render(request, "person_end.html", {"one": one, "called": known or handle, "fault": fault, "channels": channels, "what": machine_of(one.get("roles", ()))})  # fmt: skip


def machine_of(roles: Collection[str]) -> str:
    """What a process is, by the role that says so; "" where it is a person."""
    return next((one for one in _MACHINES if one in roles), "")


@require_http_methods(["GET", "POST"])
def passphrase(request: HttpRequest) -> HttpResponse:
    """Change one's own passphrase; the old one is asked again, since a screen may have been left open."""
    form, fault = NewPassphrase(request.POST or None), None
    person = request.user
    assert isinstance(person, Person)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            tries = try_again(request, person)
            if tries is None:
                return _guessed(request, person)
            wiring.unlock(home(), person.handle, given["old"].encode())
            tries.rollback()
            with desk(request) as at:
                principal_passphrase(at, given["new"].encode())
                signer = at.actor
            KEYS.drop_person(person.principal)
            hold(request, person.principal, signer)
            person.must_change = False
            person.save()
            return redirect("deals")
        except CustodyError as error:
            fault = told(error)
    return render(request, "passphrase.html", {"form": form, "fault": fault, "shortest": SHORTEST})


def _guessed(request: HttpRequest, person: Person) -> HttpResponse:
    """Whoever is at this window knows the passphrase no more than a stranger: the session is over, and whose it was is told."""
    warn(person, "guessed-own", "/account/sessions/")
    logout(request)
    return redirect("account_login")


@brings(STATEMENT)
@require_http_methods(["GET", "POST"])
def parties(request: HttpRequest) -> HttpResponse:
    """Cards on file; a new one is confirmed by its fingerprint, which was read out over another channel."""
    fault = None
    with desk(request) as at:
        if request.method == "POST":
            try:
                party_confirm(at, _card(request), request.POST.get("fingerprint", ""))
                return redirect("parties")
            except CustodyError as error:
                fault = told(error)
        mine, rows = party_card(at), all_parties(at)
        people: Any = principal_list(at)["principals"]
    return render(request, "parties.html", {"mine": mine, "rows": rows, "fault": fault, "alone": len(people) < _TWO})


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """The card of this company, to give to the other side."""
    with desk(request) as at:
        mine: Told = party_card(at)
    data = canonical.encode(dict(mine["card"]))
    answer = HttpResponse(data, content_type="application/json")
    whose = str(mine["card"]["name"][lang()] or mine["card"]["name"]["zh"])
    kept = "".join(one for one in whose if one.isalnum() or one in " ()（）-")[:60].strip()
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"party {kept}.json")
    return answer


def once_secret() -> str:
    """A passphrase that works once: whoever is given it takes one of their own."""
    return "-".join(secrets.token_hex(3) for _ in range(_WORDS))


def _words(request: HttpRequest) -> list[Word]:
    """What was typed, with whose names hold it: names of people at work are the console's own."""
    return [
        replace(word, codes={**word.codes, "person": frozenset(Person.objects.filter(shown__icontains=word.text).values_list("principal", flat=True)[:_CALLED])})
        for word in words_of(request, "role")
    ]  # fmt: skip


def account_name(request: HttpRequest, handle: str) -> str:
    """The account's name of somebody who works where this person does."""
    me = request.user
    assert isinstance(me, Person)
    return f"{me.place}/{handle}" if me.place else handle


def _card(request: HttpRequest) -> bytes:
    """The card as a file, or by the id of one that a first person already brought."""
    file = request.FILES.get("card")
    if file is None or file.size > _MOST_CARD:
        raise Malformed("party.card", "This is not a party card.", next="Ask the other party to send it again.")
    return file.read()
