"""Tags of policies: what a rule allows, in one sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from custody.services.words import class_list
from custody.web.console.catalogue import either, lang, words

register = template.Library()


@register.simple_tag
def access_says(rule: Mapping[str, Any], days: int) -> str:
    """Who may see what and what for, and what it asks for before it opens."""
    needs = [words("policy.if_department")] if rule["department"] else []
    needs += [words("policy.if_grant", n=days)] if rule["grant"] else []
    needs += (
        [words("policy.if_training", topic=either(f"training.{rule['training']}", rule["training"]))]
        if rule["training"]
        else []
    )
    told = words(
        "policy.says", who=_many("role", rule["roles"]), tiers=_many("tier", rule["tiers"]), why=_many("purpose", rule["purposes"]),
        classes=words("policy.classes_only", classes=_classes(rule["classes"])) if rule["classes"] else "",
        needs=words("policy.needs", needs=words("policy.and").join(needs)) if needs else "",
    )  # fmt: skip
    return told[:1].upper() + told[1:]


@register.simple_tag
def term_says(rule: Mapping[str, Any]) -> str:
    """How long one kind of data is kept, from which day, and what happens then."""
    spans = [words(f"terms.{name}", n=rule[name]) for name in ("years", "months", "days") if rule.get(name)]
    return words(
        "terms.says", kind=rule["retention"], start=either(f"retention_start.{rule['start']}", rule["start"]), span=words("terms.and").join(spans) or words("terms.at_once"),
        year_end=words("terms.says_year_end") if rule.get("year_end") else "", then=either(f"terms.{rule['then']}", rule["then"]),
        columns=words("terms.says_columns", columns=words("policy.comma").join(rule["columns"])) if rule["columns"] else "",
        purposes=words("terms.says_purposes", purposes=words("policy.comma").join(rule["purposes"])) if rule["purposes"] else "",
    )  # fmt: skip


def _many(area: str, codes: Iterable[str]) -> str:
    return words("policy.comma").join(
        either(f"{area}.{one}", one).lower() if lang() == "en" else either(f"{area}.{one}", one) for one in codes
    )


def _classes(named: Iterable[str]) -> str:
    known = {one["class"]: one[lang()] for one in class_list()}
    return words("policy.comma").join(known.get(one, one) for one in named)
