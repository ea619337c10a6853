"""An access policy as people write it: what `parse` reads back to the same policy (spec/access.md §1)."""

import json
from collections.abc import Sequence

from custody.privacy.access import Department, Policy, Rule


def written(policy: Policy) -> str:
    """TOML, one rule after the other. A JSON string of what may stand in a policy is a TOML string."""
    parts = [
        f"grant_days = {policy.grant_days}\nbulk_from = {policy.bulk_from}\n" + ("" if policy.rules else "rule = []\n")
    ]
    parts += [_department(code, one) for code, one in policy.departments.items()]
    parts += [_rule(one) for one in policy.rules]
    return "\n".join(parts)


def _department(code: str, one: Department) -> str:
    return f"[departments.{code}]\nzh = {_text(one.zh)}\nen = {_text(one.en)}\npurposes = {_list(one.purposes)}\n"


def _rule(one: Rule) -> str:
    lines = [
        "[[rule]]",
        f"id = {_text(one.id)}",
        f"tiers = {_list(one.tiers)}",
        f"roles = {_list(one.roles)}",
        f"purposes = {_list(one.purposes)}",
    ]
    lines += ["department = true"] if one.department else []
    lines += ["grant = true"] if one.grant else []
    lines += [f"training = {_text(one.training)}"] if one.training else []
    lines += [f"classes = {_list(one.classes)}"] if one.classes else []
    return "\n".join(lines) + "\n"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(_text(one) for one in values)}]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
