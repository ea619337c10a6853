"""Destroy the seller's copy: shred the delivered slots, change the root, certify what was proven and attested (C9)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, cast

import numpy as np

from custody.acts import job, lawbook, quarantined, releases
from custody.acts.approval import content_hash, demand
from custody.acts.copies import attested
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.doomed import counted, elsewhere, ending, last_root, shred_all, still_there
from custody.acts.ending import certificate, heading
from custody.acts.groups import Page
from custody.acts.handing import DESTROYED, own, statement_row
from custody.acts.kept_copies import in_hand, require_accounted, to_account
from custody.acts.marks import Marks
from custody.acts.matters import deal, ledger_size
from custody.acts.passing import require_passed_over
from custody.acts.rotate import rotate
from custody.acts.shred import held
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.unknown import require_shipped_known
from custody.acts.vaults import QUARANTINE, sha256
from custody.acts.verdicts import Crowd, Verdicts
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.accounted import Stays
from custody.package.statements import Destroyed, predicate
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_STAYS: Final = {"hand_over": "withheld", "wait": "withheld", "withhold": "withheld", "retain_only": "retain-only"}
_LATE: Final = "NOT-RELEASED"
"""Why somebody stays who is cleared by now: no release gave the keys."""


@sole_writer("deal", "named_deal")
def destroy(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Needs an agreed receipt, a second person, and that whatever customers asked goes on at the buyer, and that each copy in one's own hands is accounted for.

    A rehearsal lists the copies that are not, and until none is left there is nothing to approve.
    Raises Missing `statement.missing`, Refused `act.unapproved`, `destroy.requests`, `destroy.copies`.
    """
    desk.require(("owner", "privacy"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_shipped_known(desk, tx, str(matter["id"]))
        statement_row(tx, str(matter["id"]), "receipt")
        made = releases.made(desk, tx, str(matter["id"]))
        for each in made:
            statement_row(tx, str(matter["id"]), "receipt", each.n)
        key = f"destroy:{matter['id']!s}:{matter['version']!s}" + (f":{made[-1].n}" if len(made) > 1 else "")
    if done := job.finished(desk, key):
        return _said_again(desk, matter, key, done, out)
    begun = job.begun(desk, key)
    with desk.store.read() as tx:
        if not begun:
            require_passed_over(desk, tx, matter, out)
        given = releases.out(tx, matter, releases.made(desk, tx, str(matter["id"])))
        doomed = _doomed(desk, tx, str(matter["vault"]), given)
        copies, asks = in_hand(tx, str(matter["vault"])), to_account(tx, str(matter["vault"]))
    content = content_hash(
        {"act": "destroy", "deal": str(matter["id"]), "version": matter["version"], "slots": doomed.digest(), "copies": copies}
    )  # fmt: skip
    if dry_run:
        people = begun["people"] if begun else _before(desk, laws, matter, given)["people"]
        with desk.store.read() as tx:
            bound = still_there(
                tx, str(matter["vault"]), doomed, held(tx, str(matter["vault"]), stamp(desk.clock.now()))
            )
        waits = {"copies": list[Json](asks)} if asks and not begun else {"approve": ["destroy", content]}
        return {"deal": str(matter["ref"]), "subjects": people, "held": bound, "would": {**waits, "slots": len(doomed)}}
    approval = str(begun.get("approval", "")) if begun else ""
    if not _approved(begun, doomed.digest()):
        with desk.store.write() as tx:
            require_passed_over(desk, tx, matter, out)  # somebody may have asked since
            require_accounted(tx, str(matter["vault"]))
            approval = demand(desk, tx, "destroy", content, deal=str(matter["id"]))
    plan = begun or job.begin(desk, key, "destroy", {**_before(desk, laws, matter, given), "slots": doomed.digest(), "approval": approval})  # fmt: skip
    work = ending(str(matter["vault"]), plan, str(matter["id"]))
    quarantined.clear(desk, work.vault)
    erasures = shred_all(desk, work, doomed)
    rotation = rotate(desk, work.vault, max(cast("int", plan["generation"]), last_root(desk, work)))
    with desk.store.write() as tx:
        customers = counted(tx, work.vault, doomed, cast("int", plan["people"]))
        kept = [
            Stays(what, tuple(why), count)
            for what, why, count in cast("list[tuple[str, list[str], int]]", plan["stays"])
        ]
        receipts = tuple(
            str(row["sha256"]) for row in tx.find("statement", order=("n",), matter=str(matter["id"]), kind="receipt")
        )
        says = certificate(
            desk, tx, str(matter["ref"]), str(matter["vault"]), receipts, kept, rotation, erasures, customers
        )
        number = tx.count("statement", matter=str(matter["id"]), kind="destroyed") + 1
        envelope = issue(desk, tx, str(matter["id"]), _subjects(says), says, n=number)
        tx.change("matter", {"state": "delivered"}, id=str(matter["id"]))
        result: dict[str, Json] = {
            "id": str(plan["id"]), "deal": str(matter["ref"]), "subjects": plan["people"], "held": customers.held, "rows": says.proven.shredded,
            "bytes": 0, "sha256": sha256(envelope), "heading": says.heading, "certificate": predicate(says), "approval": approval, "by": desk.principal.id,
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


def _doomed(desk: Desk, tx: Transaction, vault: str, given: Marks) -> Marks:
    """Every slot that goes: delivered ones of people, and quarantined raw rows, which may hold their data, but for what a hold keeps of those."""
    found = Marks()
    for place in given.spots():
        if place[0] != REFERENCE_COMPARTMENT:
            found.join(place, given.page(place))
    for aside in quarantined.going(desk, tx, vault):
        found.add(aside)
    return found


def _before(desk: Desk, laws: Laws, matter: Row, given: Marks) -> Mapping[str, Json]:
    """What the vault was before the first slot goes, and what stays."""
    with desk.store.read() as tx:
        packs = lawbook.packs(laws)
        verdicts = decide(tx, matter, packs, desk.today())
        kinds = tx.counts("subject", "kind", vault=str(matter["vault"]))
        row = one(tx, "vault", id=str(matter["vault"]))
        assert row is not None
        return {
            "stays": _stays(verdicts, given), "kinds": sorted(kinds), "started_at": stamp(desk.clock.now()), "generation": row["generation"],
            "people": _people(verdicts, given), "since": ledger_size(tx, desk.space), "elsewhere": elsewhere(desk, tx, str(matter["vault"])),
        }  # fmt: skip


def _people(verdicts: Verdicts, given: Marks) -> int:
    """How many are with the buyer."""
    theirs = verdicts.nobody()
    for spot in given.spots():
        if spot[0] not in {REFERENCE_COMPARTMENT, QUARANTINE}:
            slots, who, _ = verdicts.numbered(*spot)
            theirs[who[given.bits(spot)[slots]]] = True
    return int(np.count_nonzero(theirs))


def _stays(verdicts: Verdicts, given: Marks) -> list[Json]:
    """[what, rules, customers]: who keeps a readable compartment here, wholly or in part, and by which rules.

    Whoever was cleared and never released stays as well, whatever the verdict says by now.
    """
    people: dict[str, Crowd] = defaultdict(verdicts.nobody)
    rules: dict[str, set[str]] = defaultdict(set)
    there, _ = releases.people(verdicts, given)
    customers = verdicts.of_kind("customer")
    for spot in sorted(verdicts.groups.pages):
        slots, who, numbers = verdicts.numbered(*spot)
        mine = customers[who] & ~given.bits(spot)[slots]
        for number in np.unique(numbers[mine]).tolist():
            decision = verdicts.decisions[number]
            what = _STAYS.get(decision.verdict)
            for word, whom in _parted(what, who[mine & (numbers == number)], there) if what else ():
                people[word][whom] = True
                why = {one.rule for one in decision.reasons if _STAYS.get(one.verdict) == what}
                rules[word] |= why or {_LATE}
    return [[what, list[Json](sorted(rules[what])), int(np.count_nonzero(who))] for what, who in sorted(people.items())]


def _parted(what: str, who: Page, there: Crowd) -> Iterator[tuple[str, Page]]:
    """Of whom nothing was handed over, and of whom a part was."""
    kinds = ((what, who[~there[who]]), (f"{what}-part", who[there[who]])) if what == "withheld" else ((what, who),)
    return ((word, whom) for word, whom in kinds if len(whom))
