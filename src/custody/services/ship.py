"""Ship: copy the cleared ciphertext into a package, unreadable until keys follow (C6, a gated act of its own)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from custody.acts import job, lawbook, papers
from custody.acts.approval import content_hash, demand
from custody.acts.block import NOWHERE
from custody.acts.cleared import ClearedRecords
from custody.acts.copied import Aside, Places
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.gates import require_open
from custody.acts.handing import INVITE, PACKAGE, SHIPPED, counterparty, invitation, own, statement_row
from custody.acts.held_back import require_unlocked
from custody.acts.matters import datamap_of, deal, facts_of, require_hand_over, require_live
from custody.acts.releasing import suite_of_pages
from custody.acts.residency import require_delivery
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.unknown import require_known
from custody.acts.vaults import open_keyring, sha256, slots_of
from custody.acts.verdicts import Owner, Verdicts
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.base.statement import subject as named
from custody.law.pack import Packs
from custody.model.party import PartyCard
from custody.package import leaf
from custody.package.contents import ColumnInfo, CompartmentInfo, Contents, SchemaInfo, TableInfo
from custody.package.leaf import Leaf
from custody.package.statements import Gate as GateSaid
from custody.package.statements import Shipped
from custody.package.writer import Package, PackageWriter
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one
from custody.vault.keyid import NO_KEY
from custody.vault.page import slot

_NAME: Final = "0001"


Ahead = Literal["cleared", "cleared-and-wait"]


@dataclass(frozen=True, slots=True)
class _Plan:
    matter: Row
    gate: bytes
    verdicts: Verdicts
    goes: frozenset[int]
    suite: Literal[1, 2]
    ahead: Ahead
    planned: Mapping[str, Json]

    def cleared(self, owners: Iterable[Owner]) -> Iterator[int]:
        """Whose it is, by their place among everybody; NOWHERE for what does not go."""
        return (who if number in self.goes else NOWHERE for who, number in self.verdicts.seen(owners))


@sole_writer("deal", "named_deal")
def ship(
    desk: Desk, laws: Laws, named_deal: str, out: Files, *, waiting: bool = False, dry_run: bool = False
) -> Mapping[str, Json]:
    """Write the package into `out`; with `waiting`, also the ciphertext of those whose answer is awaited, for a later release.

    Raises Refused `gate.*`, `party.unconfirmed`, `act.unapproved`, `ship.ahead-abroad`.
    """
    desk.require(("data", "owner"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_known(desk, tx, str(matter["id"]))
        require_unlocked(tx, matter)
    key = f"ship:{matter['id']!s}:{matter['version']!s}"
    if done := job.finished(desk, key):
        with desk.store.read() as tx:
            out.write(SHIPPED, own(desk, tx, str(matter["id"]), Shipped)[1])
        return done
    require_live(matter)
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal, "cleared-and-wait" if waiting else "cleared")
        buyer = counterparty(tx, str(matter["counterparty"]))
        if waiting and buyer.place != desk.card.place:
            raise Refused(
                "ship.ahead-abroad", "What waits for an answer does not leave the country, not even unreadable.",
                next="custody ship DEAL without --waiting",
            )  # fmt: skip
        require_delivery(desk, tx, matter, buyer.place, out)
        invite = out.read(INVITE)
        invitation(invite, buyer, desk.card, str(matter["ref"]), rehearsal=desk.rehearsal)
        counts: dict[str, Json] = {"deal": str(matter["ref"]), "subjects": plan.verdicts.people_of(sorted(plan.goes))}
        content = content_hash({**plan.planned, "invite": sha256(invite)})
        if dry_run:
            return {**counts, "would": {"approve": ["ship", content]}}
        demand(desk, tx, "ship", content, deal=str(matter["id"]))
    begun = job.begin(desk, key, "ship", {"package": ids.new("pkg"), "segment": ids.new("dmp")})
    with desk.store.read() as tx:
        made = _write(desk, tx, plan, buyer, invite, out, begun)
    with desk.store.write() as tx:
        says = Shipped(
            deal=str(matter["ref"]), package=made.id, seller=desk.signer.identity.id, buyer=buyer.identity.id,
            gate=sha256(plan.gate), invite=sha256(invite), leaves=made.contents.leaves, records=made.contents.records,
            bytes=made.bytes, files=made.files,
        )  # fmt: skip
        envelope = issue(desk, tx, str(matter["id"]), [named("package", made.id)], says, kept={})
        result: dict[str, Json] = {
            **counts, "id": str(begun["package"]), "rows": made.contents.records, "bytes": made.bytes, "sha256": made.id,
            "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), 'shipped')['position']!s}",
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    out.write(SHIPPED, envelope)
    return finished


def _plan(desk: Desk, tx: Transaction, packs: Packs, named_deal: str, ahead: Ahead) -> _Plan:
    matter = deal(desk, tx, named_deal)
    facts, name = facts_of(tx, str(matter["id"])), str(matter["id"])
    require_hand_over(matter, facts)
    said, envelope = own(desk, tx, name, GateSaid)
    on = desk.today()
    verdicts = decide(tx, matter, packs, on)
    if f"sha256:{said.root}" != verdicts.root():
        raise Refused("gate.stale", "Facts or answers changed since the gate decided.", next="custody gate DEAL")
    require_open(tx, name, "ship", facts, packs, on, verdicts.regimes)
    goes = frozenset(verdicts.that({"hand_over", "wait"} if ahead == "cleared-and-wait" else {"hand_over"}))
    planned: dict[str, Json] = {
        "act": "ship", "deal": name, "version": matter["version"], "root": verdicts.root(), "cleared": verdicts.entries_of(goes)
    }  # fmt: skip
    planned |= {"ahead": ahead} if ahead != "cleared" else {}
    suite = suite_of_pages(tx, str(matter["vault"]), verdicts.pages_of(goes))
    return _Plan(matter, envelope, verdicts, goes, suite, ahead, planned)


def _write(
    desk: Desk, tx: Transaction, plan: _Plan, buyer: PartyCard, invite: bytes, out: Files, begun: Mapping[str, Json]
) -> Package:
    vault = str(plan.matter["vault"])
    about = _about(desk, tx, plan, buyer, str(begun["package"]))
    writer = PackageWriter(lambda name: out.writer(f"{PACKAGE}/{name}"), about)
    with desk.spills.heap() as heap:
        aside = Aside(heap, Places(plan.verdicts))
        records = ClearedRecords(tx, desk.files, vault, plan.cleared, aside.copied)
        writer.segment(_NAME, ids.id_bytes(str(begun["segment"])), records, aside.hashed)
        writer.leaves(_leaves(desk, tx, plan, aside))
    datamap = cast("bytes", statement_row(tx, datamap_of(tx, plan.matter), "datamap")["envelope"])
    for name, data in (("gate", plan.gate), ("datamap", datamap), ("invite", invite)):
        writer.file(f"statements/{name}.json", data)
    for name, card in (("seller", desk.card), ("buyer", buyer)):
        writer.file(f"identity/{name}.json", canonical.encode(card.to_json()))
    return writer.close()


def _leaves(desk: Desk, tx: Transaction, plan: _Plan, aside: Aside) -> Iterator[Leaf]:
    """Made one after the other in the order of their places, so that one page is open at a time and none is held."""
    ring = open_keyring(desk, tx, str(plan.matter["vault"]))
    purposes = {_int(row, "number"): tuple(sorted(str(row["purposes"]).split(",")))
                for row in tx.find("compartment", vault=str(plan.matter["vault"]))}  # fmt: skip
    said = [leaf.saying(one.verdict, ",".join(one.rules)) for one in plan.verdicts.decisions]
    commit = leaf.committer(plan.suite)
    for compartment, page, sums in aside.pages():
        slots = slots_of(tx, ring, compartment, page)
        for subject, _, (_, _, number), vector in plan.verdicts.on(compartment, page):
            if number not in sums:
                continue
            dek = slot(slots, number)
            if dek == NO_KEY:
                raise Refused("ship.erased", "A cleared customer was erased meanwhile.", next="custody gate DEAL")
            commitment, blinded = commit(dek, said[vector])
            yield Leaf(compartment, page, number, subject, commitment, sums[number], blinded, purposes[compartment])


def _about(desk: Desk, tx: Transaction, plan: _Plan, buyer: PartyCard, package: str) -> Contents:
    vault = str(plan.matter["vault"])
    lives = papers.residences(desk, cast("Row", one(tx, "vault", id=vault)))
    return Contents(
        v=1, id=package, deal=str(plan.matter["ref"]), seller=desk.signer.identity.id, buyer=buyer.identity.id,
        origin=ids.id_bytes(vault).hex(), suite=plan.suite, datamap=datamap_of(tx, plan.matter), gate=sha256(plan.gate),
        created=stamp(desk.clock.now()), rehearsal=desk.rehearsal, ship_ahead=plan.ahead,
        tables=tuple(_table(row, lives) for row in tx.find("tally", order=("tbl",), vault=vault)),
        schemas=tuple(_schema(row) for row in tx.find("schema", order=("number",), vault=vault)),
        compartments=tuple(
            CompartmentInfo(_int(row, "number"), str(row["tier"]), tuple(str(row["purposes"]).split(",")), str(row["retention"]))
            for row in tx.find("compartment", order=("number",), vault=vault)
        ),
    )  # fmt: skip


def _table(row: Row, lives: Mapping[str, str]) -> TableInfo:
    """`lives`: where the people of a table live, as the signed map states it; of what came with a hand-over, as that told."""
    told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["columns"])))
    columns = tuple(ColumnInfo(*one) for one in cast("list[list[str]]", told["columns"]))
    residence = lives.get(str(row["tbl"])) or str(told.get("residence") or "")
    return TableInfo(str(row["tbl"]), str(row["role"]), str(row["kind"]), columns, residence)


def _schema(row: Row) -> SchemaInfo:
    told = cast("dict[str, list[str]]", canonical.decode(cast("bytes", row["columns"])))
    return SchemaInfo(
        _int(row, "number"), str(row["tbl"]), _int(row, "compartment"), tuple(told["columns"]), bool(told["home"])
    )


def _int(row: Row, name: str) -> int:
    return cast("int", row[name])
