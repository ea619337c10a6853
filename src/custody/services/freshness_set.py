"""Put a policy of corrections in force: written by one person, approved by another (A7; spec/freshness.md §2)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.freshness_policies import ACT, content_of, in_force, set_policy
from custody.acts.mirroring import mirrored
from custody.base.canonical import Json
from custody.base.errors import Broken
from custody.privacy.corrections import parse


def freshness_set(desk: Desk, text: str, *, dry_run: bool) -> Mapping[str, Json]:
    """Raises Malformed `freshness.form`, `freshness.floor`, Refused `act.unapproved`. The policy in force already changes nothing."""
    desk.require(("owner", "privacy"))
    policy = parse(text)
    content = content_of(desk.space, policy)
    told: dict[str, Json] = {
        "fields": len(policy.fields),
        "content": content,
    }
    if dry_run:
        return {**told, "would": {"approve": [ACT, content]}}
    with desk.store.write() as tx:
        try:
            before = in_force(tx, desk.space)
        except Broken:  # a policy that somebody wrote into the store is replaced by one that two people sign
            before = None
        if before is not None and before.n and before.content == content:
            return {**told, "n": before.n, "resumed": True}
        n, position = set_policy(desk, tx, policy)
    return {**told, "n": n, "resumed": False, "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}
