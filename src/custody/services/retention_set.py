"""Put a retention policy in force: written by one person, approved by another (A8; spec/retention.md §3)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.bases import by_compartment
from custody.acts.desk import Desk
from custody.acts.expiring import QUARANTINED, rules_of
from custody.acts.mirroring import mirrored
from custody.acts.policies import RETENTION
from custody.acts.sole import sole_writer
from custody.acts.vaults import QUARANTINE, vault_row
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction
from custody.privacy.retention import Policy, parse

SETTERS: Final = ("owner", "privacy")


@sole_writer("vault", "vault")
def retention_set(desk: Desk, laws: Laws, text: str, vault: str | None, *, dry_run: bool) -> Mapping[str, Json]:
    """Raises Malformed `retention.form`, `retention.too-short`, `retention.column`, Missing `retention.law`, Refused `act.unapproved`."""
    desk.require(SETTERS)
    policy = parse(text)
    _require_known(policy, laws)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        kept = {str(one["retention"]) for one in tx.find("compartment", vault=name)} | {QUARANTINED}
        _require_columns(tx, name, policy)
        bare = _without_rule(desk, tx, row, policy)
    content = RETENTION.content(name, policy)
    spoken = {rule.retention for rule in policy.rules}
    told: dict[str, Json] = {
        "vault": str(row["name"]), "rules": len(policy.rules), "standing_until": policy.standing_until, "notice_days": policy.notice_days,
        "without_rule": list[Json](bare), "without_data": sorted(spoken - kept),
    }  # fmt: skip
    if dry_run:
        return {**told, "would": True, "approve": {"act": RETENTION.act, "content": content}}
    with desk.store.write() as tx:
        if before := RETENTION.standing(tx, name, content):
            return {**told, "n": before.n, "content": content, "resumed": True}
        says: dict[str, Json] = {"vault": name, "standing_until": policy.standing_until}
        n, position = RETENTION.put(desk, tx, name, policy, says)
    return {
        **told,
        "n": n,
        "content": content,
        "resumed": False,
        "mirrored": mirrored(desk),
        "ledger": f"{desk.space}@{position}",
    }


def _require_known(policy: Policy, laws: Laws) -> None:
    """A policy cites rules that exist: a reader who looks one up finds it."""
    packs = lawbook.packs(laws)
    unknown = sorted({law for rule in policy.rules for law in rule.law if packs.rule(law) is None})
    if unknown:
        raise Missing("retention.law", "The policy cites rules that no law pack has.",
                      where={"law": ", ".join(unknown)}, next="custody law explain FACTS_FILE RULE shows a rule that there is.")  # fmt: skip


def _require_columns(tx: Transaction, vault: str, policy: Policy) -> None:
    """A rule that strips a column which no table has would strip nothing, and say that it did."""
    known = set[str]()
    for layout in tx.find("schema", vault=vault):
        columns = cast("Mapping[str, list[str]]", canonical.decode(cast("bytes", layout["columns"])))["columns"]
        known |= {*columns, *(f"{layout['tbl']!s}.{column}" for column in columns)}
    unknown = sorted({column for rule in policy.rules for column in rule.columns} - known)
    if known and unknown:
        raise Malformed("retention.column", "The policy strips columns that no table of this vault has.",
                        where={"columns": ", ".join(unknown)}, next="custody datamap show lists the columns.")  # fmt: skip


def _without_rule(desk: Desk, tx: Transaction, vault: Row, policy: Policy) -> list[str]:
    """Words of which some compartment has no rule: what is kept there has no clock."""
    name = str(vault["id"])
    rules = rules_of(tx, name, policy, by_compartment(desk, tx, vault))
    kept = tx.find("compartment", order=("number",), vault=name)
    bare = {str(one["retention"]) for one in kept if rules[int(one["number"] or 0)] is None} - {"none"}
    lines = tx.count("subject", vault=name, kind=QUARANTINED) and rules[QUARANTINE] is None
    return sorted({*bare, QUARANTINED} if lines else bare)
