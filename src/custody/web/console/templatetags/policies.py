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


def _many(area: str, codes: Iterable[str]) -> str:
    return words("policy.comma").join(
        either(f"{area}.{one}", one).lower() if lang() == "en" else either(f"{area}.{one}", one) for one in codes
    )


def _classes(named: Iterable[str]) -> str:
    known = {one["class"]: one[lang()] for one in class_list()}
    return words("policy.comma").join(known.get(one, one) for one in named)
