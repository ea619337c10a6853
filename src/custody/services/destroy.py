"""Destroy the seller's copy: shred the delivered slots, change the root, certify what was proven and attested (C9)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, cast

from custody.acts import job, lawbook, let_go
from custody.acts.approval import content_hash, demand
from custody.acts.copies import attested
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.erasing import enter
from custody.acts.handing import DESTROYED, own, statement_row
from custody.acts.matters import deal
from custody.acts.rotate import rotate
from custody.acts.shred import Shred, held, shred
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.vaults import QUARANTINE, SLOT, open_keyring, pack_slots, sha256, slot_places
from custody.acts.verdicts import Verdicts
from custody.base import ids, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.release import LogHead
from custody.package.statements import Attested, Destroyed, Generation, Proven, Provider, Scope, Stays, predicate
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_GONE: Final = "destroyed"
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
    _shred(desk, matter, places)
    rotation = rotate(desk, str(matter["vault"]), cast("int", plan["generation"]))
    with desk.store.write() as tx:
        says = _certificate(desk, tx, matter, plan, rotation)
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
            says = replace(said, attested=copies, heading=_heading(copies))
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


def _heading(copies: Sequence[Attested]) -> Literal["partial", "complete"]:
    return "partial" if any(one.state == "open" for one in copies) else "complete"


def _shred(desk: Desk, matter: Row, places: set[tuple[str, tuple[int, int, int]]]) -> None:
    """One transaction: slots to zero under new page keys, locations gone, facts gone, erasures noted. Holds stay."""
    vault, now = str(matter["vault"]), stamp(desk.clock.now())
    with desk.store.write() as tx:
        ring = open_keyring(desk, tx, vault)
        kept = held(tx, vault, now)
        wanted = [(who, place) for text, place in places if (who := bytes.fromhex(text)) not in kept]
        gone = shred(tx, ring, (Shred(who, *place) for who, place in wanted), now=now)
        if not gone:
            return
        tx.drop_many("record", ({"vault": vault, "subject": who, "compartment": place[0]} for who, place in wanted))
        people = {who for who, _ in wanted}
        _forget(tx, vault, people, {place for _, place in wanted})
        enter(desk, tx, ring, gone, len(people))


def _forget(tx: Transaction, vault: str, people: set[bytes], gone: set[tuple[int, int, int]]) -> None:
    """Subjects of whom nothing is left lose their facts; the others stay with the slots that were withheld."""
    left = {cast("bytes", row["subject"]) for row in tx.scan("record", order=("subject",), vault=vault)}
    for who in people - left:
        tx.change("subject", {"state": _GONE, "facts": b"{}"}, vault=vault, id=who)
    for who in people & left:
        (row,) = tx.find("subject", vault=vault, id=who)
        places = slot_places(cast("bytes", row["slots"]))
        kept = {compartment: place for compartment, place in places.items() if (compartment, *place) not in gone}
        tx.change("subject", {"slots": pack_slots(kept)}, vault=vault, id=who)


def _held(desk: Desk, tx: Transaction, vault: str) -> tuple[Stays, ...]:
    """What stays because somebody must not destroy it, whatever the verdict."""
    count = len(held(tx, vault, stamp(desk.clock.now())))
    return (Stays("held", ("HOLD",), count),) if count else ()


def _certificate(
    desk: Desk, tx: Transaction, matter: Row, plan: Mapping[str, Json], rotation: Mapping[str, Json]
) -> Destroyed:
    vault = str(matter["vault"])
    copies = attested(tx, vault)
    hashes = [cast("bytes", row["hash"]) for row in tx.scan("ledger_entry", order=("position",), space=desk.space)]
    kept = cast("list[tuple[str, list[str], int]]", plan["stays"])
    effective = str(rotation["effective_at"])
    assurance = cast("Literal['hardware', 'service', 'file']", rotation["assurance"])
    return Destroyed(
        deal=str(matter["ref"]),
        heading=_heading(copies),
        proven=Proven(
            vault=sha256(ids.id_bytes(vault)),
            generations=(Generation(cast("int", rotation["g"]), effective, f"g{rotation['g']}"),),
            shredded=tx.count("erasure", vault=vault),
            ledger=LogHead(f"custody.example/ledger/{desk.space}", len(hashes), merkle.root(hashes).hex()),
            receipts=(str(statement_row(tx, str(matter["id"]), "receipt")["sha256"]),),
            places=("vault", "key-provider"),
        ),
        attested=copies,
        scope=Scope(("vault", "key-provider"), ("sources", "exports", "paper", "phones", "mail")),
        stays=(*(Stays(what, tuple(why), count) for what, why, count in kept), *_held(desk, tx, vault)),
        # Only a device that says it is one is called purged; a service's own word is not enough for that.
        provider=Provider(str(rotation.get("provider", "passphrase-file")), assurance,
                          "purge" if assurance == "hardware" else "cryptographic-erase"),
        final_at=effective,
    )  # fmt: skip
