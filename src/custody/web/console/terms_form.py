"""How long what is kept, as fields: what a form says becomes the policy that is signed, and back; whoever likes writes it as TOML instead."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict

from custody.services.retention_text import STARTS, THENS
from custody.web.console.forms import whole

_MOST, _DIGITS, _LONGEST = 60, 5, 2_000
_SPANS: Final = ("years", "months", "days")
_LISTS: Final = ("purposes", "columns", "law")
EMPTY: Final[Mapping[str, Any]] = {"rules": [], "notice_days": 7, "standing_until": ""}


def filled(form: QueryDict) -> dict[str, Any]:
    """What stands in the fields; a rule without a kind is none."""
    rules = [_rule(form, n) for n in form.getlist("rule")[:_MOST] if f"{n}.gone" not in form]
    return {
        "rules": [one for one in rules if one["retention"]], "notice_days": whole(form.get("notice_days", ""), _DIGITS),
        "standing_until": form.get("standing_until", "").strip(),
    }  # fmt: skip


def choices(policy: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a policy: its rules, and an empty one at the end."""
    empty = {
        "retention": "",
        "start": STARTS[0],
        "then": THENS[0],
        "purposes": [],
        "columns": [],
        "law": [],
        "basis": "",
    }
    return {**policy, "rules": [*policy["rules"], empty], "starts": STARTS, "thens": THENS}


def _rule(form: QueryDict, n: str) -> dict[str, Any]:
    def said(name: str) -> str:
        return form.get(f"{n}.{name}", "").strip()[:_LONGEST]

    return {
        **{name: said(name) for name in ("retention", "start", "then", "basis")}, **{name: _number(said(name)) for name in _SPANS},
        **{name: [one for part in said(name).split(",") if (one := part.strip())] for name in _LISTS}, "year_end": f"{n}.year_end" in form,
    }  # fmt: skip


def _number(text: str) -> int:
    return whole(text, _DIGITS) or 0
