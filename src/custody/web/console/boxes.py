"""The boxes of a paper, one for each item and language: what was typed into them, and what stands in them again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from custody.acts.papers import LANGUAGES


def typed(request: HttpRequest, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """{item: {zh, en}} of what was typed; an empty box gives nothing."""
    found: dict[str, Any] = {}
    for item in items:
        texts = {name: request.POST.get(f"{item['item']}:{name}", "").strip() for name in LANGUAGES}
        if any(texts.values()):
            found[item["item"]] = {name: text for name, text in texts.items() if text}
    return found


def texts(item: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the boxes of an item."""
    return {f"{name}_text": (given.get(item["item"]) or {}).get(name, "") for name in LANGUAGES}
