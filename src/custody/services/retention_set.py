"""Put a retention policy in force: written by one person, approved by another (A8; spec/retention.md §3)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.policies import RETENTION
from custody.acts.sole import sole_writer
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.privacy.retention import parse


@sole_writer("vault", "vault")
def retention_set(desk: Desk, text: str, vault: str | None, *, dry_run: bool) -> Mapping[str, Json]:
    """Raises Malformed `retention.form`, `retention.too-short`, Refused `act.unapproved`."""
    desk.require(("owner", "privacy"))
    policy = parse(text)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        kept = {str(one["retention"]) for one in tx.find("compartment", vault=name)} | {"quarantined"}
    content = RETENTION.content(name, policy)
    spoken = {rule.retention for rule in policy.rules}
    told: dict[str, Json] = {
        "vault": str(row["name"]), "rules": len(policy.rules), "standing_until": policy.standing_until, "notice_days": policy.notice_days,
        "without_rule": sorted(kept - spoken - {"none", "quarantined"}), "without_data": sorted(spoken - kept),
    }  # fmt: skip
    if dry_run:
        return {**told, "would": True, "approve": {"act": RETENTION.act, "content": content}}
    with desk.store.write() as tx:
        says: dict[str, Json] = {"vault": name, "standing_until": policy.standing_until}
        n, position = RETENTION.put(desk, tx, name, policy, says)
    return {**told, "n": n, "content": content, "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}
