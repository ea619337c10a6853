"""Put an access policy in force: written by one person, approved by another (A3; spec/access.md §1)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.policies import ACCESS, set_policy
from custody.base.canonical import Json
from custody.privacy.access import parse

SETTERS: Final = ("owner", "privacy")


def access_set(desk: Desk, text: str, *, dry_run: bool) -> Mapping[str, Json]:
    """Raises Malformed `access.form`, Refused `act.unapproved`. The policy in force already changes nothing."""
    desk.require(SETTERS)
    policy = parse(text)
    told: dict[str, Json] = {"rules": len(policy.rules), "departments": list[Json](sorted(policy.departments))}
    return set_policy(desk, ACCESS, policy, told, dry_run=dry_run)
