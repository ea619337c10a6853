"""The suppression list of a party: who may not come in again, who may not be contacted (A9; spec/retention.md §7).

Identifiers stand there as keyed tags. An entry of the ledger counts them; its opening has the tags, so that a restore puts
back what came after the backup.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.erasing import PART
from custody.acts.evidence import append
from custody.acts.finding import identifiers
from custody.acts.new_root import wrap_anew
from custody.acts.own_tables import have_own, own_tables
from custody.acts.reading import Reader
from custody.base import canonical, ids
from custody.base.canonical import Json, b64, unb64
from custody.base.clock import stamp
from custody.base.errors import CustodyError
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.payload import unpack
from custody.vault.suppression import KINDS, Suppressor

IMPORT: Final = "import"
CONTACT: Final = "contact"
SCOPES: Final = (IMPORT, CONTACT)
NO_CONTACT: Final = "no_contact"
PASSED: Final = "no_contact_passed"
"""In the facts of whoever had said so to the company before: `told`, and `lifted` once it was taken off here."""
_TAKEN_OFF: Final = "lifted"
_NAMED: Final = "no_contact_named"
"""In the facts of whoever was marked by name: a value that is taken off the list says nothing of them."""
_CLOSED: Final = "no_contact_closed"
"""In the facts of whoever was listed as they closed their account: by what identified them then."""
CLOSED: Final = "closed"
"""Why an entry lists somebody who closes their account."""
ENTRY: Final = "suppressed"
LIFTED: Final = "suppression-lifted"
_KEY: Final = 32
_RECORD: Final = ("subject", "record", "row", "schema", "compartment", "revision", "segment", "position", "length")
Tags = set[tuple[str, bytes]]


@dataclass(slots=True)
class Listed:
    """A party's list, held in memory while something is taken in or sent out."""

    suppressor: Suppressor
    tags: Mapping[str, Mapping[tuple[str, bytes], str]] = field(repr=False)

    def scope(self, kind: str, value: object) -> str:
        """`import`, `contact`, or '' for a value that is not on the list."""
        tag = self.suppressor.tag(kind, str(value)) if value not in (None, "") else None
        if tag is None:
            return ""
        return next((scope for scope in SCOPES if (kind, tag) in self.tags.get(scope, {})), "")


def listed(desk: Desk) -> Listed | None:
    """The list, or None when nobody is on it."""
    with desk.store.read() as tx:
        rows = tx.find("suppressed", party=desk.space)
        if not rows:
            return None
        found: dict[str, dict[tuple[str, bytes], str]] = {}
        for row in rows:
            found.setdefault(str(row["scope"]), {})[str(row["kind"]), cast("bytes", row["tag"])] = str(row["reason"])
        return Listed(_suppressor(desk, tx), found)


def has_grown(desk: Desk, tx: Transaction, looked: Listed | None) -> bool:
    """Whether somebody stands on the list who did not when it was read; whoever was taken off does not count."""
    known = looked.tags if looked else {}
    rows = tx.find("suppressed", party=desk.space)
    return any((str(row["kind"]), cast("bytes", row["tag"])) not in known.get(str(row["scope"]), {}) for row in rows)


def open_list(desk: Desk, tx: Transaction) -> Suppressor:
    """What makes the party's tags; its key is made at first use, under a provider object of its own."""
    if one(tx, "suppression_key", party=desk.space) is None:
        ref, wrapped = wrap_anew(desk.keys, desk.space, 1, secrets.token_bytes(_KEY))
        tx.add("suppression_key", [{"party": desk.space, "ref": ref, "wrapped": wrapped}])
    return _suppressor(desk, tx)


def suppress(
    desk: Desk, tx: Transaction, tags: Tags, scope: str, reason: str,
    people: Mapping[str, Collection[bytes]] | None = None, named: Mapping[str, Collection[bytes]] | None = None,
) -> tuple[int, int]:  # fmt: skip
    """Put tags on the list; returns (how many are new, the entry). What is on it stays as it was. `people` {vault: whom} are marked along with it, by whoever calls, and of these the `named` by name: a restore marks them again, also those who have nothing but a shared value."""
    known = {
        (str(row["kind"]), cast("bytes", row["tag"])) for row in tx.find("suppressed", party=desk.space, scope=scope)
    }
    fresh, now = sorted(tags - known), stamp(desk.clock.now())
    tx.add("suppressed", (_row(desk.space, kind, tag, scope, reason, now) for kind, tag in fresh))
    key = cast("Row", one(tx, "suppression_key", party=desk.space))
    again: dict[str, Json] = {"ref": str(key["ref"]), "key": b64(cast("bytes", key["wrapped"]))}
    entry = -1
    for some in (fresh[first : first + PART] for first in range(0, max(len(fresh), 1), PART)):
        told: list[Json] = [[kind, tag.hex()] for kind, tag in some]
        says: dict[str, Json] = {"n": len(some), "scope": scope, "reason": reason, "principal": desk.principal.id}
        whom = {"people": people_told(people or {}), "named": people_told(named or {})} if entry < 0 else {}
        entry = append(tx, desk.space, now, ENTRY, says, detail={"tags": told, **{key: some for key, some in whom.items() if some}, **again})  # fmt: skip
    return len(fresh), entry


def put_back(tx: Transaction, space: str, at: str, says: Mapping[str, Json], detail: Mapping[str, Json]) -> None:
    """What an entry put on the list, on a list that may have it: for a restore."""
    scope, reason = str(says["scope"]), str(says["reason"])
    if one(tx, "suppression_key", party=space) is None:
        wrapped = unb64(str(detail["key"]))
        tx.add("suppression_key", [{"party": space, "ref": str(detail["ref"]), "wrapped": wrapped}])
    for kind, tag in cast("list[tuple[str, str]]", detail.get("tags", [])):
        row = _row(space, kind, bytes.fromhex(tag), scope, reason, at)
        if one(tx, "suppressed", party=space, kind=kind, tag=row["tag"], scope=scope) is None:
            tx.add("suppressed", [row])
    for vault, who in cast("list[tuple[str, str]]", detail.get("people", [])):
        mark(tx, vault, [ids.subject_bytes(who)])
    for vault, who in cast("list[tuple[str, str]]", detail.get("named", [])):
        mark(tx, vault, [ids.subject_bytes(who)], named=True, closed=reason == CLOSED)


def people_told(people: Mapping[str, Collection[bytes]]) -> list[Json]:
    """Who an entry's opening names: [vault, subject] of each."""
    return [[vault, ids.subject_text(who)] for vault, some in sorted(people.items()) for who in sorted(some)]


def take_off(tx: Transaction, space: str, detail: Mapping[str, Json]) -> None:
    """What an entry took off the list: for a restore."""
    for kind, tag in cast("list[tuple[str, str]]", detail.get("tags", [])):
        tx.drop("suppressed", party=space, kind=kind, tag=bytes.fromhex(tag))
    for vault, who in cast("list[tuple[str, str]]", detail.get("people", [])):
        _unsay(tx, vault, ids.subject_bytes(who))


def tags_of(
    desk: Desk, tx: Transaction, vault: str, subjects: Sequence[bytes], made: Suppressor,
    besides: Collection[tuple[str, str]] = (), lost: Counter[bytes] | None = None,
) -> Tags:  # fmt: skip
    """The tags of every identifier that is on file of these people, but for the (kind, value) `besides`."""
    told = ((kind, made.tag(kind, value)) for _, kind, value in on_file(desk, tx, vault, subjects, lost) if (kind, value) not in besides)  # fmt: skip
    return {(kind, tag) for kind, tag in told if tag is not None}


def on_file(
    desk: Desk, tx: Transaction, vault: str, people: Collection[bytes], lost: Counter[bytes] | None = None
) -> Iterator[tuple[bytes, str, str]]:
    """(who, kind, value) of everything that identifies these people and may stand on a list: in their own tables; of who has no row there, in any other.

    With `lost` a record that nobody can read is counted there, and does not stop it: for whoever is erased.
    """
    own, places, known = _own(tx, vault), identifiers(tx, vault), have_own(tx, vault, people)
    with closing(Reader(desk, tx, vault, only=people, lost=lost)) as reader:
        for cells in tx.among("record", _RECORD, "subject", people, vault=vault):
            row = dict(zip(_RECORD, cells, strict=True))
            inside = (own if row["subject"] in known else places).get(cast("int", row["schema"]), ())
            payload = (reader.open(row) if lost is None else reader.opened(row)) if inside else None
            values = unpack(payload)[1] if payload is not None else ()
            for place, kind in inside if values else ():
                if kind in KINDS and values[place] not in (None, ""):
                    yield cast("bytes", row["subject"]), kind, str(values[place])


def mark(tx: Transaction, vault: str, subjects: Iterable[bytes], *, named: bool = False, closed: bool = False) -> int:
    """Say in the facts of these people that nobody may contact them, whether it was said of them by name, and whether they were listed as they closed their account; returns how many are new."""
    says = {NO_CONTACT: True, **({_NAMED: True} if named else {}), **({_CLOSED: True} if closed else {})}
    fresh = 0
    for subject in subjects:
        row = one(tx, "subject", vault=vault, id=subject)
        if row is None or row["state"] != "live":
            continue
        facts = cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"])))
        if not says.keys() <= facts.keys():
            tx.change("subject", {"facts": canonical.encode({**facts, **says})}, vault=vault, id=subject)
            fresh += NO_CONTACT not in facts
    return fresh


def unmark(
    desk: Desk, tx: Transaction, vault: str, subjects: Iterable[bytes], made: Suppressor, lost: Counter[bytes] | None = None
) -> list[bytes]:  # fmt: skip
    """Let these people be contacted again, but whoever still has something on file that is on the list, or a record that nobody can read, which may be; returns whom. `lost` counts those."""
    lost = Counter[bytes]() if lost is None else lost
    left = {(str(row["kind"]), cast("bytes", row["tag"])) for row in tx.find("suppressed", party=desk.space)}
    known = ((who, tags_and_lost(desk, tx, vault, who, made, lost)) for who in subjects)
    return [who for who, tags in known if not tags & left and not lost[who] and _unsay(tx, vault, who)]


def tags_and_lost(desk: Desk, tx: Transaction, vault: str, who: bytes, made: Suppressor, lost: Counter[bytes]) -> Tags:
    """The tags of one person; `lost` counts what nobody can read of theirs, once however often it is asked."""
    own = Counter[bytes]()
    tags = tags_of(desk, tx, vault, [who], made, (), own)
    lost |= own
    return tags


def by_value(
    desk: Desk,
    tx: Transaction,
    vault: str,
    subjects: Iterable[bytes],
    made: Suppressor,
    gone: Tags,
    lost: Counter[bytes],
) -> list[bytes]:
    """Whom a value that went off the list had silenced: who has it on file as their own, and whose mark neither came with a release nor was set by name."""
    found = []
    for who in subjects:
        row = one(tx, "subject", vault=vault, id=who)
        facts = cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"]))) if row else {}
        if facts.get(NO_CONTACT) and _NAMED not in facts and facts.get(PASSED) in (None, _TAKEN_OFF):
            found += [who] if tags_and_lost(desk, tx, vault, who, made, lost) & gone else []
    return found


def _unsay(tx: Transaction, vault: str, who: bytes) -> bool:
    row = one(tx, "subject", vault=vault, id=who)
    if row is None or row["state"] != "live":
        return False
    facts = cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"])))
    marked = bool(facts.pop(NO_CONTACT, False))
    if marked:
        facts.pop(_NAMED, None)
        facts.pop(_CLOSED, None)
        facts |= {PASSED: _TAKEN_OFF} if PASSED in facts else {}
        tx.change("subject", {"facts": canonical.encode(facts)}, vault=vault, id=who)
    return marked


def listed_closing(tx: Transaction, vault: str, among: Collection[bytes]) -> set[bytes]:
    """Who of these was listed as they closed their account: what is left of theirs is not asked again."""
    return _saying(tx, vault, _CLOSED, among)


def silenced(tx: Transaction, vault: str, among: Collection[bytes] | None = None) -> set[bytes]:
    """Live people of a vault whom nobody may contact; of `among` alone where they are given, so that nobody else is looked at."""
    return _saying(tx, vault, NO_CONTACT, among)


def _saying(tx: Transaction, vault: str, fact: str, among: Collection[bytes] | None) -> set[bytes]:
    told, names = f'"{fact}":true'.encode(), ("id", "facts")
    rows = (tx.columns("subject", names, order=("id",), vault=vault, state="live") if among is None
            else tx.among("subject", names, "id", among, vault=vault, state="live"))  # fmt: skip
    return {cast("bytes", who) for who, facts in rows if told in cast("bytes", facts)}


def on_list(desk: Desk, vault: str, lost: Counter[bytes] | None = None) -> list[bytes]:
    """Who of a vault is on the list, found by opening what identifies them: after people came in as ciphertext.

    A record that nobody can read says nothing of anybody, and keeps nobody else from being silent: it is passed over, and counted in `lost`.
    """
    found = listed(desk)
    if found is None:
        return []
    people, named = set[bytes](), set[bytes]()
    with desk.store.read() as tx:
        own = _own(tx, vault)
        with Reader(desk, tx, vault, lost=lost) as reader:
            for layout, inside in identifiers(tx, vault).items():
                for row in tx.scan("record", order=("segment", "position"), vault=vault, schema=layout):
                    payload = reader.opened(row)
                    values = unpack(payload)[1] if payload is not None else ()
                    if values and any(kind in KINDS and found.scope(kind, values[place]) for place, kind in inside):
                        (people if layout in own else named).add(cast("bytes", row["subject"]))
        return sorted(people | (named - have_own(tx, vault, named)))


def _own(tx: Transaction, vault: str) -> Mapping[int, Sequence[tuple[int, str]]]:
    """What identifies people in their own tables alone: an order may name somebody else's telephone."""
    own = own_tables(tx, vault)
    tables = {row["number"]: str(row["tbl"]) for row in tx.find("schema", vault=vault)}
    return {layout: inside for layout, inside in identifiers(tx, vault).items() if tables[layout] in own}


def _row(party: str, kind: str, tag: bytes, scope: str, reason: str, at: str) -> Cells:
    return {"party": party, "kind": kind, "tag": tag, "scope": scope, "reason": reason, "at": at}


def suppressor(desk: Desk, tx: Transaction) -> Suppressor | None:
    """What makes the party's tags, None when there never was a list."""
    return None if one(tx, "suppression_key", party=desk.space) is None else _suppressor(desk, tx)


def _suppressor(desk: Desk, tx: Transaction) -> Suppressor:
    row = one(tx, "suppression_key", party=desk.space)
    assert row is not None
    try:
        key = desk.keys.unwrap(str(row["ref"]), cast("bytes", row["wrapped"]))
    except CustodyError as error:
        error.next = error.next or "custody suppress renew --why … --dry-run"
        raise
    return Suppressor(key, ids.id_bytes(desk.space), desk.region)
