"""What a first person asks a second to confirm: kept apart for each home that this console serves, whose references are alike."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from custody.acts.approval import LIFE
from custody.acts.desk import Desk
from custody.services.deal_known import deal_people
from custody.web.console.models import Ask, Person


def asked(at: Desk, person: Person, about: str, act: str, ref: str) -> Ask | None:
    """What is asked in this person's home and still stands: an asking ends with whoever asked, who acts or sees the deal no more, and after a day, as an approval does."""
    found = _newest(person, about, act)
    if found is None or timezone.now() - found.at > LIFE or found.by.principal not in deal_people(at, ref):
        return None
    return found


def ask(person: Person, about: str, act: str, content: str, said: Mapping[str, Any], subjects: int = 0) -> None:
    """It is asked by this person now, instead of whoever asked it before in the same home."""
    made = _newest(person, about, act) or Ask(deal=about, act=act)
    made.by, made.content, made.said, made.subjects, made.at = person, content, dict(said), subjects, timezone.now()
    made.save()


def _newest(person: Person, about: str, act: str) -> Ask | None:
    rows = Ask.objects.filter(deal=about, act=act).select_related("by").order_by("-at")
    return next((one for one in rows if one.by.place == person.place), None)
