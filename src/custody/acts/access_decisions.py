"""A look is decided, kept as it was decided, and decided again months later with the same outcome (spec/access.md §3)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from custody.acts import entitlements as held_things
from custody.acts.desk import Desk
from custody.acts.policies import ACCESS, InForce
from custody.acts.standing import LACKS, purposes
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Missing
from custody.ports.store import Row, Transaction, one
from custody.privacy import access
from custody.privacy.access import Held, Outcome, Policy, decide
from custody.privacy.access_words import sentence

Fields = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Decided:
    """One look: the outcome for each compartment, and the record of how it came about."""

    outcomes: Mapping[int, Outcome]
    tiers: Mapping[int, str]
    record: bytes

    @property
    def digest(self) -> str:
        """What the ledger entry names."""
        return _digest(self.record)

    @property
    def open(self) -> frozenset[int]:
        """Compartments that may be opened."""
        return frozenset(place for place, one_outcome in self.outcomes.items() if one_outcome.open)

    def sentences(self, purpose: str, *, opened: bool) -> list[Fields]:
        """One sentence for each different outcome, of what opens or of what does not."""
        keys = {
            (self.tiers[place], made.rule, made.lacks) for place, made in self.outcomes.items() if made.open == opened
        }
        return [sentence(purpose, *key) for key in sorted(keys)]


def decided(
    desk: Desk, tx: Transaction, subject: bytes, judged: Sequence[tuple[Row, str | None]], purpose: str
) -> Decided:
    """Decide over these compartments of one customer, each with its verdict."""
    policy = ACCESS.in_force(tx, desk.space)
    inputs = _inputs(desk, tx, subject, policy)
    inputs["purpose"] = purpose
    inputs["compartments"] = [
        {
            "number": cast("int", row["number"]),
            "tier": str(row["tier"]),
            "purposes": sorted(str(row["purposes"]).split(",")),
            "verdict": verdict or "",
        }
        for row, verdict in judged
    ]
    outcomes = _decide(policy.policy, inputs)
    record = canonical.encode({**inputs, "outcome": _told(outcomes)})
    return Decided(outcomes, {cast("int", row["number"]): str(row["tier"]) for row, _ in judged}, record)


def keep(tx: Transaction, space: str, position: int, made: Decided) -> None:
    """Keep the record beside the entry that names its digest."""
    tx.add("access_decision", [{"space": space, "position": position, "record": made.record}])


def replay(tx: Transaction, space: str, position: int) -> Fields:
    """Read a decision again. Raises Missing `access.no-decision`, Broken `access.differs`, `access.policy`."""
    row, entry = (
        one(tx, "access_decision", space=space, position=position),
        one(tx, "ledger_entry", space=space, position=position),
    )
    if row is None or entry is None:
        raise Missing("access.no-decision", "No look was decided at this entry.", next="custody access of SUBJECT")
    record = cast("bytes", row["record"])
    said = cast("dict[str, Fields]", canonical.decode(cast("bytes", entry["entry"])))["says"]
    told = cast("dict[str, Json]", canonical.decode(record))
    if said.get("decision") != _digest(record):
        raise _differs()
    named = cast("dict[str, Json]", told["policy"])
    outcome = _told(_decide(_policy(tx, space, cast("int", named["n"]), str(named["content"])), told))
    if outcome != told["outcome"]:
        raise _differs()
    tiers = {
        cast("Fields", part)["number"]: str(cast("Fields", part)["tier"])
        for part in cast("list[Json]", told["compartments"])
    }
    return {
        **told,
        "sentences": list[Json](_sentences(str(told["purpose"]), tiers, outcome)),
        "sha256": _digest(record),
    }


def _policy(tx: Transaction, space: str, n: int, content: str) -> Policy:
    """The policy of this number and content; of number 0 the one among all that ever shipped. Raises Broken `access.differs`, `access.policy`."""
    if n == 0:
        shipped = [one_policy for one_policy in access.shipped() if ACCESS.content(space, one_policy) == content]
        if shipped:
            return shipped[0]
        raise _differs()
    made = ACCESS.version(tx, space, n)
    if made.content != content:
        raise _differs()
    return made.policy


def _sentences(purpose: str, tiers: Mapping[Json, str], outcome: list[Json]) -> list[Fields]:
    parts = [cast("Fields", part) for part in outcome]
    keys = {
        (not part["open"], tiers[part["number"]], str(part["rule"]), tuple(cast("list[str]", part["lacks"])))
        for part in parts
    }
    return [sentence(purpose, tier, rule, lacks) for _, tier, rule, lacks in sorted(keys)]


def _inputs(desk: Desk, tx: Transaction, subject: bytes, policy: InForce[Policy]) -> Fields:
    now = desk.clock.now()
    rows = list(held_things.live(tx, desk.principal.id, desk.today()))
    grants = [row for row in rows if row["kind"] == held_things.GRANT and row["subject"] in {b"", subject}]
    return {
        "v": 1,
        "policy": {"n": policy.n, "content": policy.content},
        "at": stamp(now),
        "principal": desk.principal.id,
        "roles": list[Json](sorted(desk.principal.roles)),
        "departments": list[Json](sorted({str(row["what"]) for row in rows if row["kind"] == held_things.DEPARTMENT})),
        "grants": [{"id": str(row["id"]), "tier": str(row["what"]), "purpose": str(row["purpose"])} for row in grants],
        "training": {str(row["what"]): str(row["until"]) for row in rows if row["kind"] == held_things.TRAINING},
    }


def _decide(policy: Policy, inputs: Mapping[str, Json]) -> dict[int, Outcome]:
    """From the inputs alone, as they are kept: what decides now and what decides again is one function."""
    texts = {name: frozenset(cast("list[str]", inputs[name])) for name in ("roles", "departments")}
    grants = frozenset(
        (str(one_grant["tier"]), str(one_grant["purpose"])) for one_grant in cast("list[Fields]", inputs["grants"])
    )
    held = Held(texts["roles"], texts["departments"], grants, frozenset(cast("dict[str, str]", inputs["training"])))
    purpose = str(inputs["purpose"])
    return {
        cast("int", part["number"]): _by_law(part, purpose) or decide(policy, held, str(part["tier"]), purpose)
        for part in cast("list[Fields]", inputs["compartments"])
    }


def _by_law(part: Fields, purpose: str) -> Outcome | None:
    """What stays shut before any rule is asked."""
    given, verdict = ",".join(cast("list[str]", part["purposes"])), str(part["verdict"])
    if purpose in purposes(given, verdict):
        return None
    return Outcome(open=False, rule="", lacks=(LACKS.get(verdict, "kept-for"),))


def _told(outcomes: Mapping[int, Outcome]) -> list[Json]:
    return [
        {
            "number": place,
            "open": made.open,
            "rule": made.rule,
            "lacks": list(made.lacks),
            "classes": list(made.classes),
        }
        for place, made in sorted(outcomes.items())
    ]


def _digest(record: bytes) -> str:
    return "sha256:" + hashlib.sha256(record).hexdigest()


def _differs() -> CustodyError:
    return Broken("access.differs", "This decision is not what was entered, or would be another one.", kind="altered")
