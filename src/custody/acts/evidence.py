"""Append evidence in the transaction of the act it speaks of; publish it afterwards, idempotently (spec/ledger.md §4).

Rules: the ledger head row is locked last of all rows; the entry, its opening and the head change together with the
act or not at all. Checkpoint, mirror and export are derived from the rows, so a crash between costs nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from custody.acts.entries import about_rows
from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.clock import behind
from custody.base.signing import Signer
from custody.ledger import checkpoint, entry
from custody.ledger.tiles import tiles
from custody.package.release import LogHead
from custody.ports.files import Files
from custody.ports.store import Store, Transaction, one

ENTRIES: Final = "entries.jsonl"
PART: Final = "part.jsonl"
PART_HEAD: Final = "part.txt"
HASHES: Final = "hashes.txt"
CHECKPOINT: Final = "checkpoint.txt"


@dataclass(frozen=True, slots=True)
class Exported:
    """A ledger as files: entries, leaf hashes, signed checkpoint."""

    space: str
    size: int
    root: str
    text: str


def append(
    tx: Transaction,
    space: str,
    at: str,
    kind: str,
    says: Mapping[str, Json],
    *,
    detail: Mapping[str, Json] | None = None,
    salt: bytes | None = None,
) -> int:
    """Add one entry; returns its number. `at` must not lie before the last entry, but as spec/ledger.md §4a has it. Raises Unavailable `clock.behind`."""
    head = one(tx, "ledger_head", space=space)
    frontier = _frontier(head) if head else merkle.Frontier()
    if head and not entry.in_order(str(head["last_at"]), {"at": at, "kind": kind, "says": dict(says)}):
        raise behind()
    opened = entry.opening(detail or {}, salt)
    made = entry.make(frontier.size, at=at, kind=kind, space=space, prev=frontier.root(), says=says, opening=opened)
    frontier.append(made.hash)
    tx.add("ledger_entry", [{"space": space, "position": made.number, "entry": made.data, "hash": made.hash}])
    kept = b"" if salt else opened.salt
    tx.add("opening", [{"space": space, "position": made.number, "salt": kept, "detail": opened.detail}])
    # A detail with a salt of its own is sealed next: what it names is not kept in clear.
    tx.add("entry_about", about_rows(space, made.number, made.data, b"" if salt else opened.detail))
    state: dict[str, str | int | bytes] = {
        "size": frontier.size,
        "frontier": b"".join(frontier.to_list()),
        "last_at": at,
    }
    if head:
        tx.change("ledger_head", state, space=space)
    else:
        tx.add("ledger_head", [{"space": space, **state}])
    return made.number


def entry_kind(tx: Transaction, space: str, number: int) -> str:
    """What an entry says happened: its kind."""
    row = one(tx, "ledger_entry", space=space, position=number)
    told = canonical.decode(cast("bytes", row["entry"])) if row else {}
    return str(told["kind"]) if isinstance(told, dict) and "kind" in told else ""


def log_head(tx: Transaction, space: str) -> LogHead:
    """Origin, size and root of a ledger as it stands, from the frontier that is kept with it."""
    head = one(tx, "ledger_head", space=space)
    frontier = _frontier(head) if head else merkle.Frontier()
    return LogHead(checkpoint.origin(space), frontier.size, frontier.root().hex())


def publish(store: Store, files: Files, signer: Signer, space: str, folder: str = "ledger") -> Exported:
    """Write the ledger as files under `folder`: the mirror outside the store, and what `custody verify` reads."""
    lead, frontier = f"{folder}/" if folder else "", merkle.Frontier()
    with store.read() as tx, files.writer(f"{lead}{ENTRIES}") as lines, files.writer(f"{lead}{HASHES}") as leaves:
        rows = tx.columns("ledger_entry", ("entry", "hash"), order=("position",), space=space)
        for entry_bytes, leaf in cast("Iterator[tuple[bytes, bytes]]", rows):
            lines.write(entry_bytes + b"\n")
            leaves.write(leaf.hex().encode() + b"\n")
            frontier.append(leaf)
    return _signed(files, signer, space, frontier, f"{lead}{CHECKPOINT}")


def publish_part(
    tx: Transaction, files: Files, signer: Signer, space: str, deal: str, numbers: Collection[int]
) -> Exported:
    """Write these entries, signed for how many and which they are, and of all others the leaf hash alone (spec/ledger.md §7a)."""
    frontier, given = merkle.Frontier(), merkle.Frontier()
    with files.writer(PART) as lines, files.writer(HASHES) as leaves:
        rows = tx.columns("ledger_entry", ("position", "entry", "hash"), order=("position",), space=space)
        for position, entry_bytes, leaf in cast("Iterator[tuple[int, bytes, bytes]]", rows):
            if position in numbers:
                lines.write(entry_bytes + b"\n")
                given.append(leaf)
            leaves.write(leaf.hex().encode() + b"\n")
            frontier.append(leaf)
    head = checkpoint.Checkpoint(checkpoint.part_origin(space, deal), given.size, given.root())
    files.write(PART_HEAD, checkpoint.sign(head, signer).encode())
    return _signed(files, signer, space, frontier, CHECKPOINT)


def publish_tiles(store: Store, files: Files, made: Exported, folder: str = "ledger/public") -> None:
    """What may be public: the checkpoint of `made` and the tiles of exactly its size, partial ones of other sizes gone."""
    known, wanted = set(files.list(folder)), {f"{folder}/checkpoint"}
    with store.read() as tx:
        rows = tx.columns("ledger_entry", ("hash",), order=("position",), space=made.space)
        for name, data in tiles(cast("bytes", leaf) for (leaf,) in islice(rows, made.size)):
            wanted.add(f"{folder}/{name}")
            if f"{folder}/{name}" not in known:
                files.write(f"{folder}/{name}", data)
    files.write(f"{folder}/checkpoint", made.text.encode())
    for name in known - wanted:
        files.remove(name)


def _signed(files: Files, signer: Signer, space: str, frontier: merkle.Frontier, name: str) -> Exported:
    head = checkpoint.Checkpoint(checkpoint.origin(space), frontier.size, frontier.root())
    text = checkpoint.sign(head, signer)
    files.write(name, text.encode())
    return Exported(space, head.size, head.root.hex(), text)


def _frontier(head: Mapping[str, object]) -> merkle.Frontier:
    blob = cast("bytes", head["frontier"])
    return merkle.Frontier.from_list(cast("int", head["size"]), [blob[i : i + 32] for i in range(0, len(blob), 32)])
