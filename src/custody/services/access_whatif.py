"""What another access policy would open and shut, for whom, before anybody signs it (A3; spec/access.md §1). Changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from custody.acts import entitlements as held_things
from custody.acts.desk import Desk
from custody.acts.policies import ACCESS
from custody.base.canonical import Json
from custody.model.party import MACHINES
from custody.ports.store import Row, Transaction
from custody.privacy.access import PURPOSES, TIERS, Held, Outcome, Policy, decide, parse

SETTERS: Final = ("owner", "privacy")


def access_whatif(desk: Desk, text: str) -> Mapping[str, Json]:
    """`moves`: who, which tier, what for, what was and would be: `open`, `some` classes, `shut`, or `asks` for what they lack today.

    With what everybody holds today; a grant for one customer alone counts for none. Raises Malformed `access.form`, Denied `act.role`.
    """
    desk.require(SETTERS)
    new = parse(text)
    with desk.store.read() as tx:
        now = ACCESS.in_force(tx, desk.space).policy
        rows = tx.find("principal", order=("handle",), party=desk.space, revoked_at="")
        people = [row for row in rows if not MACHINES.intersection(str(row["roles"]).split(","))]
        moves = [move for row in people for move in _moves(str(row["handle"]), _held(desk, tx, row), now, new)]
    return {
        "people": len(people),
        "moves": list[Json](moves),
        "bulk_from": [now.bulk_from, new.bulk_from],
        "grant_days": [now.grant_days, new.grant_days],
    }


def _moves(handle: str, held: Held, now: Policy, new: Policy) -> Iterator[dict[str, Json]]:
    for tier in TIERS:
        for purpose in PURPOSES:
            was, would = (decide(one, held, tier, purpose) for one in (now, new))
            if _way(was) != _way(would) or (was.open and set(was.classes) != set(would.classes)):
                yield {
                    "handle": handle,
                    "tier": tier,
                    "purpose": purpose,
                    "was": _way(was),
                    "would": _way(would),
                    "lacks": _lacks(would),
                }


def _way(one: Outcome) -> str:
    if one.open:
        return "some" if one.classes else "open"
    return "asks" if _lacks(one) else "shut"


def _lacks(one: Outcome) -> list[Json]:
    """What they could still get: a rule for other roles or purposes is none for them."""
    lacking = list[Json](one.lacks)
    return [] if one.open or {"rule", "role", "purpose", "department"}.intersection(one.lacks) else lacking


def _held(desk: Desk, tx: Transaction, person: Row) -> Held:
    rows = list(held_things.live(tx, str(person["id"]), desk.today()))
    of = {
        kind: [row for row in rows if row["kind"] == kind]
        for kind in (held_things.GRANT, held_things.DEPARTMENT, held_things.TRAINING)
    }
    grants = frozenset(
        (str(row["what"]), str(row["purpose"])) for row in of[held_things.GRANT] if not cast("bytes", row["subject"])
    )
    departments, training = (
        frozenset(str(row["what"]) for row in of[kind]) for kind in (held_things.DEPARTMENT, held_things.TRAINING)
    )
    return Held(frozenset(str(person["roles"]).split(",")), departments, grants, training)
