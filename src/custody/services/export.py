"""Export what was received to the buyer's own database; what was withheld is named, never silently empty (C7, C11)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final

from custody.acts import job, taking
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.exporting import OWN, ROWS, WITHHELD
from custody.acts.matters import deal
from custody.acts.reading import Reader
from custody.acts.terms import NOBODY_SAID, Term, let_out
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Cells
from custody.ports.target import Target

_NEAR: Final = 4_096
"""Rows written together."""


def export_fetch(desk: Desk, named_deal: str, name: str) -> None:
    """Somebody is about to take a finished export to a machine of their own: that is a copy too, one for each person. Raises Denied `act.role`."""
    desk.require(("data", "owner"))
    taken: Cells = {"kind": "export", "name": name, "sha256": ""}
    with desk.store.write() as tx:
        vault = str(deal(tx, desk.space, named_deal)["vault"])
        let_out(desk, tx, vault, taken, Term(place=f"browser of {desk.principal.handle}"))


def export(desk: Desk, named_deal: str, target: Target, term: Term = NOBODY_SAID) -> Mapping[str, Json]:
    """Write every delivered row in source order. A cell of a compartment that was not delivered is NULL and listed.

    The file stands on the list of copies, with its day and keeper, before its first byte is written. Raises Malformed `copy.term`, Refused `residency.*`.
    """
    desk.require(("data", "owner"))
    with desk.store.read() as tx:
        name = str(deal(tx, desk.space, named_deal)["id"])
        taken = taking.last(desk, tx, name).n
    # What came or went since is not in a file that was written before: it is written anew.
    key = f"export:{name}:{target.name}" + (f"@{taken}" if taken > 1 else "")
    if (done := job.finished(desk, key)) and target.exists():
        return done
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        vault = str(matter["vault"])
        written: Cells = {"kind": "export", "name": target.name, "sha256": ""}
        copy = let_out(desk, tx, vault, written, replace(term, place=target.place))
    job.begin(desk, key, "export")
    tables: list[dict[str, Json]] = []
    total = 0
    with desk.store.read() as tx, Reader(desk, tx, vault, only=()) as reader, _whole_or_gone(target):
        for own, columns in OWN.items():
            target.create(own, columns)
        for name, columns in reader.columns().items():
            target.create(name, columns)
            count, gaps = _write(target, name, columns, reader)
            total += count
            tables.append({"name": name, "rows": count, "withheld_cells": gaps})
        target.finish()
    with desk.store.write() as tx:
        append(tx, desk.space, stamp(desk.clock.now()), "exported", {"tables": len(tables)})
        result: dict[str, Json] = {"deal": str(matter["ref"]), "tables": tables, "rows": total, "copy": copy}
        return job.finish(tx, key, result)


@contextmanager
def _whole_or_gone(target: Target) -> Iterator[None]:
    """Nothing in clear stays behind when the disk is full, or somebody stops it."""
    try:
        yield
    except BaseException:
        target.discard()
        raise


def _write(target: Target, name: str, columns: Sequence[str], reader: Reader) -> tuple[int, int]:
    """One table, a stretch of rows at a time; (rows, cells that were withheld)."""
    count = withheld = 0
    rows = (one for one in reader.rows(name) if one[1].home)
    while near := list(islice(rows, _NEAR)):
        target.write(name, ([row.values.get(place) for place in range(len(columns))] for _, row in near))
        target.write(ROWS, ((name, position, number) for position, (number, _) in enumerate(near, start=count + 1)))
        gaps = [(name, number, column) for number, row in near for place, column in enumerate(columns)
                if place not in row.values]  # fmt: skip
        target.write(WITHHELD, gaps)
        count, withheld = count + len(near), withheld + len(gaps)
    return count, withheld
