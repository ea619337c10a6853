"""What a release let go, kept here with its act: which slots, and how many rows of each table.

What is destroyed later and what a receipt must account for follow from this, and from nothing that lies in a folder
which others can write to.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from custody.acts.vaults import SUBJECT_BYTES
from custody.base import canonical
from custody.package.leaf import Leaf
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.page import SLOTS

Place = tuple[int, int, int]
_BYTE: Final = 8


def note(tx: Transaction, matter: Row, n: int, live: Sequence[Leaf]) -> None:
    """Keep the slots of `live` as one bit each, and the rows whose home record is among them."""
    named: Cells = {"matter": str(matter["id"]), "n": n}
    bits: dict[tuple[int, int], bytearray] = defaultdict(lambda: bytearray(SLOTS // _BYTE))
    for compartment, page, slot in (leaf.place for leaf in live):
        _set(bits[compartment, page], slot)
    tx.add("released_page", (
        {**named, "compartment": compartment, "page": page, "live": bytes(bits[compartment, page])}
        for compartment, page in sorted(bits)
    ))  # fmt: skip
    homes = {
        cast("int", row["number"]): str(row["tbl"])
        for row in tx.find("schema", order=("number",), vault=str(matter["vault"]))
        if cast("dict[str, bool]", canonical.decode(cast("bytes", row["columns"])))["home"]
    }
    rows = Counter(homes[record.schema] for leaf in live for record in leaf.records if record.schema in homes)
    tx.add("released_table", [{**named, "tbl": table, "rows": count} for table, count in sorted(rows.items())])


def slots(tx: Transaction, matter: Row, n: int) -> Iterator[tuple[bytes, Place]]:
    """(whose, slot) of everything that release `n` let go."""
    for row in tx.find("released_page", order=("compartment", "page"), matter=str(matter["id"]), n=n):
        place = {"compartment": cast("int", row["compartment"]), "page": cast("int", row["page"])}
        page = one(tx, "page", vault=str(matter["vault"]), **place)
        members = b"" if page is None else cast("bytes", page["members"])
        live = cast("bytes", row["live"])
        for slot in range(SLOTS):
            if _is_set(live, slot):
                who = members[slot * SUBJECT_BYTES : (slot + 1) * SUBJECT_BYTES]
                yield who, (place["compartment"], place["page"], slot)


def follow(tx: Transaction, vault: str, moved: Mapping[Place, Place]) -> None:
    """What was let go and moved to another slot is let go there: else the moved rest would outlive its destruction."""
    for matter in tx.find("matter", order=("id",), vault=vault):
        for old, new in sorted(moved.items()):
            for row in tx.find(
                "released_page", order=("n",), matter=str(matter["id"]), compartment=old[0], page=old[1]
            ):
                if _is_set(cast("bytes", row["live"]), old[2]):
                    _mark(
                        tx, {"matter": str(matter["id"]), "n": row["n"], "compartment": new[0], "page": new[1]}, new[2]
                    )


def _mark(tx: Transaction, where: Cells, slot: int) -> None:
    known = one(tx, "released_page", **where)
    live = bytearray(cast("bytes", known["live"]) if known else SLOTS // _BYTE)
    _set(live, slot)
    if known:
        tx.change("released_page", {"live": bytes(live)}, **where)
    else:
        tx.add("released_page", [{**where, "live": bytes(live)}])


def holds(tx: Transaction, matter: Row, n: int, place: Place) -> bool:
    """Whether release `n` let this slot go."""
    compartment, page, slot = place
    row = one(tx, "released_page", matter=str(matter["id"]), n=n, compartment=compartment, page=page)
    return row is not None and _is_set(cast("bytes", row["live"]), slot)


def rows(tx: Transaction, matter: Row, n: int) -> Mapping[str, int]:
    """{table: rows} that release `n` let go."""
    found = tx.find("released_table", order=("tbl",), matter=str(matter["id"]), n=n)
    return {str(row["tbl"]): cast("int", row["rows"]) for row in found}


def _set(live: bytearray, slot: int) -> None:
    live[slot // _BYTE] |= 1 << slot % _BYTE


def _is_set(live: bytes, slot: int) -> bool:
    return bool(live[slot // _BYTE] >> slot % _BYTE & 1)
