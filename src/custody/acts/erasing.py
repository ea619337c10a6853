"""Erase whole subjects in one transaction: keys, locations, facts, index rows to come, and the entry (D2)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, cast

from custody.acts import noted, parted
from custody.acts.backing import back_up_all
from custody.acts.desk import Desk
from custody.acts.elsewhere import with_buyer
from custody.acts.evidence import append
from custody.acts.recalled_keys import RECALL, taken_of
from custody.acts.recalled_keys import beside as told_beside
from custody.acts.shared_rows import members
from custody.acts.shred import Shred, held, shred
from custody.acts.unindexed import note
from custody.acts.vaults import Keyring, open_keyring, pack_slots, save_head, slot_places
from custody.base import ids, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing, Unavailable
from custody.ports.store import Row, Transaction, one
from custody.vault.page import SLOTS

ERASED: Final = "erased"
TAKEN_OVER: Final = "taken-over"
"""The part of an entry by which nobody was erased: all that lay under these keys lies under others."""
SHREDDED: Final = "shredded"
"""The sum of an act that was entered in parts."""
PART: Final = 32 * SLOTS
"""Slots in one entry: an opening of 2 MB."""
LIVE: Final = "live"
OF_RECORDS: Final = (
    "revision",
    "retention_listed",
    "stripped",
    "doubt",
    "confirmed",
    "guardian_paper",
    "customer_work",
)
"""What is kept of a subject's records, or came from them, and goes with them."""


def erase_subjects(
    desk: Desk,
    tx: Transaction,
    vault: str,
    subjects: Sequence[bytes],
    why: Mapping[str, Json] | None = None,
    beside: Mapping[str, Json] | None = None,
) -> Mapping[str, Json]:
    """Shred every key of `subjects`; the entry says `why`, its opening what is `beside` the slots. Raises Missing `subject.unknown`, Refused `vault.held`.

    Those erased before are counted, not refused: the act can be repeated. Of whoever went with a deal the key of the evidence about them is left, and goes now.
    Of whom a recall took something, whole or in part, the keys are named that it took: else a later release would bring them back.
    """
    ring, recall = open_keyring(desk, tx, vault), (why or {}).get("reason") == RECALL
    rows = [_row(tx, vault, subject) for subject in subjects]
    live = [row for row in rows if row["state"] == LIVE or row["slots"]]
    taken = {} if recall else taken_of(tx, desk.space, vault, {cast("bytes", row["id"]) for row in rows})
    people = {*taken, *(cast("bytes", row["id"]) for row in live)}
    away = with_buyer(desk, tx, vault, noted.asking(tx, vault) & people) - noted.not_there(tx, vault, people)
    gone = shred(tx, ring, (one_shred for row in live for one_shred in places(row)), now=stamp(desk.clock.now()))
    held_here = {
        cast("bytes", row["id"]): slot_places(cast("bytes", row["slots"])) for row in live if row["state"] == LIVE
    }
    parted.note(tx, vault, held_here, held_here)
    dropped = sum(forget(tx, vault, cast("bytes", row["id"])) for row in live)
    if not people:
        return {"slots": 0, "records": 0, "again": len(rows), "generation": ring.generation, "entry": None}
    named = told_beside([(key, who) for who, keys in taken.items() for key in keys]) if taken else {}
    entry = enter(desk, tx, ring, gone, len(live), why, {**(beside or {}), **named})
    note_act(desk, tx, vault, people - away, entry, noted.RECALLED if recall else noted.ERASED)
    return {
        "slots": len(gone),
        "records": dropped,
        "again": len(rows) - len(live),
        "generation": ring.generation,
        "entry": entry,
    }


def would_erase(tx: Transaction, vault: str, subjects: Sequence[bytes]) -> Mapping[str, Json]:
    """What `erase_subjects` would take: keys, records, and those erased before. Raises Missing `subject.unknown`."""
    rows = [_row(tx, vault, subject) for subject in subjects]
    return {
        "slots": sum(len(slot_places(cast("bytes", row["slots"]))) for row in rows),
        "records": sum(tx.count("record", vault=vault, subject=row["id"]) for row in rows),
        "already": sum(row["state"] != LIVE and not row["slots"] for row in rows),
    }


def erase_compartments(
    desk: Desk,
    tx: Transaction,
    vault: str,
    wanted: Mapping[bytes, Collection[int]],
    why: Mapping[str, Json],
    beside: Mapping[str, Json] | None = None,
) -> Mapping[str, Json]:
    """Shred these compartments of these live persons, whole; the rest stays as it is. Raises Refused `vault.held`."""
    ring, dropped = open_keyring(desk, tx, vault), 0
    rows = {subject: _row(tx, vault, subject) for subject in wanted}
    known = {subject: slot_places(cast("bytes", row["slots"])) for subject, row in rows.items()}
    doomed = [
        Shred(subject, number, *known[subject][number]) for subject, numbers in wanted.items() for number in numbers
    ]
    gone = shred(tx, ring, doomed, now=stamp(desk.clock.now()))
    parted.note(tx, vault, {who: {part: known[who][part] for part in parts} for who, parts in wanted.items()})
    for subject, numbers in wanted.items():
        left = {number: place for number, place in known[subject].items() if number not in numbers}
        tx.change("subject", {"slots": pack_slots(left)}, vault=vault, id=subject)
        dropped += sum(tx.drop("record", vault=vault, subject=subject, compartment=number) for number in numbers)
        drop_revisions(tx, vault, subject)
        note(tx, vault, subject)
    entry = enter(desk, tx, ring, gone, 0, why, beside)
    if dropped:
        note_act(desk, tx, vault, set(wanted), entry, noted.RECALLED if why.get("reason") == RECALL else noted.PART)
    return {"slots": len(gone), "records": dropped, "entry": entry}


def note_act(desk: Desk, tx: Transaction, vault: str, people: Collection[bytes], entry: int, what: str) -> None:
    """The erasure is noted on what these people asked for."""
    noted.note(tx, vault, people, f"{desk.space}@{entry}", what, stamp(desk.clock.now()))


def drop_revisions(tx: Transaction, vault: str, subject: bytes) -> None:
    """Where a record is gone, what it was before is too."""
    for row in tx.find("revision", vault=vault, subject=subject):
        if one(tx, "record", vault=vault, subject=subject, record=row["record"]) is None:
            tx.drop("revision", vault=vault, subject=subject, record=row["record"])


def enter(
    desk: Desk,
    tx: Transaction,
    ring: Keyring,
    gone: list[list[Json]],
    subjects: int,
    why: Mapping[str, Json] | None = None,
    beside: Mapping[str, Json] | None = None,
) -> int:
    """The head and the entry of an erasure; the slots in its opening are what a restore replays. Of more than fit into one the last of several, and their sum."""
    head, now = save_head(tx, ring), stamp(desk.clock.now())
    says: dict[str, Json] = {"vault": ring.vault, "slots": len(gone), "subjects": subjects, "g": ring.generation,
                             "head": head.root.hex(), **(why or {})}  # fmt: skip
    if len(gone) > PART:
        return _in_parts(tx, desk.space, now, says, cast("dict[str, Sequence[Json]]", {"slots": gone, **(beside or {})}))  # fmt: skip
    return append(tx, desk.space, now, ERASED, says, detail={"slots": list(gone), **(beside or {})})


def _in_parts(tx: Transaction, space: str, now: str, says: Mapping[str, Json], told: Mapping[str, Sequence[Json]]) -> int:  # fmt: skip
    """One transaction all the same: each part has its share of every list, the sum is over their leaves (spec/vault.md §9)."""
    slots, act, tree = cast("int", says["slots"]), ids.new("job"), merkle.Frontier()
    count, entry = -(-slots // PART), -1
    for part in range(count):
        own = {name: list(every[part * len(every) // count : (part + 1) * len(every) // count]) for name, every in told.items()}  # fmt: skip
        here: dict[str, Json] = {"slots": len(own["slots"]), "subjects": 0 if part else says["subjects"], "act": act, "part": part + 1}  # fmt: skip
        entry = append(tx, space, now, ERASED, {**says, **here}, detail=own)
        tree.append(cast("bytes", cast("Row", one(tx, "ledger_entry", space=space, position=entry))["hash"]))
    total: dict[str, Json] = {"vault": says["vault"], "act": act, "parts": count, "slots": slots, "root": tree.root().hex()}  # fmt: skip
    append(tx, space, now, SHREDDED, total)
    return entry


def places(subject: Row) -> Iterable[Shred]:
    """Every slot of a subject."""
    for compartment, (page, slot) in slot_places(cast("bytes", subject["slots"])).items():
        yield Shred(cast("bytes", subject["id"]), compartment, page, slot)


def forget(tx: Transaction, vault: str, subject: bytes) -> int:
    """Drop locations and facts of one subject; its id stays, so that it is never given again. Returns records dropped."""
    dropped = tx.drop("record", vault=vault, subject=subject)
    for row in tx.find("correction", vault=vault, subject=subject):
        tx.drop("correction_to", correction=row["id"])
    for table in (*OF_RECORDS, "correction"):
        tx.drop(table, vault=vault, subject=subject)
    tx.change("subject", {"state": ERASED, "facts": b"{}", "slots": b""}, vault=vault, id=subject)
    note(tx, vault, subject)
    return dropped


def joint_left(shared: Sequence[Row], gone: Collection[bytes]) -> list[bytes]:
    """Of live joint subjects those that stay when these are gone: whose rows name others too."""
    return [cast("bytes", row["id"]) for row in shared if row["id"] not in gone]


def joint_alone(tx: Transaction, vault: str, shared: Sequence[Row], subjects: Sequence[bytes], now: str) -> list[bytes]:
    """Of the live joint subjects that have some of `subjects` among their members: those of whose members nobody is left once these are gone, and which nobody holds. Nobody else could ask for their rows."""
    gone, kept, found = set(subjects), held(tx, vault, now) if shared else {}, list[bytes]()
    for row in shared:
        left = [one_of for one_of in members(row) if one_of not in gone and _row(tx, vault, one_of)["state"] == LIVE]
        if not left and row["id"] not in kept and row["id"] not in gone:
            found.append(cast("bytes", row["id"]))
    return found


def _row(tx: Transaction, vault: str, subject: bytes) -> Row:
    row = one(tx, "subject", vault=vault, id=subject)
    if row is None:
        raise Missing("subject.unknown", "This vault has no such customer.", next="custody lookup VALUE")
    return row


def renewed_places(desk: Desk, *, mirror_last: bool = False) -> bool:
    """Renew every place for backups at once: what moved to a new key is in none of them. False when one did not answer."""
    try:
        done, wanted = back_up_all(desk, mirror_last=mirror_last)
    except Unavailable:
        return False
    return 0 < done == wanted
