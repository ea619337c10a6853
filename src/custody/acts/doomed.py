"""Shred what ends with a deal a stretch of key pages at a time, and say at the end what that came to (spec/vault.md §9, docs/adr/0044).

Each stretch is a transaction with an entry of its own, so that neither memory nor an entry grows with the company. Killed
between two, the act goes on when it is run again: a slot that is zero already is passed over, and one more is never touched.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from custody.acts import let_go, parted
from custody.acts.desk import Desk
from custody.acts.elsewhere import with_buyer
from custody.acts.erasing import LIVE, OF_RECORDS, SHREDDED, drop_revisions, enter, note_act
from custody.acts.evidence import append
from custody.acts.marks import Marks, Place, Spot
from custody.acts.noted import ERASED, PART, asking
from custody.acts.quarantined import bound_of
from custody.acts.shred import Shred, held, shred
from custody.acts.unindexed import note_all
from custody.acts.vaults import QUARANTINE, open_keyring, pack_slots, slot_places
from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.accounted import Customers, Erasures
from custody.ports.store import Transaction, Within

STRETCH: Final = 32
"""Pages in one transaction: at most 32,768 slots, an opening of 2 MB."""
_GONE: Final = "destroyed"
_NOBODYS: Final = frozenset((REFERENCE_COMPARTMENT, QUARANTINE))


@dataclass(frozen=True, slots=True)
class Ending:
    """The act that shreds: its vault, its job, the size of the ledger when it began, whose requests end at the buyer, and the deal whose releases gave all that it shreds ('' for none)."""

    vault: str
    act: str
    since: int
    elsewhere: frozenset[bytes]
    given_in: str = ""


def elsewhere(desk: Desk, tx: Transaction, vault: str) -> list[Json]:
    """Who asked for something that ends at the buyer: to be kept before the first slot goes, which then says no more whose it was."""
    return [who.hex() for who in sorted(with_buyer(desk, tx, vault, asking(tx, vault)))]


def ending(vault: str, begun: Mapping[str, Json], given_in: str = "") -> Ending:
    """From what an act noted when it began; one that a release before this one began shreds as if it began now."""
    whose = cast("list[str]", begun.get("elsewhere", []))
    return Ending(
        vault, str(begun["id"]), cast("int", begun.get("since", 0)), frozenset(map(bytes.fromhex, whose)), given_in
    )


def shred_all(desk: Desk, work: Ending, doomed: Marks) -> Erasures:
    """Zero every slot of `doomed` but of people who are held; what it came to, entered once."""
    pages = ((spot, slots) for spot, slots in doomed.pages() if slots)
    number = 0
    while near := list(islice(pages, STRETCH)):
        number += 1
        _stretch(desk, work, number, near)
    desk.finder.drop(work.vault)  # its tags say who was here; the next look-up builds one of who is left
    return _sum(desk, work)


def parts(desk: Desk, tx: Transaction, work: Ending) -> Erasures:
    """The entries of this act so far."""
    tree, slots = merkle.Frontier(), 0
    for says, hashed in _entries(desk, tx, work, ERASED):
        tree.append(hashed)
        slots += cast("int", says["slots"])
    return Erasures(tree.size, slots, tree.root().hex())


def still_there(tx: Transaction, vault: str, doomed: Marks, among: Collection[bytes] | None = None) -> int:
    """How many people (of `among` alone, where they are given) have a key among these; what is nobody's and what was set aside are none. After the act that is whom a hold keeps."""
    named = {"vault": vault, "state": LIVE}
    rows = (tx.columns("subject", ("slots",), **named) if among is None
            else tx.among("subject", ("slots",), "id", sorted(among), **named))  # fmt: skip
    theirs = (slot_places(cast("bytes", slots)) for (slots,) in rows)
    return sum(
        any((number, *place) in doomed for number, place in places.items() if number not in _NOBODYS)
        for places in theirs
    )


def counted(tx: Transaction, vault: str, doomed: Marks, people: int) -> Customers:
    """Of `people` whose keys were to go, whom a hold keeps after the act."""
    kept = still_there(tx, vault, doomed)
    return Customers(people - kept, kept)


def last_root(desk: Desk, work: Ending) -> int:
    """The newest generation under which this act erased something, 0 where it erased nothing: a root may change between two stretches, and what stood under it must go too."""
    with desk.store.read() as tx:
        return max((cast("int", says["g"]) for says, _ in _entries(desk, tx, work, ERASED)), default=0)


def _entries(desk: Desk, tx: Transaction, work: Ending, kind: str) -> Iterator[tuple[Mapping[str, Json], bytes]]:
    later = (Within("position", work.since),)
    for row in tx.scan("ledger_entry", later, order=("position",), space=desk.space):
        told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["entry"])))
        says = cast("Mapping[str, Json]", told["says"])
        if told["kind"] == kind and says.get("act") == work.act:
            yield says, cast("bytes", row["hash"])


def _sum(desk: Desk, work: Ending) -> Erasures:
    with desk.store.write() as tx:
        done = parts(desk, tx, work)
        if not any(_entries(desk, tx, work, SHREDDED)):
            says: dict[str, Json] = {"vault": work.vault, "act": work.act, "parts": done.entries, "slots": done.slots, "root": done.root}  # fmt: skip
            append(tx, desk.space, stamp(desk.clock.now()), SHREDDED, says)
    return done


def _stretch(desk: Desk, work: Ending, number: int, pages: Sequence[tuple[Spot, list[int]]]) -> None:
    """One transaction: slots to zero under new page keys, locations gone, facts gone, erasures noted. Holds stay."""
    vault = work.vault
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        ring, kept = open_keyring(desk, tx, vault), set(held(tx, vault, now))
        if any(spot[0] == QUARANTINE for spot, _ in pages):
            kept |= bound_of(desk, tx, vault).keys()  # somebody may be held since this was approved
        wanted = [(who, place) for who, place in let_go.whose(tx, vault, pages) if who not in kept]
        people = {who for who, _ in wanted}
        asked = (asking(tx, vault) & people) - work.elsewhere
        gone = shred(tx, ring, (Shred(who, *place) for who, place in wanted), now=now)
        if not gone:
            return
        tx.drop_many("record", ({"vault": vault, "subject": who, "compartment": place[0]} for who, place in wanted))
        left = _forget(tx, vault, people, {place for _, place in wanted})
        if work.given_in:
            parted.keep(tx, work.given_in, dict.fromkeys(left, True))
        note_all(tx, vault, {who for who in people if any(who)})
        entry = enter(desk, tx, ring, gone, len(people), {"act": work.act, "part": number})
        _note(desk, tx, vault, asked, entry)


def _forget(tx: Transaction, vault: str, people: set[bytes], gone: set[Place]) -> set[bytes]:
    """Subjects of whom nothing is left lose their facts; the others, who are told, stay with the slots that are not gone."""
    left = {cast("bytes", who) for (who,) in tx.among("record", ("subject",), "subject", people, vault=vault)}
    gone_with_deal(tx, vault, people - left)
    for one, slots in list(tx.among("subject", ("id", "slots"), "id", people & left, vault=vault)):
        places = slot_places(cast("bytes", slots))
        kept = {compartment: place for compartment, place in places.items() if (compartment, *place) not in gone}
        tx.change("subject", {"slots": pack_slots(kept)}, vault=vault, id=one)
    older = {cast("bytes", who) for (who,) in tx.among("revision", ("subject",), "subject", people & left, vault=vault)}
    for who in sorted(older):
        drop_revisions(tx, vault, who)
    return people & left


def gone_with_deal(tx: Transaction, vault: str, people: set[bytes]) -> None:
    """Nothing of these is left but what was noted about them: their facts go, and what came from their records."""
    for who in people:
        tx.change("subject", {"state": _GONE, "facts": b"{}"}, vault=vault, id=who)
    for table in OF_RECORDS:
        tx.drop_many(table, ({"vault": vault, "subject": who} for who in sorted(people)))


def _note(desk: Desk, tx: Transaction, vault: str, asked: set[bytes], entry: int) -> None:
    """What these people asked for and is done by it: of some nothing is left, of others a part is gone."""
    left = {who for who in asked if tx.count("record", vault=vault, subject=who)}
    note_act(desk, tx, vault, asked - left, entry, ERASED)
    note_act(desk, tx, vault, left, entry, PART)
