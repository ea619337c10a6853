"""A deal's newest statement of a kind, or its n-th, byte for byte as it was signed (C10)."""

from typing import cast

from custody.acts.desk import Desk
from custody.acts.handing import statement_row
from custody.acts.matters import datamap_of, deal


def statement_show(desk: Desk, named: str, kind: str, n: int | None = None) -> bytes:
    """Its envelope. Raises Missing `statement.missing`."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        about = datamap_of(tx, matter) if kind == "datamap" else str(matter["id"])
        return cast("bytes", statement_row(tx, about, kind, n)["envelope"])
