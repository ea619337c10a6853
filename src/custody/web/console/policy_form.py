"""The access policy as fields: what a form says becomes the data that is signed, and back; whoever likes writes it as TOML instead."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import QueryDict

from custody.base.errors import Malformed
from custody.services.access_text import DUTIES, PURPOSES, ROLES, TIERS
from custody.web.console.forms import whole

MARK: Final = "fields"
_MOST, _DIGITS, _LONGEST = 60, 5, 120
_MANY: Final = ("roles", "tiers", "purposes", "classes")
_PARTS: Final = ("roles", "tiers", "purposes")


def composed(form: QueryDict) -> dict[str, Any]:
    """The policy that the fields say; a rule or a department that is left empty is none. Raises Malformed `console.rule-part`."""
    told = filled(form)
    _whole(told["rule"])
    known = {one["id"] for one in told["rule"]}
    for one in told["rule"]:
        one["id"] = one["id"] or _free(known)
        known.add(one["id"])
    return told


def filled(form: QueryDict) -> dict[str, Any]:
    """What stands in the fields, whole or not."""
    rules = [_rule(form, n) for n in form.getlist("rule")[:_MOST] if f"{n}.gone" not in form]
    rules = [one for one in rules if any(one[name] for name in _PARTS)]
    return {
        "grant_days": whole(form.get("grant_days", ""), _DIGITS), "bulk_from": whole(form.get("bulk_from", ""), _DIGITS),
        "departments": _departments(form), "rule": rules,
    }  # fmt: skip


def choices(policy: Mapping[str, Any], classes: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the form shows of a policy: its rules and departments, and an empty one of each at the end."""
    empty = {
        "id": "",
        "roles": [],
        "tiers": [],
        "purposes": [],
        "classes": [],
        "department": False,
        "grant": False,
        "training": "",
    }
    departments = [{"code": code, **one} for code, one in policy["departments"].items()]
    return {
        "rules": [*policy["rule"], empty], "departments": [*departments, {"code": "", "zh": "", "en": "", "purposes": []}],
        "roles": ROLES, "tiers": TIERS, "purposes": PURPOSES, "training": sorted({*DUTIES, *(one["training"] for one in policy["rule"] if one["training"])}), "classes": _offered(policy["rule"], classes),
        "grant_days": policy["grant_days"], "bulk_from": policy["bulk_from"],
    }  # fmt: skip


def _rule(form: QueryDict, n: str) -> dict[str, Any]:
    return {
        "id": form.get(f"{n}.id", ""), **{name: form.getlist(f"{n}.{name}") for name in _MANY},
        "department": f"{n}.department" in form, "grant": f"{n}.grant" in form, "training": form.get(f"{n}.training", ""),
    }  # fmt: skip


def _departments(form: QueryDict) -> dict[str, Any]:
    found = {}
    for n in form.getlist("department")[:_MOST]:
        code = form.get(f"d{n}.code", "").strip()[:_LONGEST]
        if code and f"d{n}.gone" not in form:
            names = {lang: form.get(f"d{n}.{lang}", "").strip()[:_LONGEST] for lang in ("zh", "en")}
            found[code] = {**names, "purposes": form.getlist(f"d{n}.purposes")}
    return found


def _whole(rules: Iterable[Mapping[str, Any]]) -> None:
    """Who, what and what for: a rule that lacks one of them opens nothing, and is no rule."""
    for number, one in enumerate(rules, 1):
        if not all(one[name] for name in _PARTS):
            raise Malformed("console.rule-part", "A rule says who, what and what for.", where={"rule": number}, next="Tick at least one of each, or leave the rule empty.")  # fmt: skip


def _free(known: Iterable[str]) -> str:
    taken = set(known)
    return next(name for n in range(1, _MOST + 2) if (name := f"rule-{n}") not in taken)


def _offered(rules: Iterable[Mapping[str, Any]], classes: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Every class of the taxonomy, and what a rule names that is a part of it."""
    known = {one["class"] for one in classes}
    further = {name for rule in rules for name in rule["classes"]} - known
    return [*classes, *({"class": name, "zh": name, "en": name} for name in sorted(further))]
