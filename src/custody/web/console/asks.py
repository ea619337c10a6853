"""What a first person asks a second to confirm: kept apart for each home that this console serves, whose references are alike."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from custody.web.console.models import Ask, Person


def asked(person: Person, about: str, act: str) -> Ask | None:
    """What is asked in this person's home."""
    rows = Ask.objects.filter(deal=about, act=act).select_related("by").order_by("-at")
    return next((one for one in rows if one.by.place == person.place), None)


def ask(person: Person, about: str, act: str, content: str, said: Mapping[str, Any]) -> None:
    """It is asked by this person now, instead of whoever asked it before in the same home."""
    made = asked(person, about, act) or Ask(deal=about, act=act)
    made.by, made.content, made.said, made.at = person, content, dict(said), timezone.now()
    made.save()
