"""Only whom something touched is looked at again: they leave the group they were in and join another (spec/law.md §7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from custody.acts import on_file
from custody.acts.alike import GONE, JOINT, Alike, joint, person, places, split
from custody.acts.filed import Filed
from custody.acts.groups import NOBODY, Group, Groups
from custody.acts.matters import EVERYBODY
from custody.acts.noted import leavers
from custody.acts.replies import SAYS, UNREAD, writers
from custody.acts.sorting import Sorting
from custody.acts.twins import in_pairs
from custody.law.pack import Packs
from custody.ports.store import TOUCHED_ALL, Row, Transaction, one

_LIVE = "live"


def touched(tx: Transaction, matter: Row) -> dict[bytes, Row | None] | None:
    """Whom a write touched since the newest gate, with the note of how their row stood; None: it may be anybody.

    A person about whom something was set aside is always among them, since that also ends by itself; and whoever asked for a
    deletion, since what they asked is open or answered in rows that are not noted here; and whoever may be the person of another record.
    """
    name = str(matter["id"])
    found: dict[bytes, Row | None] = {
        cast("bytes", row["subject"]): None for table in ("override",) for row in tx.find(table, matter=name)
    }
    found |= dict.fromkeys(leavers(tx, str(matter["vault"])))
    found |= dict.fromkeys(writers(tx, str(matter["vault"]), (UNREAD, *SAYS)))  # also of whom it was read since
    found |= dict.fromkeys(in_pairs(tx, str(matter["vault"])))
    found |= {cast("bytes", row["subject"]): None for row in tx.find("touched", scope=name)}
    found |= {cast("bytes", row["subject"]): row for row in tx.find("touched", scope=str(matter["vault"]))}
    everybody = TOUCHED_ALL in found
    found.pop(EVERYBODY, None)
    return None if everybody else found


def settled(tx: Transaction, matter: Row) -> None:
    """Everybody was looked at. A vault's notes are all deals': another deal over it is told to look at everybody."""
    name, vault = str(matter["id"]), str(matter["vault"])
    others = {str(row["id"]) for row in tx.find("matter", vault=vault)} - {name}
    if others and tx.count("touched", scope=vault):
        told = {other for other in others if tx.count("touched", scope=other, subject=TOUCHED_ALL)}
        tx.add("touched", ({"scope": other, "subject": TOUCHED_ALL} for other in sorted(others - told)))
    for scope in (name, vault):
        tx.drop("touched", scope=scope)


@dataclass(frozen=True, slots=True)
class Regroup:
    """Move people between groups. What does not fit what is kept makes `run` say no, and everybody is looked at."""

    tx: Transaction
    matter: Row
    on: date
    groups: Groups
    packs: Packs

    def run(self, wanted: Mapping[bytes, Row | None]) -> bool:
        """Whether everybody touched could be moved."""
        notes = {**self._joint_with(wanted), **wanted}
        for who, note in notes.items():
            row = one(self.tx, "subject", vault=str(self.matter["vault"]), id=who)
            if not self._moved(row, note):
                return False
        self.groups.moved = len(notes)
        return True

    def _joint_with(self, wanted: Mapping[bytes, Row | None]) -> dict[bytes, Row | None]:
        """Joint subjects are as their members are."""
        if not wanted or all(group.alike.kind != JOINT for _, group in self.groups.living()):
            return {}
        rows = self.tx.columns("subject", ("id", "members"), vault=str(self.matter["vault"]), kind=JOINT, state=_LIVE)
        pairs = ((cast("bytes", who), cast("bytes", members)) for who, members in rows)
        return {who: None for who, members in pairs if not wanted.keys().isdisjoint(split(members))}

    def _moved(self, row: Row | None, note: Row | None) -> bool:
        before = note if note is not None else row
        if before is not None and before["state"] == _LIVE and not self._out(cast("bytes", before["slots"])):
            return False
        if row is not None and row["state"] == _LIVE:
            self._in(row)
        return True

    def _out(self, slots: bytes) -> bool:
        held = places(slots)
        numbers = {self.groups.at(*place) for place in held}
        if len(numbers) != 1 or None in numbers:
            return False
        (number,) = cast("set[int]", numbers)
        self.groups.people[number] -= 1
        for place in held:
            self.groups.put(*place, NOBODY)
        return True

    def _in(self, row: Row) -> None:
        held = places(cast("bytes", row["slots"]))
        number = self.groups.number(Group(self._alike(row), tuple(sorted({place[0] for place in held}))))
        self.groups.people[number] += 1
        for place in held:
            self.groups.put(*place, number)

    def _alike(self, row: Row) -> Alike:
        who, kind, _, facts, members = person(row)
        held = on_file.of_person(self.tx, self.matter, {**row, "id": who}, self.on, self.packs)
        own = Sorting(Filed.of({who: held}), self.on, self.groups).alike(kind, facts, held)
        return joint(own, [self._member(one) for one in split(members)]) if members else own

    def _member(self, who: bytes) -> Alike:
        row = one(self.tx, "subject", vault=str(self.matter["vault"]), id=who)
        return GONE if row is None or row["state"] != _LIVE else self._alike({**row, "members": b""})
