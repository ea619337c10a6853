"""Destroy the seller's copy: shred the delivered slots, change the root, certify what was proven and attested (C9)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from custody.acts import job, lawbook, let_go
from custody.acts.approval import content_hash, demand
from custody.acts.copies import attested
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.ending import certificate, heading, shred_places
from custody.acts.handing import DESTROYED, own, statement_row
from custody.acts.matters import deal
from custody.acts.rotate import rotate
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.vaults import QUARANTINE, SLOT, sha256, slot_places
from custody.acts.verdicts import Verdicts
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.accounted import Stays
from custody.package.statements import Destroyed, predicate
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, one

_STAYS: Final = {"wait": "withheld", "withhold": "withheld", "retain_only": "retain-only"}


@sole_writer("deal", "named_deal")
def destroy(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Needs an agreed receipt and a second person. Raises Missing `statement.missing`, Refused `act.unapproved`."""
    desk.require(("owner", "privacy"))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        statement_row(tx, str(matter["id"]), "receipt")
        key = f"destroy:{matter['id']!s}:{matter['version']!s}"
    if done := job.finished(desk, key):
        return _said_again(desk, matter, key, done, out)
    places = _delivered(desk, matter)
    listed = b"".join(bytes.fromhex(who) + SLOT.pack(*place) for who, place in sorted(places))
    content = content_hash(
        {"act": "destroy", "deal": str(matter["id"]), "version": matter["version"], "slots": sha256(listed)}
    )
    people = len({who for who, place in places if place[0] != QUARANTINE})
    if dry_run:
        return {
            "deal": str(matter["ref"]),
            "subjects": people,
            "would": {"approve": ["destroy", content], "slots": len(places)},
        }
    with desk.store.write() as tx:
        demand(desk, tx, "destroy", content)
    plan = job.begin(desk, key, "destroy", _before(desk, laws, matter))
    shred_places(desk, str(matter["vault"]), places)
    rotation = rotate(desk, str(matter["vault"]), cast("int", plan["generation"]))
    with desk.store.write() as tx:
        kept = [
            Stays(what, tuple(why), count)
            for what, why, count in cast("list[tuple[str, list[str], int]]", plan["stays"])
        ]
        receipt = str(statement_row(tx, str(matter["id"]), "receipt")["sha256"])
        says = certificate(desk, tx, str(matter["ref"]), str(matter["vault"]), (receipt,), kept, rotation)
        subjects = [named("vault", says.proven.vault), named("receipt", says.proven.receipts[0])]
        envelope = issue(desk, tx, str(matter["id"]), subjects, says)
        tx.change("matter", {"state": "delivered"}, id=str(matter["id"]))
        out.write(DESTROYED, envelope)
        counts = cast("dict[str, int]", plan["by_verdict"])
        result: dict[str, Json] = {
            "id": str(plan["id"]), "deal": str(matter["ref"]), "subjects": counts["hand_over"], "rows": says.proven.shredded,
            "bytes": 0, "sha256": sha256(envelope), "heading": says.heading, "certificate": predicate(says),
            "started_at": plan["started_at"], "finished_at": stamp(desk.clock.now()),
            "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), 'destroyed')['position']!s}",
        }  # fmt: skip
        return job.finish(tx, key, result)


def _said_again(desk: Desk, matter: Row, key: str, done: job.Result, out: Files) -> Mapping[str, Json]:
    """The certificate as it stands; a new one when people have accounted for copies since, and nothing else changed."""
    name = str(matter["id"])
    with desk.store.write() as tx:
        said, envelope = own(desk, tx, name, Destroyed)
        copies = attested(tx, str(matter["vault"]))
        if copies != said.attested:
            says = replace(said, attested=copies, heading=heading(copies))
            subjects = [named("vault", says.proven.vault), *(named("receipt", one) for one in says.proven.receipts)]
            number = cast("int", statement_row(tx, name, "destroyed")["n"]) + 1
            envelope = issue(desk, tx, name, subjects, says, n=number)
            place = f"{desk.space}@{statement_row(tx, name, 'destroyed')['position']!s}"
            told: dict[str, Json] = {
                "heading": says.heading,
                "certificate": predicate(says),
                "sha256": sha256(envelope),
            }
            done = job.finish(tx, key, {**done, **told, "ledger": place})
    out.write(DESTROYED, envelope)
    return {**done, "resumed": True}


def _delivered(desk: Desk, matter: Row) -> set[tuple[str, tuple[int, int, int]]]:
    """(subject, place) of every slot that goes: delivered ones, and quarantined raw rows, which may hold their data."""
    with desk.store.read() as tx:
        live = {(who.hex(), place) for who, place in let_go.slots(tx, matter, 1) if place[0] != REFERENCE_COMPARTMENT}
        for row in tx.find("subject", vault=str(matter["vault"]), kind="quarantine"):
            places, who = slot_places(cast("bytes", row["slots"])), cast("bytes", row["id"]).hex()
            live |= {(who, (QUARANTINE, *places[QUARANTINE]))} if QUARANTINE in places else set()
    return live


def _before(desk: Desk, laws: Laws, matter: Row) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        packs = lawbook.packs(laws)
        verdicts = decide(tx, matter, packs, desk.clock.now().date())
        kinds = {str(row["kind"]) for row in tx.find("subject", vault=str(matter["vault"]))}
        row = one(tx, "vault", id=str(matter["vault"]))
        assert row is not None
    started = stamp(desk.clock.now())
    return {
        "by_verdict": verdicts.by_verdict(), "stays": _stays(verdicts), "kinds": sorted(kinds), "started_at": started,
        "generation": row["generation"],
    }  # fmt: skip


def _stays(verdicts: Verdicts) -> list[Json]:
    """[what, rules, customers]: who keeps a readable compartment here, wholly or in part withheld or retained, and by which rules."""
    people: dict[str, set[bytes]] = defaultdict(set)
    rules: dict[str, set[str]] = defaultdict(set)
    for (who, _), number in verdicts.of.items():
        decision = verdicts.decisions[number]
        if verdicts.kinds[who] == "customer" and decision.verdict in _STAYS:
            what = _STAYS[decision.verdict]
            what += "-part" if what == "withheld" and verdicts.best(who) == "hand_over" else ""
            people[what].add(who)
            rules[what].update(
                one.rule for one in decision.reasons if _STAYS.get(one.verdict) == _STAYS[decision.verdict]
            )
    return [[what, list[Json](sorted(rules[what])), len(who)] for what, who in sorted(people.items())]
