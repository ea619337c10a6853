"""What would run out under another retention policy, and what would not any more, before anybody signs it (A8; spec/retention.md §4). Changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from custody.acts.desk import Desk
from custody.acts.expiring import State
from custody.acts.policies import RETENTION, InForce
from custody.acts.retiring import LOOKERS, clocks, over
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.privacy.retention import Policy, Rule, parse

MOST: Final = 20_000
"""Customers that are looked at while somebody types; of more the rehearsal of the policy tells."""


def retention_whatif(desk: Desk, text: str, vault: str | None) -> Mapping[str, Json]:
    """Slots and customers that have run out now, and would under the text; `more` and `less` of them, and by rule of the text. `many`: there are too many to look at each.

    Raises Malformed `retention.form`, `retention.too-short`, Denied `act.role`.
    """
    desk.require(LOOKERS)
    new = parse(text)
    with desk.store.read() as tx:
        name = str(vault_row(tx, desk.space, vault)["id"])
        people = tx.count("subject", vault=name, kind="customer", state="live")
        if people > MOST:
            return {"people": people, "many": True}
        was = list[State]()
        if tx.count("retention_policy", vault=name):
            force = RETENTION.in_force(tx, name)
            was = over(tx, clocks(desk, tx, name, force))
            force = replace(force, policy=new)
        else:
            force = _first(new)
        would = over(tx, clocks(desk, tx, name, force))
    old, fresh = _slots(was), _slots(would)
    return {
        "people": people, "many": False, "was": _counted(old), "would": _counted(fresh), "more": _counted(fresh - old), "less": _counted(old - fresh),
        "rules": list[Json](_by_rule(would, new.rules)),
    }  # fmt: skip


def _slots(states: Iterable[State]) -> frozenset[tuple[bytes, int]]:
    return frozenset((one.subject, one.compartment) for one in states)


def _counted(slots: frozenset[tuple[bytes, int]]) -> dict[str, Json]:
    return {"slots": len(slots), "subjects": len({who for who, _ in slots})}


def _by_rule(states: Iterable[State], rules: tuple[Rule, ...]) -> Iterable[dict[str, Json]]:
    found = defaultdict[int, set[bytes]](set)
    for one in states:
        found[one.rule].add(one.subject)
    return (
        {"retention": rules[number].retention, "then": str(rules[number].then), "subjects": len(some)}
        for number, some in sorted(found.items())
    )


def _first(policy: Policy) -> InForce[Policy]:
    """As the vault's first policy: nobody signed one yet."""
    return InForce(0, "", policy)
