"""What a first person asks a second to confirm: kept apart for each home that this console serves, whose references are alike."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from custody.acts.approval import LIFE
from custody.acts.desk import Desk
from custody.services.deal_known import deal_people
from custody.web.console.forms import whole
from custody.web.console.models import Ask, Person


def asked(at: Desk, person: Person, about: str, act: str, ref: str) -> Ask | None:
    """What is asked in this person's home and still stands: an asking ends with whoever asked, who acts or sees the deal no more, and after a day, as an approval does."""
    found = newest(person, about, act)
    if found is None or timezone.now() - found.at > LIFE or found.by.principal not in deal_people(at, ref):
        return None
    return found


def ask(person: Person, about: str, act: str, content: str, said: Mapping[str, Any], subjects: int = 0) -> None:
    """It is asked by this person now, instead of whoever asked it before in the same home."""
    made = newest(person, about, act) or Ask(deal=about, act=act)
    made.by, made.content, made.said, made.subjects, made.at = person, content, dict(said), subjects, timezone.now()
    made.save()


def waiting(person: Person, act: str) -> list[Ask]:
    """All of an act that were asked in this person's home, the newest first."""
    return _here(person, Ask.objects.filter(act=act))


def numbered(person: Person, act: str, number: str) -> Ask:
    """One of them, by the number that a form names. Raises Http404 also for one of another home: the sample's people are anybody's."""
    found = _here(person, Ask.objects.filter(act=act, id=whole(number, 18) or 0))
    if not found:
        raise Http404
    return found[0]


def newest(person: Person, about: str, act: str) -> Ask | None:
    """What was asked last of this in a person's home, whether it still stands or not."""
    return next(iter(_here(person, Ask.objects.filter(deal=about, act=act))), None)


def _here(person: Person, rows: QuerySet[Ask]) -> list[Ask]:
    return [one for one in rows.select_related("by").order_by("-at") if one.by.place == person.place]
