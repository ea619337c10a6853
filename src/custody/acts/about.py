"""Evidence about one person: the entry's salt and its opening die with that person's audit slot (spec/ledger.md §6, A16, D5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from custody.acts.entries import SUBJECT
from custody.acts.evidence import append
from custody.acts.vaults import AUDIT, Keyring, slot_places, slots_of
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError
from custody.ports.store import Row, Transaction, one
from custody.vault.audit import entry_salt
from custody.vault.page import slot
from custody.vault.record import new_header, open_record, parse, seal
from custody.vault.suite import Suite

OPENING_SCHEMA = 0xFFFF


@dataclass(frozen=True, slots=True)
class About:
    """A person as evidence sees them: the vault they are in, their random id, the key of their audit slot and its suite."""

    origin: bytes
    subject: bytes
    key: bytes = field(repr=False)
    suite: Suite = field(repr=False)


@dataclass(frozen=True, slots=True)
class Own(About):
    """As evidence is written: under a key that no seller's roots reach and no re-seal destroys (`own_evidence`)."""


def about(tx: Transaction, ring: Keyring, subject: bytes, slots: bytes) -> About:
    """The audit key of a live subject, or the key of its lowest compartment where it came without one (§6).

    Raises Broken `vault.no-key` when its slot was shredded.
    """
    held = slot_places(slots)
    if not held:
        raise Broken("vault.no-key", "There is no key in this slot.", kind="missing")
    compartment = AUDIT if AUDIT in held else min(held)
    page, number = held[compartment]
    opened = slots_of(tx, ring, compartment, page)
    return About(ring.origin, subject, slot(opened, number), opened.suite)


def append_about(
    tx: Transaction, space: str, at: str, kind: str, says: Mapping[str, Json], *, who: Own, detail: Mapping[str, Json]
) -> int:
    """Add an entry that concerns `who`: the ledger gets codes and a commitment, the detail is sealed under their audit key."""
    head = one(tx, "ledger_head", space=space)
    number = int(head["size"] or 0) if head else 0
    position = append(
        tx, space, at, kind, says, detail=detail, salt=entry_salt(who.key, f"{space}@{number}", who.suite)
    )
    assert position == number, "the head is locked by this transaction"
    header = new_header(AUDIT, OPENING_SCHEMA, who.subject, number, who.suite.key_id(who.key), suite=who.suite)
    (sealed,) = seal(who.origin, [(header, who.key, canonical.encode(dict(detail)))], count=1)
    tx.change("opening", {"detail": sealed}, space=space, position=number)
    whom: Row = {
        "space": space,
        "topic": SUBJECT,
        "whom": ids.subject_text(who.subject),
        "position": number,
        "kind": kind,
    }
    tx.add("entry_about", [whom])
    return number


def open_detail(sealed: bytes, who: About, position: int) -> Mapping[str, Json]:
    """The detail of the entry `position` about `who`. Raises Broken `vault.misplaced` for another entry's or person's opening, else as `open_record`.

    All openings of one person are under one key: only the header says of which entry each is (spec/ledger.md §6).
    """
    header = parse(sealed)
    said = (header.subject, header.record, header.compartment, header.schema, header.revision)
    if said != (who.subject, position, AUDIT, OPENING_SCHEMA, 1):
        raise Broken("vault.misplaced", "Another opening lies where this entry's should.", kind="swapped",
                     where={"entry": position}, next="custody vault check")  # fmt: skip
    value = canonical.decode(open_record(who.origin, who.key, sealed)[1])
    assert isinstance(value, dict)
    return value


def gone(error: CustodyError) -> bool:
    """Whether an opening stays closed because its key is no more; any other fault is somebody's doing, and is told."""
    return error.slug in {"vault.key", "vault.no-key"}
