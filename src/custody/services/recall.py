"""Recall: order the buyer to shred the keys of those who are no longer cleared, and to account for what it wrote out (C7, D3).

Only whom this vault still knows is decided again and called back; whoever was destroyed here is the buyer's alone by now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np

from custody.acts import job, lawbook, releases, releasing
from custody.acts.approval import content_hash, demand
from custody.acts.block import NOWHERE
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.handing import INVITE, counterparty, invitation, own
from custody.acts.let_out import conclude, lay
from custody.acts.marks import Marks, Place
from custody.acts.matters import deal, facts_of, require_hand_over
from custody.acts.releasing import Chosen
from custody.acts.sole import sole_writer
from custody.acts.unknown import require_shipped_known
from custody.acts.vaults import Keyring, open_keyring, sha256, slots_of
from custody.acts.verdicts import Verdicts
from custody.base.canonical import Json
from custody.base.errors import Missing, Refused
from custody.law.pack import Packs
from custody.package.leaf import Leaf
from custody.package.release import RecallEntry, encode
from custody.package.release_seal import Released
from custody.package.statements import Gate, ReleasedStatement, Shipped
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one
from custody.vault.keyid import NO_KEY
from custody.vault.page import slot


@dataclass(frozen=True, slots=True)
class _Plan:
    matter: Row
    made: tuple[ReleasedStatement, ...]
    shipped: Shipped
    back: Chosen
    counts: Mapping[str, int]

    @property
    def n(self) -> int:
        return self.made[-1].n + 1

    @property
    def content(self) -> str:
        """What two people approve: these slots, after these releases."""
        return content_hash({"act": "recall", "deal": str(self.matter["id"]), "n": self.n,
                             "previous": self.made[-1].manifest, "slots": releasing.places_hash(self.back.live)})  # fmt: skip


@sole_writer("deal", "named_deal")
def recall(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Write the order into `out`. Raises Missing `release.none-yet`, Refused `recall.nothing`, `act.unapproved`."""
    desk.require(("owner", "privacy"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_shipped_known(desk, tx, str(matter["id"]))
        before = releases.made(desk, tx, str(matter["id"]))
    if not before:
        raise Missing("release.none-yet", "Nothing was released in this deal yet.", next="custody release DEAL")
    lay(desk, str(matter["id"]), out)
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal, out)
        people = int(np.count_nonzero(plan.back.people))
        if not len(plan.back.live):
            return _last(desk, plan)
        if dry_run:
            would: dict[str, Json] = {"approve": ["recall", plan.content], "slots": len(plan.back.live)}
            return {"deal": str(matter["ref"]), "n": plan.n, "kind": "recall", "subjects": people, "would": would}
        demand(desk, tx, "recall", plan.content, deal=str(matter["id"]))
    key = f"recall:{matter['id']!s}:{plan.n}"
    begun = job.begin(desk, key, "recall")
    with desk.store.write() as tx:
        again = _plan(desk, tx, packs, named_deal, out)
        if again.content != plan.content:
            raise Refused("recall.moved", "Others are to be called back by now.", next="custody recall DEAL --dry-run")
        order, made = _write(desk, tx, plan, out)
        told = conclude(desk, tx, plan.matter, order, plan.back, made, plan.shipped.buyer)
        result = {**told, "id": str(begun["id"]), "kind": "recall", "subjects": people, "bytes": len(made.data)}
        finished = job.finish(tx, key, result)
    lay(desk, str(matter["id"]), out)
    return finished


def _last(desk: Desk, plan: _Plan) -> Mapping[str, Json]:
    """Nobody more: the recall made last as it stands. Raises Refused `recall.nothing` when none was made."""
    newest = plan.made[-1]
    done = job.finished(desk, f"recall:{plan.matter['id']!s}:{newest.n}")
    if done is None:
        raise Refused(
            "recall.nothing",
            "Everybody who was released is still cleared.",
            next="custody object DEAL; custody gate DEAL",
        )
    return done


def _plan(desk: Desk, tx: Transaction, packs: Packs, named_deal: str, out: Files) -> _Plan:
    matter = deal(desk, tx, named_deal)
    name = str(matter["id"])
    require_hand_over(matter, facts_of(tx, name))
    made, (shipped, _) = releases.made(desk, tx, name), own(desk, tx, name, Shipped)
    now = decide(tx, matter, packs, desk.today())
    back = releasing.choose(out, shipped, now, partial(_withdrawn, now, releases.out(tx, matter, made)))
    return _Plan(matter, made, shipped, back, now.by_verdict())


def _withdrawn(now: Verdicts, with_buyer: Marks, leaves: Sequence[Leaf]) -> Iterator[int]:
    """Whose each leaf is that is with the buyer and not cleared any more, by place; NOWHERE for the others."""
    owners = [(each.subject, each.compartment) for each in leaves]
    seen, gone = now.seen(owners), releases.withdrawn(now, owners)
    for each, (who, _), back in zip(leaves, seen, gone, strict=True):
        yield who if back and each.place in with_buyer else NOWHERE


def _write(desk: Desk, tx: Transaction, plan: _Plan, out: Files) -> tuple[releasing.Order, Released]:
    buyer = counterparty(tx, str(plan.matter["counterparty"]))
    envelope = out.read(INVITE)
    invited = invitation(envelope, buyer, desk.card, str(plan.matter["ref"]), rehearsal=desk.rehearsal)
    ring = open_keyring(desk, tx, str(plan.matter["vault"]))
    gate = sha256(own(desk, tx, str(plan.matter["id"]), Gate)[1])
    order = releasing.Order(
        plan.n, plan.made[-1].manifest, "recall", plan.shipped, gate, plan.counts, invited, sha256(envelope)
    )
    entries = tuple(RecallEntry(*place, key_id=_key(tx, ring, place)) for place in plan.back.live)
    suite = releasing.suite_of_pages(tx, ring.vault, (spot for spot, slots in plan.back.live.pages() if slots))
    draft = releasing.manifest(desk, tx, plan.matter, order, ring, suite, entries)
    return order, Released(draft, encode(draft), b"", "")


def _key(tx: Transaction, ring: Keyring, place: Place) -> str:
    """The id of the key that lay in a slot: from the slot, or from its erasure where it is shredded here already."""
    compartment, page, number = place
    slots = slots_of(tx, ring, compartment, page)
    if slot(slots, number) != NO_KEY:
        return slots.key_id(number).hex()
    row = one(tx, "erasure", vault=ring.vault, compartment=compartment, page=page, slot=number)
    if row is None:
        raise Missing("vault.page-missing", "A released key is neither here nor among the erasures.")
    return cast("bytes", row["key_id"]).hex()
