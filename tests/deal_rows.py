"""A deal as the store holds it, without its people: for tests of deciding that need no home."""

from collections.abc import Mapping

from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Transaction


def open_deal(tx: Transaction, facts: Mapping[str, Json], tiers: Mapping[int, str]) -> None:
    """Deal `m` of party `p` over vault `v`, on these facts; `tiers` are those of the vault's compartments."""
    tx.add(
        "matter", [{"id": "m", "party": "p", "kind": "deal", "ref": "D-1", "version": 1, "state": "open", "vault": "v"}]
    )
    tx.add(
        "fact",
        [
            {"matter": "m", "version": 1, "leaf": leaf, "value": canonical.encode(value)}
            for leaf, value in facts.items()
        ],
    )
    tx.add(
        "compartment",
        [{"vault": "v", "number": one, "tier": tier, "purposes": "service"} for one, tier in tiers.items()],
    )
