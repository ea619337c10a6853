"""Answers of a facts form as typed facts. An empty answer means "don't know": it is left out, and unknown never clears."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from custody.base.errors import Malformed


def given(form: QueryDict, questions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """{group.leaf: value} of the questions that were answered."""
    found: dict[str, Any] = {}
    for one in questions:
        name, kind = one["fact"], one["type"]
        if kind == "some_of":
            chosen = [value for value in form.getlist(name) if value]
            if chosen:
                found[name] = [] if chosen == ["-none"] else [value for value in chosen if value != "-none"]
        elif form.get(name, "").strip():
            found[name] = _typed(name, kind, form[name].strip())
    return found


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """{group: {leaf: value}}, the form in which services take facts."""
    made: dict[str, Any] = {}
    for name, value in facts.items():
        group, _, leaf = name.partition(".")
        made.setdefault(group, {})[leaf] = value
    return made


def _typed(name: str, kind: str, text: str) -> Any:  # noqa: ANN401 - a fact is of any JSON type
    try:
        if kind == "boolean":
            return {"yes": True, "no": False}[text]
        if kind == "integer":
            return int(text.replace(",", ""))
        if kind == "number":
            return float(text.replace(",", ""))
    except (KeyError, ValueError) as error:
        raise Malformed("law.facts", f"{name} is not of its type", where={"fact": name}) from error
    return text
