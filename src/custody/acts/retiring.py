"""List what has run out, and let go what was listed long enough: erased, or stripped of columns (spec/retention.md §4).

In batches of one transaction each, in which clocks and holds are looked at again; so it can be cut off anywhere and run again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, cast

from custody.acts.approval import content_hash
from custody.acts.bases import by_compartment
from custody.acts.closed_accounts import keep_away_closing
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE, erase_compartments, erase_subjects
from custody.acts.evidence import append
from custody.acts.expiring import OVER, Clocks, State
from custody.acts.policies import InForce
from custody.acts.quarantined import bound_of
from custody.acts.shred import held
from custody.acts.stripping import Gone, content_of_rule, strip
from custody.acts.vaults import AUDIT, QUARANTINE, slot_places
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.ports.store import Cells, Row, Transaction, one
from custody.privacy.retention import Policy, Then, today

BATCH: Final = 256
ACT: Final = "retention"
LOOKERS: Final = ("owner", "privacy", "operator", "lawyer", "auditor")
RUNNERS: Final = ("owner", "privacy", "operator")
_ID: Final = "subject"


Bases = Mapping[int, frozenset[str]]


def clocks(desk: Desk, tx: Transaction, vault: str, force: InForce[Policy], bases: Bases | None = None) -> Clocks:
    """The clocks of today; `bases` when the data map was read already. Raises Broken `datamap.altered`."""
    if bases is None:
        bases = by_compartment(desk, tx, cast("Row", one(tx, "vault", id=vault)))
    return Clocks(tx, vault, force.policy, today(desk.clock.now()), bases)


def over(tx: Transaction, clock: Clocks) -> list[State]:
    """What has run out and is still there: not stripped already by just this rule, where a rule only strips."""
    done = {(row["subject"], row["compartment"], row["content"]) for row in tx.find("stripped", vault=clock.vault)}
    named_ = [content_of_rule(rule) for rule in clock.policy.rules]
    return [one for one in clock.all() if one.state == OVER
            and (clock.policy.rules[one.rule].then is Then.ERASE or (one.subject, one.compartment, named_[one.rule]) not in done)]  # fmt: skip


def list_due(desk: Desk, tx: Transaction, vault: str, due: Iterable[State], force: InForce[Policy]) -> int:
    """Note what has run out and was not listed yet, and take off what has not any more; returns how many are new."""
    wanted = {(one.subject, one.compartment) for one in due}
    rows = tx.find("retention_listed", vault=vault)
    known = {(cast("bytes", row["subject"]), cast("int", row["compartment"])) for row in rows}
    keys: list[Cells] = [{"vault": vault, "subject": who, "compartment": number} for who, number in known - wanted]
    if keys:
        tx.drop_many("retention_listed", keys)
    fresh, now = sorted(wanted - known), stamp(desk.clock.now())
    if fresh:
        tx.add(
            "retention_listed",
            [{"vault": vault, "subject": who, "compartment": number, "at": now} for who, number in fresh],
        )
        says: dict[str, Json] = {"vault": vault, "slots": len(fresh), "policy": force.content}
        append(tx, desk.space, now, "retention-listed", says)
    return len(fresh)


def ripe(desk: Desk, tx: Transaction, vault: str, due: Iterable[State], force: InForce[Policy]) -> list[State]:
    """Of what has run out, what was listed for as long as the policy says, and nobody holds; a quarantine waits while it names somebody who is held."""
    before = desk.clock.now() - timedelta(days=force.policy.notice_days)
    listed = {(row["subject"], row["compartment"]) for row in tx.find("retention_listed", vault=vault)
              if parse(str(row["at"])) <= before}  # fmt: skip
    kept, due = set(held(tx, vault, stamp(desk.clock.now()))), list(due)
    if any(one.compartment == QUARANTINE for one in due):
        kept |= bound_of(desk, tx, vault).keys()
    return [one for one in due if (one.subject, one.compartment) in listed and one.subject not in kept]


def content_of(vault: str, going: Sequence[State], force: InForce[Policy]) -> str:
    """What a second person approves where the policy does not stand: just these, under this policy."""
    told: list[Json] = [f"{one.subject.hex()}/{one.compartment}" for one in sorted(going)]
    digest = content_hash({"going": told})
    return content_hash({"act": ACT, "vault": vault, "slots": len(going), "sha256": digest, "policy": force.content})


def let_go(desk: Desk, vault: str, going: Sequence[State], force: InForce[Policy], bases: Bases) -> Gone:
    """Do it, batch by batch, on the bases that the run began with: nobody signs another map while it holds the vault."""
    gone, by_person = Gone(), defaultdict[bytes, list[State]](list)
    for state in going:
        by_person[state.subject].append(state)
    people = sorted(by_person)
    with desk.store.read() as tx:
        row = cast("Row", one(tx, "vault", id=vault))
    for start in range(0, len(people), BATCH):
        keep_away_closing(desk, row, people[start : start + BATCH])
        _erase(desk, (vault, bases), people[start : start + BATCH], by_person, force, gone)
    due = [(state, force.policy.rules[state.rule]) for who in people for state in by_person[who]]
    strip(desk, vault, [(state, rule) for state, rule in due if rule.then is Then.STRIP], gone)
    return gone


def _erase(
    desk: Desk,
    of: tuple[str, Bases],
    people: Sequence[bytes],
    by_person: Mapping[bytes, list[State]],
    force: InForce[Policy],
    gone: Gone,
) -> None:
    vault, bases = of
    with desk.store.write() as tx:
        clock, kept = clocks(desk, tx, vault, force, bases), held(tx, vault, stamp(desk.clock.now()))
        whole: list[bytes] = []
        parts: dict[bytes, list[int]] = {}
        for who in people:
            row = one(tx, _ID, vault=vault, id=who)
            if row is None or row["state"] != LIVE or who in kept:
                continue
            still = _still(clock, row, by_person[who])
            if not still:
                continue
            if {state.compartment for state in still} >= slot_places(cast("bytes", row["slots"])).keys() - {AUDIT}:
                whole.append(who)
            else:
                parts[who] = [state.compartment for state in still]
            for state in still:
                gone.by_rule[state.rule] += 1
        _commit(desk, tx, vault, whole, parts, force, gone)


def _still(clock: Clocks, row: Row, asked: Sequence[State]) -> list[State]:
    """What of it has run out now, as this transaction sees it, and is to be erased."""
    wanted = {state.compartment for state in asked}
    return [state for state in clock.of(row) if state.state == OVER and state.compartment in wanted
            and clock.policy.rules[state.rule].then is Then.ERASE]  # fmt: skip


def _commit(
    desk: Desk,
    tx: Transaction,
    vault: str,
    whole: list[bytes],
    parts: Mapping[bytes, list[int]],
    force: InForce[Policy],
    gone: Gone,
) -> None:
    why: dict[str, Json] = {"part": "retention", "policy": force.content}
    if whole:
        done = erase_subjects(desk, tx, vault, whole, why)
        gone.subjects += len(whole)
        _count(gone, done)
    if parts:
        _count(gone, erase_compartments(desk, tx, vault, parts, why))
    keys: list[Cells] = [
        {"vault": vault, "subject": who, "compartment": number} for who, numbers in parts.items() for number in numbers
    ]
    if keys:
        tx.drop_many("retention_listed", keys)


def _count(gone: Gone, done: Mapping[str, Json]) -> None:
    gone.slots += cast("int", done["slots"])
    gone.records += cast("int", done["records"])
