"""Put a policy of corrections in force: written by one person, approved by another (A7; spec/freshness.md §2)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.policies import CORRECTIONS, set_policy
from custody.base.canonical import Json
from custody.privacy.corrections import parse


def freshness_set(desk: Desk, text: str, *, dry_run: bool) -> Mapping[str, Json]:
    """Raises Malformed `freshness.form`, `freshness.floor`, Refused `act.unapproved`. The policy in force already changes nothing."""
    desk.require(("owner", "privacy"))
    policy = parse(text)
    return set_policy(desk, CORRECTIONS, policy, {"fields": len(policy.fields)}, dry_run=dry_run)
