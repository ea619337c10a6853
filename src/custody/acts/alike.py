"""People who cannot be told apart by the gate are decided once: what they share, and where the keys of each of them lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from custody.acts.vaults import AUDIT, QUARANTINE, SUBJECT_BYTES
from custody.base.canonical import Json
from custody.ports.store import Row

Numbers = npt.NDArray[np.int64]
Held = frozenset[tuple[int, str]]
Person = tuple[bytes, str, bytes, bytes, bytes]
NOTHING: Final[Held] = frozenset()
JOINT: Final = "joint"
OUTSIDE: Final = (AUDIT, QUARANTINE)
SLOT_DTYPE: Final = np.dtype([("compartment", "u1"), ("page", ">u4"), ("slot", ">u2")])


@dataclass(frozen=True, slots=True)
class Alike:
    """What people share who cannot be told apart: kind, facts, evidence of their own; of a joint subject, its members."""

    kind: str
    facts: tuple[tuple[str, Json], ...] = ()
    held: Held = NOTHING
    members: tuple["Alike", ...] = ()


GONE: Final = Alike("gone")


def joint(own: Alike, members: Sequence[Alike]) -> Alike:
    """A joint subject: itself and those it stands for."""
    return Alike(own.kind, own.facts, own.held, tuple(members))


def split(members: bytes) -> list[bytes]:
    """The ids of the members of a joint subject."""
    return [members[place : place + SUBJECT_BYTES] for place in range(0, len(members), SUBJECT_BYTES)]


def places(slots: bytes) -> list[tuple[int, int, int]]:
    """(compartment, page, slot) of one person's keys, of what is decided."""
    rows = np.frombuffer(slots, dtype=SLOT_DTYPE).tolist()
    return sorted(cast("tuple[int, int, int]", one) for one in rows if one[0] not in OUTSIDE)


def person(row: Row) -> Person:
    """A row of the table `subject`."""
    slots, facts, members = (cast("bytes", row[name]) for name in ("slots", "facts", "members"))
    return cast("bytes", row["id"]), str(row["kind"]), slots, facts, members
