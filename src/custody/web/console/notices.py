"""Telling a person that something waits for them: inside the console, and by the channels that carry notices."""

import re
from collections.abc import Iterable
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from custody.acts.approval import APPROVERS, LIFE
from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.services.deal_known import deal_known, deal_people
from custody.services.principal_list import principal_list
from custody.web.console import outbox
from custody.web.console.house import seat
from custody.web.console.lasting import address, deal_of
from custody.web.console.lasting import named as called_now
from custody.web.console.models import Delivery, Notice, Person, Task

Kept = TypeVar("Kept", Notice, Task, Delivery)
_ASKS: Final = "approve"
_DONE: Final = "confirmed"
DROPPED: Final = "dropped"
TAKEN: Final = "taken"
_NAMED: Final = re.compile(r"@([a-z][a-z0-9-]{0,31})")


def mentioned(text: str, here: str) -> list[Person]:
    """The people of the home at `here` whom a text names by @handle."""
    names = {f"{here}/{name}" if here else name for name in _NAMED.findall(text)}
    return list(Person.objects.filter(username__in=names, is_active=True))


def tell(people: Iterable[Person], kind: str, ref: str, url: str, by: Person, deal: str = "") -> None:
    """Once each; nobody is told of what they did themselves."""
    told = [one for one in {one.pk: one for one in people}.values() if one.pk != by.pk]
    Notice.objects.bulk_create([Notice(person=one, kind=kind, ref=ref, url=url, by=by, deal=deal) for one in told])
    outbox.post(told, kind, ref, url, by, deal)


def warn(person: Person, kind: str, url: str) -> None:
    """Of what happened in a person's own name, perhaps by somebody else."""
    Notice.objects.create(person=person, kind=kind, ref="", url=url, by=person)
    outbox.post([person], kind, "", url, person)


def tell_of(at: Desk, people: Iterable[Person], kind: str, ref: str, url: str, by: Person) -> None:
    """As `tell`, of a deal: who does not see it is told nothing."""
    able = deal_people(at, ref)
    able_now = [one for one in people if one.principal in able]
    tell(able_now, kind, ref, address(at, url), by, deal_of(at, ref))


def tell_approvers(request: HttpRequest, at: Desk, ref: str, url: str = "") -> None:
    """Whoever may confirm is told where: the page from which they are asked."""
    person = request.user
    assert isinstance(person, Person)
    listed: Any = principal_list(at)["principals"]
    able = {one["id"] for one in listed if not one["until"] and APPROVERS.intersection(one["roles"])}
    tell_of(at, Person.objects.filter(principal__in=able), _ASKS, ref, url or request.path, person)


def asked_of(at: Desk, person: Person) -> list[Notice]:
    """What a person is asked to confirm and nobody has confirmed yet, and what is theirs to complete, the newest first."""
    lasts = Q(kind=_DONE) | Q(kind=_ASKS, at__gt=timezone.now() - LIFE, by__is_active=True)
    found = Notice.objects.filter(lasts, person=person, seen_at=None).select_related("by")
    return open_to(at, list(found.order_by("-at")))


def open_to(at: Desk, rows: "list[Kept]") -> "list[Kept]":
    """Without those of deals that the acting person does not see, or sees no more; each by what its deal is called now."""
    open_ones = _open(at, rows)
    called_now(at, open_ones)
    return open_ones


def _open(at: Desk, rows: "list[Kept]") -> "list[Kept]":
    known = deal_known(at, {one.deal or one.ref for one in rows})
    return [one for one in rows if (one.deal or one.ref) in known]


def waiting(person: Person) -> int:
    """How much a person has not seen yet, of what is open to them: what the bell says."""
    fresh = list(Notice.objects.filter(person=person, seen_at=None).only("ref", "deal"))
    if not any(one.ref for one in fresh):
        return len(fresh)
    try:
        with seat(person.handle, None) as at:
            return len(_open(at, fresh))
    except CustodyError:  # whoever acts here no more is told nothing of it
        return 0


def confirmed(request: HttpRequest, at: Desk, first: Person, ref: str, url: str = "") -> None:
    """Nobody else is asked any more; whoever asked is told to go on."""
    person = request.user
    assert isinstance(person, Person)
    with transaction.atomic():
        settled(request, at, url)
        tell([first], _DONE, ref, address(at, url or request.path), person, deal_of(at, ref))


def settled(request: HttpRequest, at: Desk, url: str = "") -> None:
    """What was asked from this page waits for nobody any more: confirmed, done or taken back."""
    person = request.user
    assert isinstance(person, Person)
    page = url or request.path
    here = Q(url=address(at, page)) | Q(url=page, deal="")  # a page of no deal, and what was kept before deals were
    asking = Notice.objects.filter(here, kind__in=(_ASKS, _DONE), seen_at=None)
    # Homes that one console serves have the same addresses for matters of their own.
    ours = [one.pk for one in asking.select_related("person") if one.person.place == person.place]
    Notice.objects.filter(pk__in=ours).update(seen_at=timezone.now())


def colleagues(at: Desk, ref: str, person: Person) -> list[Person]:
    """Everybody of the same home who sees the deal and may be asked to do something."""
    able, active = deal_people(at, ref), Person.objects.filter(is_active=True).order_by("username")
    return [one for one in active if one.place == person.place and one.principal in able]
