"""The customers under a reason or a verdict of the newest gate: who they are stays an id (C3)."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.overrides import lifted_by
from custody.acts.roots import UNDECIDED
from custody.acts.vaults import SUBJECT_BYTES, slot_places
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.law.gate import VERDICTS
from custody.ports.store import Cell, Cells, Row, Transaction, Within, one

FIRST: Final = (0, 0, 0)
_SHORTEST: Final = 4
_TOGETHER: Final = 64
Slot = tuple[int, int, int]


def verdict_list(
    desk: Desk,
    named: str,
    rule: str | None,
    verdict: str | None,
    most: int,
    after: Slot = FIRST,
    who: str = "",
    *,
    part: bool = False,
) -> Mapping[str, Json]:
    """Up to `most` customers from the slot `after` on, in the order of their key pages, each once; `next` is where the following begin.

    A verdict lists whom the gate counts under it: everybody once, by the most permissive of theirs. With `part` it lists everybody of whom any part has it.
    With `who` those whose id begins so, in the order of their ids.
    """
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        listing = _Listing(tx, matter, rule, verdict, part=part or verdict is None)
        found = list(islice(listing.called(who) if who else listing.walk(after), most + 1))
    told: list[Json] = [one_told for _, one_told in found[:most]]
    more = ".".join(map(str, found[most][0])) if len(found) > most and not who else ""
    return {"deal": str(matter["ref"]), "gate": listing.gate, "customers": told, "more": len(found) > most, "next": more}  # fmt: skip


@dataclass
class _Listing:
    """One list: which vectors of the newest gate are wanted, and the people they were given to."""

    tx: Transaction
    matter: Row
    rule: str | None
    verdict: str | None
    part: bool
    gate: int = 0
    wanted: dict[int, dict[str, Json]] = field(default_factory=dict)
    _verdicts: dict[int, str] = field(default_factory=dict)
    _pages: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.tx.first("statement", 1, order=("-n",), matter=str(self.matter["id"]), kind="gate")
        self.gate = cast("int", rows[0]["n"]) if rows else 0
        rows = self.tx.find("vector", matter=str(self.matter["id"]), gate=self.gate)
        self._verdicts = {cast("int", row["number"]): str(row["verdict"]) for row in rows if row["number"] != UNDECIDED}
        self.wanted = {
            cast("int", row["number"]): {"verdict": str(row["verdict"]), "overridden": lifted_by(row)}
            for row in rows
            if _fits(row, self.rule, self.verdict)
        }

    def walk(self, after: Slot) -> Iterator[tuple[Slot, Json]]:
        """A page of slots is looked into only where its vectors name somebody who is wanted."""
        for compartment, page, numbers in self._from(after):
            if self.wanted.keys().isdisjoint(numbers):
                continue
            self._pages[compartment, page] = numbers
            begin = after[2] if (compartment, page) == after[:2] else 0
            members = self._members(compartment, page)
            slots = enumerate(numbers[: len(members)])  # a page may have free slots at its end
            places = ((compartment, page, slot) for slot, number in slots if slot >= begin and number in self.wanted)
            while some := list(islice(places, _TOGETHER)):
                yield from self._firsts({place: members[place[2]] for place in some})

    def called(self, who: str) -> Iterator[tuple[Slot, Json]]:
        """Those whose id begins so; a beginning that most share tells nobody apart."""
        span = ids.subject_range(who) if len(who.strip().upper().removeprefix("SUB_")) >= _SHORTEST else None
        vault = str(self.matter["vault"])
        rows = self.tx.scan("subject", (Within("id", *span),), order=("id",), vault=vault, kind="customer") if span else ()  # fmt: skip
        for row in rows:
            places = self._places(row["slots"])
            if places and self._counted(row["slots"]):
                told = self.wanted[self._number(places[0])]
                yield places[0], {"subject": ids.subject_text(cast("bytes", row["id"])), **told}

    def _from(self, after: Slot) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        found: Cells = {"matter": str(self.matter["id"]), "gate": self.gate}
        compartments = self.tx.find("compartment", order=("number",), vault=str(self.matter["vault"]))
        for compartment in (cast("int", row["number"]) for row in compartments):
            if compartment < after[0]:
                continue
            since = after[1] if compartment == after[0] else 0
            for row in self.tx.scan("verdict_page", (Within("page", since),), order=("page",), compartment=compartment, **found):  # fmt: skip
                yield compartment, cast("int", row["page"]), _numbers(row)

    def _firsts(self, some: Mapping[Slot, bytes]) -> Iterator[tuple[Slot, Json]]:
        """The customers among these; each by the first place by which they are wanted: somebody has a slot in several compartments."""
        # By key alone: asked for the kind as well, a database may go through everybody of that kind.
        rows = self.tx.among("subject", ("id", "kind", "slots"), "id", some.values(), vault=str(self.matter["vault"]))
        slots = {who: places for who, kind, places in rows if kind == "customer"}
        for place, who in some.items():
            if who not in slots or not self._counted(slots[who]):
                continue
            if not any(other < place and other[0] != place[0] for other in self._places(slots[who])):
                yield place, {"subject": ids.subject_text(who), **self.wanted[self._number(place)]}

    def _counted(self, blob: Cell) -> bool:
        """Whether the gate counts somebody under the verdict that is asked for: none of theirs is more permissive."""
        if self.part:
            return True
        numbers = (self._number((where, *place)) for where, place in slot_places(cast("bytes", blob)).items())
        told = [VERDICTS.index(self._verdicts[number]) for number in numbers if number in self._verdicts]
        return bool(told) and VERDICTS[min(told)] == self.verdict

    def _places(self, blob: Cell) -> list[Slot]:
        """The slots by which somebody is wanted, in order."""
        slots = sorted((compartment, *place) for compartment, place in slot_places(cast("bytes", blob)).items())
        return [place for place in slots if self._number(place) in self.wanted]

    def _number(self, place: Slot) -> int:
        page = place[:2]
        if page not in self._pages:
            named: Cells = {
                "matter": str(self.matter["id"]),
                "gate": self.gate,
                "compartment": page[0],
                "page": page[1],
            }
            row = one(self.tx, "verdict_page", **named)
            self._pages[page] = _numbers(row) if row else ()
        numbers = self._pages[page]
        return numbers[place[2]] if place[2] < len(numbers) else UNDECIDED

    def _members(self, compartment: int, page: int) -> list[bytes]:
        """Whose each slot of a key page is."""
        named: Cells = {"vault": str(self.matter["vault"]), "compartment": compartment, "page": page}
        told = [row[0] for row in self.tx.columns("page", ("members",), order=("page",), **named)]
        members = cast("bytes", told[0]) if told else b""
        return [members[place : place + SUBJECT_BYTES] for place in range(0, len(members), SUBJECT_BYTES)]


def _numbers(row: Row) -> tuple[int, ...]:
    blob = cast("bytes", row["vectors"])
    return struct.unpack(f">{len(blob) // 2}H", blob)


def _fits(row: Row, rule: str | None, verdict: str | None) -> bool:
    reasons = cast("list[list[Json]]", canonical.decode(cast("bytes", row["reasons"])))
    if row["number"] == UNDECIDED or (verdict is not None and row["verdict"] != verdict):
        return False
    return rule is None or any(one_reason[0] == rule for one_reason in reasons)
