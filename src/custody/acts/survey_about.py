"""What the store says of one person, held against the sealed openings about that person: corrections and holds (spec/vault.md §24).

People come in the order of their ids, of three tables side by side. An opening whose key was erased stays closed: what it
says was held against nothing from then on.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, cast

from custody.acts.about import About, open_detail
from custody.acts.entries import SUBJECT
from custody.acts.erasing import LIVE
from custody.acts.survey_records import Location, fault
from custody.acts.survey_told import Told
from custody.acts.surveyed import Survey
from custody.acts.vaults import AUDIT, Keyring, page_at, slot_places
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ledger import entry as entries
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault.audit import entry_salt
from custody.vault.keyid import NO_KEY
from custody.vault.keyring import Spot
from custody.vault.page import Slots, open_page, slot
from custody.vault.record import KEY_ID

_OPEN: Final = 512
_REVISED: Final = "revised"
_HELD: Final = frozenset(("hold-set", "hold-released"))
_OLDER: Final = ("subject", "record", "revision", "segment", "position", "length", "principal", "reason", "at")


class Older(NamedTuple):
    """What a record was before a correction: where it lies, who changed it, why and when."""

    record: int
    revision: int
    segment: str
    position: int
    length: int
    principal: str
    reason: str
    at: str


class Said(NamedTuple):
    """One entry about a person: its number, what happened, when, and its opening."""

    number: int
    kind: str
    at: str
    detail: Mapping[str, Json]


class Person(NamedTuple):
    """What is kept of one person beside records: numbers of entries, earlier revisions, holds by reason."""

    subject: bytes
    entries: Sequence[int]
    older: Sequence[Older]
    holds: Mapping[str, str]


class _People:
    """One passage over everybody of whom an entry, a revision or a hold speaks."""

    def __init__(self, tx: Transaction, ring: Keyring, files: Files, space: str, told: Told, found: Survey) -> None:
        self._tx, self._ring, self._files, self._space, self._told, self._found = tx, ring, files, space, told, found
        self._page = lru_cache(_OPEN)(self._opened)
        self.closed = dict[bytes, int]()
        """{key of an opening that stayed closed: its entry}."""

    def look(self, person: Person) -> None:
        """Everything about one of them."""
        row = one(self._tx, "subject", vault=self._ring.vault, id=person.subject)
        if row is None or row["state"] != LIVE:
            for old in person.older:
                self._say("revision.orphan", person, old.record, old.revision)
            return
        slots = cast("bytes", row["slots"])
        said = list(self._openings(person, slots))
        self._revisions(person, [one_said for one_said in said if one_said.kind == _REVISED])
        for old in person.older:
            if kind := self._lying(person, old, slots):
                self._say(kind, person, old.record, old.revision)
        self._holds(person, [one_said for one_said in said if one_said.kind in _HELD])

    def _openings(self, person: Person, slots: bytes) -> Iterator[Said]:
        who = self._about(person.subject, slot_places(slots))
        for number in person.entries if who is not None else ():
            try:
                yield self._said(number, cast("About", who))
            except CustodyError as error:
                sealed = self._detail(number)
                if error.slug in {"vault.key", "vault.no-key"}:
                    self.closed[sealed[KEY_ID]] = number
                else:
                    self._found.say("ledger.opening", entry=number)

    def _said(self, number: int, who: About) -> Said:
        entry = cast("Row", one(self._tx, "ledger_entry", space=self._space, position=number) or {"entry": b""})
        told = entries.parse(cast("bytes", entry["entry"]))
        detail = open_detail(self._detail(number), who, number)
        made = entries.opening(detail, entry_salt(who.key, f"{self._space}@{number}", who.suite))
        if entries.commit(made).hex() != told["c"]:
            self._found.say("ledger.opening", entry=number)
        return Said(number, str(told["kind"]), str(told["at"]), detail)

    def _detail(self, number: int) -> bytes:
        row = one(self._tx, "opening", space=self._space, position=number)
        return cast("bytes", row["detail"]) if row else b""

    def _revisions(self, person: Person, said: Sequence[Said]) -> None:
        """Each revision that is kept was entered; and each that was entered since the record was last sealed anew is kept."""
        told: dict[tuple[int, int], set[tuple[str, str, str]]] = {}
        for one_said in said:
            key = cast("int", one_said.detail["record"]), cast("int", one_said.detail["revision"]) - 1
            told.setdefault(key, set()).add(
                (str(one_said.detail["principal"]), str(one_said.detail["reason"]), one_said.at)
            )
        kept = {(old.record, old.revision): (old.principal, old.reason, old.at) for old in person.older}
        for key, words in kept.items():
            if words not in told.get(key, set()) and not self._closed_to(person):
                self._say("revision.unentered", person, *key)
        lost = {
            (cast("int", one_said.detail["record"]), cast("int", one_said.detail["revision"]) - 1)
            for one_said in said if self._told.is_lost(one_said.number) or one_said.number < self._told.taken_over
        }  # fmt: skip
        rows = self._tx.find("record", order=("record",), vault=self._ring.vault, subject=person.subject)
        for row in rows if told else ():
            record, last = cast("int", row["record"]), cast("int", row["revision"])
            while (record, last - 1) in told:
                last -= 1
                if (record, last) not in kept and (record, last) not in lost:
                    self._say("revision.missing", person, record, last)
            newest = cast("int", row["revision"])
            for number, before in told.keys() - lost:
                if number == record and before >= newest:
                    self._say("revision.missing", person, record, before)

    def _closed_to(self, person: Person) -> bool:
        """Whether an opening about them stayed closed: what it says cannot be missed."""
        return any(number in person.entries for number in self.closed.values())

    def _lying(self, person: Person, old: Older, slots: bytes) -> str:
        """What is wrong with the earlier revision in its segment; "" when it opens to what its row says."""
        vault = self._ring.vault
        row = one(self._tx, "record", vault=vault, subject=person.subject, record=old.record)
        segment = one(self._tx, "segment", vault=vault, id=old.segment)
        if row is None or segment is None:
            return "revision.orphan"
        compartment = cast("int", row["compartment"])
        numbers = (compartment, cast("int", row["schema"]), old.revision, cast("int", row["row"]))
        place = Location(person.subject, old.record, *numbers, old.position, old.length)
        try:
            with self._files.open(str(segment["file"])) as source:
                source.seek(max(old.position, 0))
                sealed = source.read(max(old.length, 0))
        except (CustodyError, OSError):
            return ""  # a segment that is gone, or that its disk does not read, is told once, by itself
        kind = fault(place, sealed, ids.id_bytes(str(segment["origin"])), self._key(slots, compartment))
        return kind.replace("record.", "revision.")

    def _holds(self, person: Person, said: Sequence[Said]) -> None:
        """The holds in force are those that were set and not released since."""
        told = dict[str, str]()
        for one_said in said:
            reason = str(one_said.detail["reason"])
            told.pop(reason, None)
            if one_said.kind == "hold-set":
                told[reason] = str(one_said.detail["until"])
        if dict(person.holds) != told and not self._closed_to(person):
            self._found.say("hold", subject=ids.subject_text(person.subject))

    def _key(self, slots: bytes, compartment: int) -> bytes:
        place = slot_places(slots).get(compartment)
        page = self._page((compartment, place[0])) if place else None
        return slot(page, place[1]) if page is not None and place else NO_KEY

    def _about(self, subject: bytes, held: Mapping[int, tuple[int, int]]) -> About | None:
        if not held:
            return None
        compartment = AUDIT if AUDIT in held else min(held)
        page, number = held[compartment]
        opened = self._page((compartment, page))
        return None if opened is None else About(self._ring.origin, subject, slot(opened, number), opened.suite)

    def _opened(self, spot: Spot) -> Slots | None:
        try:
            return open_page(page_at(self._tx, self._ring.vault, spot), self._ring.key, self._ring.generation)
        except CustodyError:
            return None

    def _say(self, kind: str, person: Person, record: int, revision: int) -> None:
        self._found.say(kind, subject=ids.subject_text(person.subject), record=record, revision=revision)


def survey_people(tx: Transaction, ring: Keyring, files: Files, space: str, told: Told, found: Survey) -> None:
    """Corrections, holds and sealed openings, of everybody who has any."""
    people = _People(tx, ring, files, space, told, found)
    for person in _everybody(tx, ring.vault, space):
        people.look(person)
    for (key,) in tx.columns("erasure", ("key_id",), vault=ring.vault) if people.closed else ():
        people.closed.pop(cast("bytes", key), None)
    for number in people.closed.values():
        if not told.is_lost(number):  # its key came after the backup that was restored, and went with the store
            found.say("ledger.opening", entry=number)


def _everybody(tx: Transaction, vault: str, space: str) -> Iterator[Person]:
    """All that is kept by person, in the order of their ids: subjects' texts are ordered as their bytes are."""
    named = tx.columns("entry_about", ("whom", "position"), order=("whom", "position"), space=space, topic=SUBJECT)
    told = _Grouped((ids.subject_bytes(str(whom)), number) for whom, number in named)
    older = _Grouped(tx.columns("revision", _OLDER, order=_OLDER[:3], vault=vault))
    holds = _Grouped(tx.columns("hold", ("subject", "reason", "until"), order=("subject", "reason"), vault=vault))
    while waiting := [one_group.subject for one_group in (told, older, holds) if one_group.subject is not None]:
        subject = min(waiting)
        yield Person(
            subject,
            [cast("int", row[1]) for row in told.of(subject)],
            [Older._make(cast("tuple[int, int, str, int, int, str, str, str]", row[1:])) for row in older.of(subject)],
            {str(row[1]): str(row[2]) for row in holds.of(subject)},
        )


class _Grouped:
    """Rows by the person in their first cell, ascending."""

    def __init__(self, rows: Iterator[tuple[object, ...]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    @property
    def subject(self) -> bytes | None:
        """Whose rows come next."""
        return None if self._next is None else cast("bytes", self._next[0])

    def of(self, subject: bytes) -> Iterator[tuple[object, ...]]:
        """The rows of this person, if theirs come next."""
        if self._next is not None and self._next[0] == subject:
            yield from self._next[1]
            self._next = next(self._groups, None)
