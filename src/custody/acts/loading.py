"""The facts of a backup into an empty store, in transactions of bounded size, going on where an earlier attempt was cut off (spec/vault.md §21).

Nobody reads this store before it is whole and takes the name, so what is half done is visible to nobody. A mark of which object
and how much of it is in is written with the rows themselves. Rows count for nothing before the object ended as it was written:
what was taken over from an earlier attempt goes by again and is authenticated again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Final, NamedTuple, cast

from custody.acts.backing import facts_name
from custody.acts.found_keys import Found, held_pages
from custody.acts.key_backup import Held
from custody.acts.new_root import stand_in, wrap_anew
from custody.acts.older_facts import revision_said, revision_shown
from custody.acts.restoring import Blank, Histories, Journal, facts_in, fork
from custody.acts.vaults import Keyring, keep_leaf
from custody.base import canonical, ids
from custody.base.canonical import Json, b64
from custody.base.errors import Missing
from custody.ports.store import Cell, Cells, Row, Transaction
from custody.vault import backup
from custody.vault import keyring as rings
from custody.vault.backup import Kind, Named

_MANY: Final = 20_000
_PAGES: Final = 256
_DONE: Final = "done"


class Loaded(NamedTuple):
    """The facts that are in the store."""

    position: int
    lacks: Sequence[str]
    """What later releases did to rows of stores that they met, and these rows have not had done to them."""


def load_facts(blank: Blank, told: Journal, facts: Histories, newest: int) -> Loaded:
    """The newest facts of this history not later than `newest`, into the store. Raises Missing `restore.facts`, Broken `restore.fork`, Unavailable `store.newer`."""
    position = _position(blank, facts, newest)
    lacks = load(blank, position)
    with blank.store.read() as tx:
        rows = tx.columns("ledger_entry", ("position", "entry"), order=("position",), space=blank.space)
        for (number, entry), known in zip(rows, told.since(), strict=False):
            if (number, entry) != (known.number, known.raw.entry):
                raise fork()
    return Loaded(position, lacks)


def load(blank: Blank, position: int) -> Sequence[str]:
    """The facts of this position into the store, whatever lies there; returns what was done to rows since they were written.

    Raises Broken `backup.object`, Unavailable `store.newer`.
    """
    with blank.place.path(facts_name(position)).open("rb") as source:
        named = Named(Kind.FACTS, ids.id_bytes(blank.space), position)
        mark = source.read(backup.HEAD_BYTES).hex()
        source.seek(0)
        return _load(blank, mark, backup.read(source, blank.outside.backup_key(), named, blank.outside.former_keys()))


def settled(tx: Transaction, space: str) -> None:
    """In the last transaction of a restore: an attempt after this one begins anew."""
    tx.drop("outbox", space=space)
    tx.add("outbox", [{"space": space, "topic": _DONE, "position": 0}])


def _position(blank: Blank, facts: Histories, newest: int) -> int:
    position = next((one for one, _ in facts.own() if one <= newest), None)
    if position is None and not facts.known and facts_in(blank.place):
        raise facts.none()
    if position is None:
        raise Missing("restore.facts", "There is no backup of the facts that is older than these keys.")
    return position


def _load(blank: Blank, mark: str, values: Iterator[backup.Value]) -> Sequence[str]:
    revision = revision_said(next(values, None))
    with blank.store.read() as tx:
        known, lacks = tx.tables(), tx.lacking(revision) if revision else ()
        mark = f"{mark}@{tx.revision()}"  # an upgrade in between did to the rows that were in what is done to all of them at the end
    taken, shown = _begun(blank, mark), dict[str, Sequence[str]]()
    batch, seen = _Batch(blank, mark, []), 0
    for table, row in _rows(values, known, shown):
        seen += 1
        if seen > taken:
            batch.put(table, row, seen)
    batch.flush(seen)
    if revision:
        return lacks
    with blank.store.read() as tx:
        return tx.lacking(revision_shown(shown))


def _begun(blank: Blank, mark: str) -> int:
    """How many rows of this object are in the store already, put there under this revision of the schema; whatever else is in it goes."""
    with blank.store.write() as tx:
        marks = {str(row["topic"]): cast("int", row["position"]) for row in tx.find("outbox", space=blank.space)}
        if set(marks) == {mark}:
            return marks[mark]
        for table in tx.tables():
            tx.drop(table)
        for table in ("touched", "outbox"):  # dropping people's rows notes them
            tx.drop(table)
        tx.add("outbox", [{"space": blank.space, "topic": mark, "position": 0}])
    return 0


@dataclass(slots=True)
class _Batch:
    """Rows that go in together with the mark of how many are in."""

    blank: Blank
    mark: str
    rows: list[tuple[str, Row]]

    def put(self, table: str, row: Row, seen: int) -> None:
        """One more row, the object's `seen`th."""
        self.rows.append((table, row))
        if len(self.rows) >= _MANY:
            self.flush(seen)

    def flush(self, seen: int) -> None:
        """All of them, in one transaction."""
        if not self.rows:
            return
        with self.blank.store.write() as tx:
            for table, near in groupby(self.rows, key=itemgetter(0)):
                tx.add(table, (row for _, row in near))
            if not tx.change("outbox", {"position": seen}, space=self.blank.space, topic=self.mark):
                raise fork()
        self.rows = []


def _rows(
    values: Iterable[backup.Value], known: Mapping[str, Sequence[str]], shown: dict[str, Sequence[str]]
) -> Iterator[tuple[str, Row]]:
    """Tables as they come, noted in `shown` as the facts have them. A row holds no array, so what ends in one is the lead of a table, or the end."""
    table, columns = "", [""]
    for value in values:
        if not isinstance(value[-1], list):
            cells = zip(columns, cast("list[Cell]", value), strict=True)
            yield table, {name: cell for name, cell in cells if name in known.get(table, ())}
        elif value[0] == "table":
            table, columns = str(value[1]), cast("list[str]", value[2])
            shown[table] = columns


def load_keys(blank: Blank, told: Journal, found: Found) -> Keyring:
    """The pages and the wrapped key of a vault, under the generation of the backup; anew, whatever lies there of an earlier attempt."""
    lead, vault = found.lead, found.vault
    ring = Keyring(vault, lead.head.generation, found.keyring, lead.head)
    with blank.store.write() as tx:
        for table in ("page", "page_leaf"):
            tx.drop(table, vault=vault)
    held = held_pages(blank, found)
    while near := list(islice(held, _PAGES)):
        with blank.store.write() as tx:
            tx.add("page", [_page(ring, one) for one in near])
            for one in near:
                keep_leaf(tx, ring, one.page)
    with blank.store.write() as tx:
        tx.change("vault", _vault(blank, told, found, ring), id=vault)
    return ring


def _page(ring: Keyring, held: Held) -> Row:
    place, page = held.page.place, held.page
    return {"vault": ring.vault, "compartment": place.compartment, "page": place.page, "version": place.version, "used": held.used,
            "sealed": page.sealed, "wrap": page.wrap, "wrap_g": ring.generation, "members": held.members}  # fmt: skip


def _vault(blank: Blank, told: Journal, found: Found, ring: Keyring) -> Cells:
    """What the vault's row says of its keyring; where its key was recovered, under a new root. Facts may be of before a renewal."""
    kept: dict[str, Json] = {"ref": found.lead.ref, "key": b64(found.lead.wrapped), "head": ""}
    if found.lost:
        label = stand_in(ring.vault, told.frontier.root().hex())
        kept["ref"], wrapped = wrap_anew(blank.keys, label, ring.generation, ring.key)
        kept["key"] = b64(wrapped)
    kept["head"] = b64(rings.seal_head(ring.origin, ring.head, ring.key))
    return {"keyring": canonical.encode(kept), "generation": ring.generation, "state": "open", "suite": ring.head.suite}
