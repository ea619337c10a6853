"""Tags of the customers' pages alone: sentences with names in them, days that are left."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.utils import timezone

from custody.web.console.catalogue import lang, words
from custody.web.console.templatetags.words import moment

_DAY: Final = len("2026-03-16")
register = template.Library()
# A company whose name ends in a stop ends the sentence with it.
_STOPS: Final = re.compile(r"\.\.(?!\.)")


@register.simple_tag
def headline(area: str, code: str, called: str, buyer: Mapping[str, str], seller: Mapping[str, str]) -> str:
    """A sentence with the person's and the companies' names filled in as they are: nothing in a name is a pattern or a tag."""
    told = _STOPS.sub(".", words(f"{area}.{code}", called=called, buyer=buyer[lang()], seller=seller[lang()]))
    opened = told if called else told.removeprefix("，").removeprefix(", ")
    return opened[:1].upper() + opened[1:]


@register.simple_tag
def hidden(held: list[dict[str, Any]]) -> str:
    """The kinds of which nothing shows, in one line."""
    return words("word.join").join(one["name"][lang()] for one in held if one["hidden"])


@register.simple_tag
def shared(held: list[dict[str, Any]]) -> list[str]:
    """The purposes of all that shows, where they are the same throughout: they are told once then."""
    told = [one["purposes"] for one in held if not one["hidden"]]
    return list(told[0]) if len(told) > 1 and all(one == told[0] for one in told) else []


@register.simple_tag
def zone() -> str:
    """Whose days and hours these are."""
    return timezone.get_current_timezone_name()


@register.filter
def hour(instant: str) -> str:
    """A moment to the minute with the zone it is told in: an hour without one says nothing to whoever lives elsewhere."""
    return words("portal.hour", at=moment(instant), zone=zone())


@register.filter
def on(instant: str, today: str) -> str:
    """A planned day, or the company's day of an instant; with its year when it is not that of `today`."""
    if len(instant) > _DAY:
        instant = timezone.localtime(datetime.fromisoformat(instant)).date().isoformat()
    return planned(instant, today, lang())


def planned(on_day: str, today: str, tongue: str) -> str:
    """A day of the calendar as people write it, beside the day of the page."""
    at, other = date.fromisoformat(on_day), on_day[:4] != today[:4]
    if tongue == "zh":
        return f"{f'{at.year}年' if other else ''}{at.month}月{at.day}日"
    return f"{at.day} {at:%B}{f' {at.year}' if other else ''}"


@register.simple_tag
def left(until: str, today: str) -> str:
    """How many days are left until a day as of the company's own, when there are some."""
    days = days_left(until, today)
    return words("portal.left", n=days) if days > 0 else ""


def days_left(until: str, today: str) -> int:
    """From one day of the company's to another."""
    return (date.fromisoformat(until[:_DAY]) - date.fromisoformat(today)).days
