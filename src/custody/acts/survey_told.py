"""What the store says beside the ledger's entries, held against what they say (spec/vault.md §24).

Erasures against the openings of `erased` and `renewed`, the layout against the entry that filled the vault, statements against theirs.
An entry of after the facts of a backup that was restored later counts for erasures of keys alone: its other rows went with the store.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from custody.acts.commitments import KINDS, LAYOUT, layout, shared_and_aside
from custody.acts.destroys import undated
from custody.acts.erasing import ERASED, TAKEN_OVER
from custody.acts.renewing import RENEWED
from custody.acts.survey_ledger import Line, lines
from custody.acts.surveyed import Survey
from custody.acts.unread_rows import SAYS
from custody.acts.vaults import sha256
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ports.store import Transaction, one

_ERASED: Final = 500_000
_FILLED: Final = frozenset(("sealed", "taken-in", "added"))
_FINAL: Final = frozenset(("root-destroyed", "destroy-cancelled", "destroy-intended", "root-found", "root-attested"))
_SIGNED: Final = frozenset(("statement", "receipt-agreed", "return-taken"))
_Slot = tuple[int, int, int, bytes]


@dataclass(slots=True)
class Told:
    """What the entries say of one vault, and which of them were lost with a store."""

    lost: list[range] = field(default_factory=list)
    finals: set[str] = field(default_factory=set)
    destroyed: int = -1
    taken_over: int = -1
    """The last entry by which data that came was sealed anew without what stood before a correction, which went with its key."""
    filled: list[tuple[int, Mapping[str, Json]]] = field(default_factory=list)
    restored: bool = False
    unseen: list[int] = field(default_factory=list)
    """Erasures that could not look through every row set aside."""

    def is_lost(self, number: int) -> bool:
        """Whether the store that a restore began from did not know of this entry."""
        return any(number in some for some in self.lost)


def told_of(tx: Transaction, space: str, vault: str) -> Told:
    """One passage over the ledger for what is small in it."""
    made = Told()
    for line in lines(tx, space):
        told = _read(line)
        says = cast("Mapping[str, Json]", told.get("says", {}))
        if told.get("kind") == "restored" and isinstance(facts := says.get("facts"), int):
            made.lost.append(range(facts, line.number))
        if says.get("vault") != vault:
            continue
        made.restored |= told["kind"] == "restored"
        if told["kind"] in _FINAL:
            made.finals.add(str(says.get("effective_at", "")))
        if told["kind"] == "root-gone" and "lost" in says:
            made.finals.add(str(told["at"]))
        if told["kind"] == "root-destroyed":
            made.destroyed = max(made.destroyed, cast("int", says["g"]))
        if says.get("part") == TAKEN_OVER and "revisions" not in says:
            made.taken_over = line.number
        if SAYS in says:
            made.unseen.append(line.number)
        if told["kind"] in _FILLED:
            made.filled.append((line.number, _detail(line)))
    row = one(tx, "vault", id=vault)
    # A stray that went past the root in force makes nothing final that this one still opens.
    made.destroyed = min(made.destroyed, cast("int", row["generation"]) - 1) if row else made.destroyed
    barred = undated(tx, vault)
    made.destroyed = made.destroyed if barred is None else min(made.destroyed, barred - 1)
    return made


def survey_layout(tx: Transaction, vault: str, told: Told, found: Survey) -> None:
    """Each table of the layout is as every entry that filled the vault commits to: what a later release met had to be so before."""
    filled = [detail for number, detail in told.filled if not told.is_lost(number)]
    wanted = [cast("Mapping[str, Json]", detail[LAYOUT]) for detail in filled if detail.get(LAYOUT)]
    if not wanted:
        found.unheld.add(LAYOUT)
        return
    came = {kind: _came(filled, kind) for kind in KINDS}
    for table, digest in layout(tx, vault, {who for people in came.values() for who in people}).items():
        held = [one_entry[table] for one_entry in wanted if table in one_entry]
        if not held:
            found.unheld.add(table)
        if any(one_digest != digest for one_digest in held):
            found.say("layout", table=table)
    for kind, people in came.items():
        there = {row[0].hex(): row[-1].hex() for row in cast("Iterator[tuple[bytes, ...]]", shared_and_aside(tx, vault, kind))}  # fmt: skip
        if any(there.get(who) != members for who, members in people.items()):
            found.say("layout", table=kind)


def _came(filled: Sequence[Mapping[str, Json]], kind: str) -> dict[str, str]:
    """{id: members, or the id itself} of whom entries `added` name, of one kind."""
    found = dict[str, str]()
    for detail in filled:
        said = detail.get(kind, {})
        found |= cast("dict[str, str]", said if isinstance(said, Mapping) else {one: one for one in cast("list[str]", said)})  # fmt: skip
    return found


def survey_erasures(tx: Transaction, space: str, vault: str, told: Told, found: Survey) -> None:
    """Every erasure is one that an entry names, and every one that an entry names is there."""
    names = ("compartment", "page", "slot", "key_id", "generation", "final_at")
    rows, met, begun = tx.columns("erasure", names, order=("seq",), vault=vault), array("q"), False
    while (some := _stretch(rows, told, found)) or not begun:
        begun = True
        _against(tx, space, vault, some, met)
        for compartment, page, slot, _ in sorted(key for key, left in some.items() if left is not None):
            found.say("erasure.unentered", compartment=compartment, page=page, slot=slot)
    for place, (number, _, slots) in enumerate(_erasing(tx, space, vault)):
        if met[place] < len(slots[0]) and not (slots[1] and told.is_lost(number)):
            found.say("erasure.missing", entry=number, slots=len(slots[0]) - met[place])


def survey_statements(tx: Transaction, space: str, told: Told, found: Survey) -> None:
    """Every signed statement that is kept is the one that its entry names, and none is gone."""
    whose = {str(row[0]) for row in tx.columns("matter", ("id",), party=space)}
    named = {str(row[0]) for row in tx.columns("matter", ("id",))}
    for row in tx.scan("statement", order=("matter", "kind", "n")):
        if row["matter"] in named - whose:
            continue
        entry = one(tx, "ledger_entry", space=space, position=row["position"])
        says = _says(cast("bytes", entry["entry"])) if entry else {}
        same = row["sha256"] == sha256(cast("bytes", row["envelope"])) == says.get("sha256")
        if not same or says.get("statement", row["kind"]) != row["kind"] or says.get("n", row["n"]) != row["n"]:
            found.say("statement", matter=str(row["matter"]), of=str(row["kind"]), n=cast("int", row["n"]))
    for line in lines(tx, space):
        if _read(line).get("kind") not in _SIGNED or told.is_lost(line.number):
            continue
        if not tx.count("statement", position=line.number, sha256=str(_says(line.entry).get("sha256"))):
            found.say("statement", entry=line.number)


def _stretch(rows: Iterator[tuple[object, ...]], told: Told, found: Survey) -> dict[_Slot, int | None]:
    """So many erasures with their generation, which whoever finds an entry for them takes away."""
    some = dict[_Slot, int | None]()
    for compartment, page, slot, key, generation, final in cast("Iterator[tuple[int, int, int, bytes, int, str]]", islice(rows, _ERASED)):  # fmt: skip
        if (compartment, page, slot, key) in some:
            found.say("erasure.unentered", compartment=compartment, page=page, slot=slot)
        some[compartment, page, slot, key] = generation
        if final not in told.finals if final else generation <= told.destroyed:
            found.say("erasure.final", compartment=compartment, page=page, slot=slot)
    return some


def _against(tx: Transaction, space: str, vault: str, some: dict[_Slot, int | None], met: "array[int]") -> None:
    """Note how many slots of each entry are among `some`, and which of `some` an entry names."""
    first = not len(met)
    known = dict(some)
    for place, (_, generation, (slots, renewed)) in enumerate(_erasing(tx, space, vault)):
        if first:
            met.append(0)
        for slot in slots:
            if slot in known:
                met[place] += 1
                # A restore notes what a renewal moved with the erasure that came after it, under the generation of that one.
                if renewed or known[slot] == generation:
                    some[slot] = None


def _erasing(tx: Transaction, space: str, vault: str) -> Iterator[tuple[int, int, tuple[Sequence[_Slot], bool]]]:
    """(number, generation, (slots, whether their keys gave way to others and nobody was erased)) of each entry that zeroed slots of the vault."""
    for line in lines(tx, space):
        told = _read(line)
        says = cast("Mapping[str, Json]", told.get("says", {}))
        if told.get("kind") in {ERASED, RENEWED} and says.get("vault") == vault:
            slots = cast("list[tuple[int, int, int, str]]", _detail(line).get("slots", []))
            keyed = [(compartment, page, slot, bytes.fromhex(key)) for compartment, page, slot, key in slots]
            moved = told["kind"] == RENEWED or says.get("part") == TAKEN_OVER
            yield line.number, cast("int", says["g"]), (keyed, moved)


def _read(line: Line) -> Mapping[str, Json]:
    """The entry; nothing where it cannot be read, which is told by who looks at the chain."""
    try:
        return line.told
    except CustodyError:
        return {}


def _says(entry: bytes) -> Mapping[str, Json]:
    try:
        told = canonical.decode(entry)
    except CustodyError:
        return {}
    return cast("Mapping[str, Json]", told.get("says", {})) if isinstance(told, Mapping) else {}


def _detail(line: Line) -> Mapping[str, Json]:
    try:
        told = canonical.decode(line.detail)
    except CustodyError:
        return {}
    return told if isinstance(told, Mapping) else {}
