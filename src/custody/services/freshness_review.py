"""Review the values of a vault: what is stale, invalid, contradictory, held twice or came back becomes a work list (A7; spec/freshness.md §1)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.accuracy import KINDS
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.policies import CORRECTIONS
from custody.acts.reviewing import STATES, UNREAD, review
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp

REVIEWERS: Final = ("owner", "privacy", "data", "operator")


def freshness_review(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Safe to run again, and after a break: everybody is looked at anew. Raises Missing `vault.unknown`, Broken `freshness.policy`."""
    desk.require(REVIEWERS)
    with desk.store.read() as tx:
        row, force = vault_row(tx, desk.space, vault), CORRECTIONS.in_force(tx, desk.space)
    counted = review(desk, row, force.policy)
    told: dict[str, Json] = {
        "by_kind": {kind: counted[kind] for kind in KINDS}, **{state: counted[state] for state in STATES}, **({UNREAD: counted[UNREAD]} if counted[UNREAD] else {}),
    }  # fmt: skip
    with desk.store.write() as tx:
        says: dict[str, Json] = {"vault": str(row["id"]), "policy": force.n, **told}
        position = append(tx, desk.space, stamp(desk.clock.now()), "accuracy-reviewed", says)
    return {
        "vault": str(row["name"]),
        "policy": force.n,
        **told,
        "mirrored": mirrored(desk),
        "ledger": f"{desk.space}@{position}",
    }
