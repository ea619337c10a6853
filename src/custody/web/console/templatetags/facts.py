"""Tags of facts: what a value is called in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django import template

from custody.web.console.catalogue import either, lang, words

register = template.Library()


@register.simple_tag
def fact_words(fact: Mapping[str, Any], value: object) -> str:
    """A value of a fact as words; "don't know" is an answer."""
    if value is None:
        return words("facts.unknown")
    if isinstance(value, bool):
        return words("word.yes" if value else "word.no")
    if isinstance(value, list):
        return words("word.join").join(value_words(fact, one) for one in value) or words("facts.none_of")
    return value_words(fact, value)


@register.simple_tag
def value_words(fact: Mapping[str, Any], value: object) -> str:
    """One value of a choice."""
    known = fact["values"].get(value)
    if known is None:
        return str(value)
    if lang() == "zh":
        return str(known["zh"] if isinstance(known, Mapping) else known)
    plain = str(known["en"] if isinstance(known, Mapping) else value).replace("_", " ")
    return either(f"value.{value}", either(f"place.{value}", plain[:1].upper() + plain[1:]))


@register.simple_tag
def plain_words(fact: str) -> str:
    """What a fact asks for in a shop owner's words, or nothing."""
    return either(f"owner.{fact}", "")
