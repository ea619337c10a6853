"""Reading a whole ledger: what is wrong with it, in which class, at which entry (spec/ledger.md §7).

Three independent witnesses are compared: each entry's own number and the root it builds on, the list of leaf hashes
beside the entries, and the signed checkpoint. A fault names the first entry that disagrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from custody.base import merkle
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ledger.checkpoint import Checkpoint, origin
from custody.ledger.entry import STEP, in_order, parse, steps_back


@dataclass(frozen=True, slots=True)
class LogFault:
    """`kind` is one of the verifier's classes; `number` the entry, counted from 0."""

    kind: str
    number: int
    text: str


def check(entries: Sequence[bytes], hashes: Sequence[bytes], head: Checkpoint | None) -> list[LogFault]:
    """Every fault that can be placed; an empty list means that all three witnesses agree."""
    faults = _compare(entries, hashes)
    faults += _chain(entries) if not faults else []
    if head is not None and not faults:
        faults += _head(hashes, head) or _owner(entries, head)
    return faults


def _compare(entries: Sequence[bytes], hashes: Sequence[bytes]) -> list[LogFault]:
    if len(entries) == len(hashes) and all(
        merkle.leaf_hash(entry) == known for entry, known in zip(entries, hashes, strict=True)
    ):
        return []
    found = [merkle.leaf_hash(entry) for entry in entries]
    if len(found) < len(hashes):
        return [LogFault("missing", _first(found, hashes), "An entry is missing.")]
    if len(found) > len(hashes):
        place = _first(found, hashes)
        kind = "duplicated" if found[place] in hashes else "extra"
        return [LogFault(kind, place, "An entry was added.")]
    wrong = [place for place, (one, other) in enumerate(zip(found, hashes, strict=True)) if one != other]
    if sorted(found) == sorted(hashes):
        kind = "swapped" if len(wrong) == 2 else "reordered"
        return [LogFault(kind, wrong[0], "Entries stand in another order.")]
    return [LogFault("altered", place, "An entry, or its hash beside it, was changed.") for place in wrong]


def _chain(entries: Sequence[bytes]) -> list[LogFault]:
    frontier, last, space, step = merkle.Frontier(), "", "", 0
    for place, data in enumerate(entries):
        try:
            value = parse(data)
            if value["n"] != place or value["prev"] != frontier.root().hex():
                return [LogFault("chain", place, "An entry does not build on the entries before it.")]
            if not _in_time(entries, value, last, step):
                return [LogFault("chain", place, "An entry is older than the one before it.")]
        except CustodyError as error:
            return [LogFault("schema", place, error.message)]
        if space not in {"", value["space"]}:
            return [LogFault("chain", place, "An entry belongs to another party's ledger.")]
        frontier.append(merkle.leaf_hash(data))
        last, space, step = str(value["at"]), str(value["space"]), place if value["kind"] == STEP else step
    return []


def _in_time(entries: Sequence[bytes], value: Mapping[str, Json], last: str, step: int) -> bool:
    """Whether it is not older than the one before it; of a step back, whether it rests on what stands before it."""
    if not in_order(last, value):
        return False
    return value["kind"] != STEP or steps_back(value, lambda number: str(parse(entries[number])["at"]), step)


def _head(hashes: Sequence[bytes], head: Checkpoint) -> list[LogFault]:
    if head.size > len(hashes):
        return [LogFault("missing", len(hashes), "The checkpoint covers more entries than there are.")]
    if merkle.root(hashes[: head.size]) != head.root:
        return [LogFault("chain", head.size, "The checkpoint's root is not the root of these entries.")]
    if head.size < len(hashes):
        return [LogFault("extra", head.size, "Entries follow that the checkpoint does not cover.")]
    return []


def _owner(entries: Sequence[bytes], head: Checkpoint) -> list[LogFault]:
    if entries and head.origin != origin(str(parse(entries[0])["space"])):
        return [LogFault("chain", 0, "The checkpoint is that of another party's ledger.")]
    return []


def _first(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    for place, (here, there) in enumerate(zip(one, other, strict=False)):
        if here != there:
            return place
    return min(len(one), len(other))
