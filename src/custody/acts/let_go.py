"""What a release let go, kept here with its act: which slots, and how many rows of each table.

What is destroyed later and what a receipt must account for follow from this, and from nothing that lies in a folder
which others can write to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from custody.acts.marks import BYTES, Marks, Place, Spot, marked, put
from custody.acts.vaults import SUBJECT_BYTES
from custody.base import canonical
from custody.ports.store import Cells, Row, Transaction, one


def note(tx: Transaction, matter: Row, n: int, live: Marks, records: Mapping[int, int]) -> Mapping[str, int]:
    """Keep the slots of `live` as one bit each, and the rows whose home record is among `records` ({schema: how many}); {table: rows}."""
    homes = {
        cast("int", row["number"]): str(row["tbl"])
        for row in tx.find("schema", order=("number",), vault=str(matter["vault"]))
        if cast("dict[str, bool]", canonical.decode(cast("bytes", row["columns"])))["home"]
    }
    rows = Counter[str]()
    for schema, count in records.items():
        rows.update({homes[schema]: count} if schema in homes else {})
    keep(tx, matter, n, live, rows)
    return rows


def keep(tx: Transaction, matter: Row, n: int, live: Marks, tables: Mapping[str, int]) -> None:
    """Keep the slots of `live` as one bit each, and how many rows of each table went."""
    named: Cells = {"matter": str(matter["id"]), "n": n}
    tx.add("released_page", (
        {**named, "compartment": spot[0], "page": spot[1], "live": bytes(live.page(spot))}
        for spot in live.spots() if any(live.page(spot))
    ))  # fmt: skip
    tx.add("released_table", [{**named, "tbl": table, "rows": count} for table, count in sorted(tables.items())])


def gather(tx: Transaction, matter: Row, n: int, *, into: Marks, back: bool = False) -> None:
    """Mark what release `n` let go; with `back`, unmark it."""
    for row in tx.scan("released_page", order=("compartment", "page"), matter=str(matter["id"]), n=n):
        spot, live = (cast("int", row["compartment"]), cast("int", row["page"])), cast("bytes", row["live"])
        (into.leave if back else into.join)(spot, live)


def whose(tx: Transaction, vault: str, pages: Iterable[tuple[Spot, Sequence[int]]]) -> Iterator[tuple[bytes, Place]]:
    """(whose, slot) of each of these slots, page by page; a shredded slot says no more whose it was, and gives zeros."""
    for (compartment, number), slots in pages:
        page = one(tx, "page", vault=vault, compartment=compartment, page=number)
        members = b"" if page is None else cast("bytes", page["members"])
        for slot in slots:
            who = members[slot * SUBJECT_BYTES : (slot + 1) * SUBJECT_BYTES]
            yield who.ljust(SUBJECT_BYTES, b"\0"), (compartment, number, slot)


def follow(tx: Transaction, vault: str, moved: Mapping[Place, Place]) -> None:
    """What was let go and moved to another slot is let go there: else the moved rest would outlive its destruction."""
    for matter in tx.find("matter", order=("id",), vault=vault):
        for old, new in sorted(moved.items()):
            for row in tx.find(
                "released_page", order=("n",), matter=str(matter["id"]), compartment=old[0], page=old[1]
            ):
                if marked(cast("bytes", row["live"]), old[2]):
                    _mark(
                        tx, {"matter": str(matter["id"]), "n": row["n"], "compartment": new[0], "page": new[1]}, new[2]
                    )


def _mark(tx: Transaction, where: Cells, slot: int) -> None:
    known = one(tx, "released_page", **where)
    live = bytearray(cast("bytes", known["live"]) if known else BYTES)
    put(live, slot)
    if known:
        tx.change("released_page", {"live": bytes(live)}, **where)
    else:
        tx.add("released_page", [{**where, "live": bytes(live)}])


def holds(tx: Transaction, matter: Row, n: int, place: Place) -> bool:
    """Whether release `n` let this slot go."""
    compartment, page, slot = place
    row = one(tx, "released_page", matter=str(matter["id"]), n=n, compartment=compartment, page=page)
    return row is not None and marked(cast("bytes", row["live"]), slot)


def rows(tx: Transaction, matter: Row, n: int) -> Mapping[str, int]:
    """{table: rows} that release `n` let go."""
    found = tx.find("released_table", order=("tbl",), matter=str(matter["id"]), n=n)
    return {str(row["tbl"]): cast("int", row["rows"]) for row in found}
