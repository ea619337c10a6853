"""Destroy the seller's copy: shred the delivered slots, change the root, certify what was proven and attested (C9)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from custody.acts import job, lawbook, let_go, releases
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
from custody.acts.vaults import QUARANTINE, SLOT, SUBJECT_BYTES, sha256, slot_places
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

_STAYS: Final = {"hand_over": "withheld", "wait": "withheld", "withhold": "withheld", "retain_only": "retain-only"}
_LATE: Final = "NOT-RELEASED"
"""Why somebody stays who is cleared by now: no release gave the keys."""


@sole_writer("deal", "named_deal")
def destroy(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Needs an agreed receipt and a second person. Raises Missing `statement.missing`, Refused `act.unapproved`."""
    desk.require(("owner", "privacy"))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        statement_row(tx, str(matter["id"]), "receipt")
        made = releases.made(desk, tx, str(matter["id"]))
        for each in made:
            statement_row(tx, str(matter["id"]), "receipt", each.n)
        key = f"destroy:{matter['id']!s}:{matter['version']!s}" + (f":{made[-1].n}" if len(made) > 1 else "")
    if done := job.finished(desk, key):
        return _said_again(desk, matter, key, done, out)
    places = _delivered(desk, matter)
    listed = b"".join(bytes.fromhex(who) + SLOT.pack(*place) for who, place in sorted(places))
    slots = sha256(listed)
    content = content_hash({"act": "destroy", "deal": str(matter["id"]), "version": matter["version"], "slots": slots})
    people = len({who for who, place in places if place[0] != QUARANTINE} - {bytes(SUBJECT_BYTES).hex()})
    if dry_run:
        return {
            "deal": str(matter["ref"]),
            "subjects": people,
            "would": {"approve": ["destroy", content], "slots": len(places)},
        }
    if not _approved(job.begun(desk, key), slots):
        with desk.store.write() as tx:
            demand(desk, tx, "destroy", content)
    plan = job.begin(desk, key, "destroy", {**_before(desk, laws, matter), "people": people, "slots": slots})
    if not plan.get("shredded"):
        shredded = {**plan, "shredded": True}
        shred_places(desk, str(matter["vault"]), places, lambda tx: job.note(tx, key, shredded))
    rotation = rotate(desk, str(matter["vault"]), cast("int", plan["generation"]))
    with desk.store.write() as tx:
        kept = [
            Stays(what, tuple(why), count)
            for what, why, count in cast("list[tuple[str, list[str], int]]", plan["stays"])
        ]
        receipts = tuple(
            str(row["sha256"]) for row in tx.find("statement", order=("n",), matter=str(matter["id"]), kind="receipt")
        )
        says = certificate(desk, tx, str(matter["ref"]), str(matter["vault"]), receipts, kept, rotation)
        number = tx.count("statement", matter=str(matter["id"]), kind="destroyed") + 1
        envelope = issue(desk, tx, str(matter["id"]), _subjects(says), says, n=number)
        tx.change("matter", {"state": "delivered"}, id=str(matter["id"]))
        result: dict[str, Json] = {
            "id": str(plan["id"]), "deal": str(matter["ref"]), "subjects": plan["people"], "rows": says.proven.shredded,
            "bytes": 0, "sha256": sha256(envelope), "heading": says.heading, "certificate": predicate(says),
            "started_at": plan["started_at"], "finished_at": stamp(desk.clock.now()),
            "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), 'destroyed')['position']!s}",
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    out.write(DESTROYED, envelope)
    return finished


def _approved(begun: job.Result | None, slots: str) -> bool:
    """Whether what was begun goes on under the approval that it began with: its slots are gone, or are those of now."""
    return begun is not None and (bool(begun.get("shredded")) or begun.get("slots") == slots)


def _subjects(says: Destroyed) -> list[dict[str, Json]]:
    """The vault and every answer it rests on: `receipt`, `receipt-2` and so on."""
    receipts = (
        named("receipt" if place == 1 else f"receipt-{place}", each)
        for place, each in enumerate(says.proven.receipts, start=1)
    )
    return [named("vault", says.proven.vault), *receipts]


def _said_again(desk: Desk, matter: Row, key: str, done: job.Result, out: Files) -> Mapping[str, Json]:
    """The certificate as it stands; a new one when people have accounted for copies since, and nothing else changed."""
    name = str(matter["id"])
    with desk.store.write() as tx:
        said, envelope = own(desk, tx, name, Destroyed)
        copies = attested(tx, str(matter["vault"]))
        if copies != said.attested:
            says = replace(said, attested=copies, heading=heading(copies))
            number = cast("int", statement_row(tx, name, "destroyed")["n"]) + 1
            envelope = issue(desk, tx, name, _subjects(says), says, n=number)
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
        given = releases.out(tx, matter, releases.made(desk, tx, str(matter["id"])))
        whose = let_go.whose(tx, str(matter["vault"]), given.pages())
        live = {(who.hex(), place) for who, place in whose if place[0] != REFERENCE_COMPARTMENT}
        for row in tx.find("subject", vault=str(matter["vault"]), kind="quarantine"):
            places, who = slot_places(cast("bytes", row["slots"])), cast("bytes", row["id"]).hex()
            live |= {(who, (QUARANTINE, *places[QUARANTINE]))} if QUARANTINE in places else set()
    return live


def _before(desk: Desk, laws: Laws, matter: Row) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        packs = lawbook.packs(laws)
        verdicts = decide(tx, matter, packs, desk.clock.now().date())
        kinds = tx.counts("subject", "kind", vault=str(matter["vault"]))
        row = one(tx, "vault", id=str(matter["vault"]))
        assert row is not None
        given = releases.out(tx, matter, releases.made(desk, tx, str(matter["id"])))
        gone = {(who, place[0]) for who, place in let_go.whose(tx, str(matter["vault"]), given.pages())}
    started = stamp(desk.clock.now())
    return {
        "stays": _stays(verdicts, gone), "kinds": sorted(kinds), "started_at": started,
        "generation": row["generation"],
    }  # fmt: skip


def _stays(verdicts: Verdicts, gone: set[tuple[bytes, int]]) -> list[Json]:
    """[what, rules, customers]: who keeps a readable compartment here, wholly or in part, and by which rules.

    Whoever was cleared and never released stays as well, whatever the verdict says by now.
    """
    people: dict[str, set[bytes]] = defaultdict(set)
    rules: dict[str, set[str]] = defaultdict(set)
    given = {who for who, _ in gone}
    for who, kind, place, number in verdicts.each():
        decision = verdicts.decisions[number]
        if kind != "customer" or (who, place[0]) in gone or decision.verdict not in _STAYS:
            continue
        what = _STAYS[decision.verdict]
        people[what + ("-part" if what == "withheld" and who in given else "")].add(who)
        why = {one.rule for one in decision.reasons if _STAYS.get(one.verdict) == what}
        rules[what + ("-part" if what == "withheld" and who in given else "")] |= why or {_LATE}
    return [[what, list[Json](sorted(rules[what])), len(who)] for what, who in sorted(people.items())]
