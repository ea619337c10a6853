"""Facts in a place for backups rewritten as an earlier release wrote them: its tables and columns and no other, and no word of its revision."""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping

from custody.acts.backing import facts_name
from custody.acts.restoring import facts_in
from custody.base import ids
from custody.vault import backup
from custody.vault.backup import Kind, Named
from tests.vault.histories.world import World

BEFORE_BOUNDS = {"request": frozenset(("at_once", "prompt", "advised_at", "advised", "last_at", "places", "presumed", "refused_by", "refusal"))}  # fmt: skip
"""Columns that came with revision 0026."""
BEFORE_MEMBERS = ("deal_member", "deal_root")
"""Tables that came with revision 0032 and after."""


def rewrite(world: World, place: str, make: "Rewrite") -> None:
    """Read the newest facts of a place, and write them as `make` makes them."""
    files, key = world.outside.backup(place), world.outside.backup_key()
    position = facts_in(files)[0]
    named = Named(Kind.FACTS, ids.id_bytes(world.party), position)
    with files.path(facts_name(position)).open("rb") as source:
        values = list(backup.read(source, key, named))
    target = io.BytesIO()
    backup.write(target, key, named, make(values))
    with files.path(facts_name(position)).open("wb") as file:
        file.write(target.getvalue())


class Rewrite:
    """Facts without some tables, without some columns, and beginning as `head`."""

    def __init__(self, head: backup.Value, tables: Collection[str] = (), columns: Mapping[str, Collection[str]] = {}) -> None:  # fmt: skip
        self._head, self._tables, self._columns = head, tables, columns

    def __call__(self, values: Iterable[backup.Value]) -> Iterator[backup.Value]:
        rows, kept, out = 0, list[int](), False
        for number, value in enumerate(values):
            if not number:
                yield self._head
            elif value[0] == "table" and isinstance(value[-1], list):
                name, columns = str(value[1]), list(value[2])
                out = name in self._tables
                kept = [at for at, one in enumerate(columns) if one not in self._columns.get(name, ())]
                if not out:
                    yield ["table", name, [columns[at] for at in kept]]
            elif isinstance(value[-1], list):
                yield ["end", rows, []]
            elif not out:
                rows += 1
                yield [value[at] for at in kept]
