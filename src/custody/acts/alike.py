"""People who cannot be told apart by the gate are decided once: who they are, and where the keys of each of them lie."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from custody.acts.vaults import AUDIT, QUARANTINE, SUBJECT_BYTES
from custody.base import canonical
from custody.base.canonical import Json
from custody.law import subject as subjects
from custody.ports.store import Row

Numbers = npt.NDArray[np.int64]
Held = frozenset[tuple[int, str]]
Person = tuple[bytes, str, bytes, bytes, bytes]
NOTHING: Final[Held] = frozenset()
JOINT: Final = "joint"
OUTSIDE: Final = (AUDIT, QUARANTINE)
_COMPARTMENTS: Final = 16
_SLOT: Final = np.dtype([("compartment", "u1"), ("page", ">u4"), ("slot", ">u2")])


@dataclass(frozen=True, slots=True)
class Alike:
    """What people share who cannot be told apart: kind, facts, evidence of their own; of a joint subject, its members."""

    kind: str
    facts: tuple[tuple[str, Json], ...] = ()
    held: Held = NOTHING
    members: tuple["Alike", ...] = ()


GONE: Final = Alike("gone")


@dataclass(frozen=True, slots=True)
class Layout:
    """Every live person: their group; one entry per (person, compartment): who, and where the key lies."""

    ids: Sequence[bytes]
    alike: Sequence[Alike]
    group: Numbers
    who: Numbers
    compartment: Numbers
    page: Numbers
    slot: Numbers
    until: str


@dataclass(slots=True)
class Grouping:
    """One pass over people, given as (id, kind, slots, facts, members). `until` is the first day on which some of them read otherwise."""

    evidence: Mapping[bytes, Held]
    on: date
    until: str = ""
    _rows: list[tuple[str, bytes, Held, bytes]] = field(default_factory=list)

    def run(self, rows: Iterable[Person]) -> Layout:
        """Group everybody."""
        ids, groups, slots, many = self._grouped(rows)
        alike, group = self._merged(ids, groups)
        table = np.frombuffer(slots, dtype=_SLOT)
        inside = ~np.isin(table["compartment"], OUTSIDE)
        who = np.repeat(np.arange(len(ids)), np.frombuffer(many, dtype=np.uint8))[inside]
        compartment, page, slot = (table[name][inside].astype(np.int64) for name in ("compartment", "page", "slot"))
        return Layout(ids, alike, group, who, compartment, page, slot, self.until)

    def _grouped(self, rows: Iterable[Person]) -> tuple[list[bytes], list[int], bytearray, bytearray]:
        """Ids, the group of each, their slots one after the other, how many each has. This loop meets every person: nothing else may."""
        ids, groups, slots, many = list[bytes](), list[int](), bytearray(), bytearray()
        known: dict[tuple[str, bytes, Held, bytes], int] = {}
        held_by = self.evidence.get
        for subject, kind, held, facts, members in rows:
            key = (kind, facts, held_by(subject, NOTHING), members)
            group = known.get(key)
            if group is None:
                known[key] = group = len(known)
                self._rows.append(key)
            ids.append(subject)
            groups.append(group)
            slots += held
            many.append(len(held) // _SLOT.itemsize)  # one a compartment, of which there are 16
        return ids, groups, slots, many

    def _merged(self, ids: Sequence[bytes], groups: Sequence[int]) -> tuple[list[Alike], Numbers]:
        """Groups whose facts differ only in what nobody reads become one."""
        of = dict(zip(ids, groups, strict=True)) if any(row[0] == JOINT for row in self._rows) else {}
        found: dict[Alike, int] = {}
        alone = [self.alike(kind, facts, held) for kind, facts, held, _ in self._rows]
        for place, (*_, members) in enumerate(self._rows):
            if members:
                own = (of.get(one) for one in split(members))
                alone[place] = joint(alone[place], [GONE if one is None else alone[one] for one in own])
        renamed = np.array([found.setdefault(one, len(found)) for one in alone], dtype=np.int64)
        return list(found), renamed[np.array(groups, dtype=np.int64)] if groups else np.zeros(0, dtype=np.int64)

    def alike(self, kind: str, facts: bytes, held: Held) -> Alike:
        """Somebody without members."""
        row = cast("Mapping[str, Json]", canonical.decode(facts)) if facts else {}
        turns = subjects.changes_after(row, self.on)
        self.until = min(filter(None, (self.until, turns)), default="")
        return Alike(kind, subjects.read(row, self.on), held)


def joint(own: Alike, members: Sequence[Alike]) -> Alike:
    """A joint subject: itself and those it stands for."""
    return Alike(own.kind, own.facts, own.held, tuple(members))


def split(members: bytes) -> list[bytes]:
    """The ids of the members of a joint subject."""
    return [members[place : place + SUBJECT_BYTES] for place in range(0, len(members), SUBJECT_BYTES)]


def places(slots: bytes) -> list[tuple[int, int, int]]:
    """(compartment, page, slot) of one person's keys, of what is decided."""
    rows = np.frombuffer(slots, dtype=_SLOT).tolist()
    return sorted(cast("tuple[int, int, int]", one) for one in rows if one[0] not in OUTSIDE)


def person(row: Row) -> Person:
    """A row of the table `subject`."""
    slots, facts, members = (cast("bytes", row[name]) for name in ("slots", "facts", "members"))
    return cast("bytes", row["id"]), str(row["kind"]), slots, facts, members
