"""What another access policy would open and shut, for whom, before anybody signs it (A3; spec/access.md §1). Changes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, cast

from custody.acts import entitlements as held_things
from custody.acts.desk import Desk
from custody.acts.policies import ACCESS
from custody.base.canonical import Json
from custody.model.party import MACHINES
from custody.ports.store import Row, Transaction
from custody.privacy.access import PURPOSES, TIERS, Held, Policy, decide, parse

SETTERS: Final = ("owner", "privacy")
ASKS: Final = "asks"
_GIVEN: Final = frozenset(("grant", "training"))
"""What somebody can be given; a rule for other roles, purposes or departments is none for them."""


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
            (was, before), (would, after) = (_way(one, held, tier, purpose) for one in (now, new))
            if (was, before) != (would, after):
                lacks = list[Json](after) if would == ASKS else []
                yield {"handle": handle, "tier": tier, "purpose": purpose, "was": was, "would": would, "lacks": lacks}


def _way(policy: Policy, held: Held, tier: str, purpose: str) -> tuple[str, tuple[str, ...]]:
    """(how it opens, which classes, or what they could still get that the nearest rule of theirs asks for)."""
    made = decide(policy, held, tier, purpose)
    if made.open:
        return ("some" if made.classes else "open"), tuple(sorted(made.classes))
    each = (decide(replace(policy, rules=(rule,)), held, tier, purpose) for rule in policy.rules)
    open_to = sorted((one.lacks for one in each if _GIVEN.issuperset(one.lacks)), key=lambda lacks: (len(lacks), lacks))
    return (ASKS, open_to[0]) if open_to else ("shut", ())


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
