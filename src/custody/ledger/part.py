"""Reading a part of a ledger: some of its entries among all of its leaf hashes (spec/ledger.md §7a).

Nothing is taken on trust that the checkpoint does not bind: an entry stands where its hash stands, and builds on the hashes before it.
"""

from collections.abc import Sequence

from custody.base import merkle
from custody.base.errors import CustodyError
from custody.ledger.checkpoint import Checkpoint, origin, part_origin
from custody.ledger.entry import in_order, parse
from custody.ledger.log import LogFault


def check(
    entries: Sequence[bytes], hashes: Sequence[bytes], head: Checkpoint | None, given: Checkpoint | None
) -> list[LogFault]:
    """Every fault that can be placed; of the hashes, `number` is -1. `given` is the head of the part itself."""
    return _placed(entries, hashes, head) or (_counted(entries, given) if given is not None else [])


def _counted(entries: Sequence[bytes], given: Checkpoint) -> list[LogFault]:
    """What was left out or put in since it was signed: each entry may be good, and another than was given."""
    if given.size > len(entries):
        return [LogFault("missing", len(entries), "An entry that was given is not here.")]
    if given.size < len(entries):
        return [LogFault("extra", given.size, "An entry is here that was not given.")]
    spaces = {str(parse(data)["space"]) for data in entries}
    foreign = any(not given.origin.startswith(part_origin(one, "")) for one in spaces)
    if foreign or merkle.root([merkle.leaf_hash(data) for data in entries]) != given.root:
        return [LogFault("chain", 0, "These are not the entries that were given.")]
    return []


def _placed(entries: Sequence[bytes], hashes: Sequence[bytes], head: Checkpoint | None) -> list[LogFault]:
    if head is not None and (head.size != len(hashes) or merkle.root(hashes) != head.root):
        return _listed(entries, hashes, head)
    frontier, found, last, at = merkle.Frontier(), list[LogFault](), -1, ""
    for place, data in enumerate(entries):
        try:
            value = parse(data)
        except CustodyError as error:
            return [*found, LogFault("schema", place, error.message)]
        number = int(str(value["n"]))
        if number <= last:
            return [*found, LogFault("duplicated" if number == last else "reordered", place, "Entries do not ascend.")]
        if number >= len(hashes) or hashes[number] != merkle.leaf_hash(data):
            found.append(LogFault("altered", place, "An entry was changed, or its hash."))
            continue
        for known in hashes[frontier.size : number]:
            frontier.append(known)
        foreign = head is not None and head.origin != origin(str(value["space"]))
        if value["prev"] != frontier.root().hex() or not in_order(at, value) or foreign:
            found.append(LogFault("chain", place, "An entry does not follow from what stands before it."))
        last, at = number, str(value["at"])
    return found


def _listed(entries: Sequence[bytes], hashes: Sequence[bytes], head: Checkpoint) -> list[LogFault]:
    """The hashes are not those that were signed: one of an entry that is given may be the one that was changed."""
    for data in entries:
        try:
            number = int(str(parse(data)["n"]))
        except CustodyError:
            continue
        if number < len(hashes) == head.size:
            mended = [*hashes[:number], merkle.leaf_hash(data), *hashes[number + 1 :]]
            if merkle.root(mended) == head.root:
                return [LogFault("altered", -1, "The hash beside an entry was changed.")]
    return [LogFault("chain", -1, "The checkpoint's root is not the root of these hashes.")]
