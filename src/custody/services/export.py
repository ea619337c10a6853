"""Export what was received to the buyer's own database; what was withheld is named, never silently empty (C7, C11)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final, cast

from custody.acts import in_clear, job, taken_alone, taking
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.exporting import OWN, ROWS, WITHHELD
from custody.acts.held_back import locked
from custody.acts.matters import deal
from custody.acts.reading import Reader, RowAgain
from custody.acts.terms import NOBODY_SAID, Term, let_out
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Cells
from custody.ports.target import Target

EXPORTERS: Final = ("data", "owner")
_NEAR: Final = 4_096
"""Rows written together."""


def export_fetch(desk: Desk, named_deal: str, target: Target) -> None:
    """Somebody is about to take a finished export to a machine of their own: that is a copy too, one for each person.

    Raises Denied `act.role`, Refused `act.unapproved` to anybody but whom a second person approved it for.
    """
    desk.require(EXPORTERS)
    taken: Cells = {"kind": "export", "name": target.name, "sha256": ""}
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        bound = in_clear.content(desk, tx, matter, target)
        if not bound:
            taken_alone.look(desk, tx, matter, target.name)
        elif not in_clear.used(desk, tx, bound):
            in_clear.approved(desk, tx, bound)
        let_out(desk, tx, str(matter["vault"]), taken, Term(place=f"browser of {desk.principal.handle}"))


def export(
    desk: Desk, named_deal: str, target: Target, term: Term = NOBODY_SAID, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Write every delivered row in source order. A cell of a compartment that was not delivered, or that the seller called back and a hold keeps, is NULL and listed.

    The file stands on the list of copies, with its day and keeper, before its first byte is written. Taken out by one person alone, it is a look at everybody in it.
    Raises Refused `act.unapproved`, `residency.*`, Malformed `copy.term`.
    """
    desk.require(EXPORTERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        name, vault = str(matter["id"]), str(matter["vault"])
        taken = taking.last(desk, tx, name).n
        bound, people = in_clear.content(desk, tx, matter, target), in_clear.people(tx, matter)
        mine = in_clear.used(desk, tx, bound)
    # What came or went since is not in a file that was written before: it is written anew.
    key = f"export:{name}:{target.name}" + (f"@{taken}" if taken > 1 else "")
    done = job.finished(desk, key)
    stands = done is not None and target.exists()
    asks = bound and not (mine and (stands or done is None))
    if dry_run:
        would: dict[str, Json] = {"would": {"approve": [in_clear.ACT, bound]}} if asks else {}
        return {"deal": str(matter["ref"]), "subjects": people, "file": target.name, **would}
    with desk.store.write() as tx:
        bound = bound or in_clear.content(
            desk, tx, matter, target
        )  # others may have looked since: nobody slips past the day's number
        approval = in_clear.approved(desk, tx, bound) if asks or (bound and not mine) else mine
        if done is not None and stands:
            return done
        if not bound:
            taken_alone.look(desk, tx, matter, target.name)
        written: Cells = {"kind": "export", "name": target.name, "sha256": ""}
        copy = let_out(desk, tx, vault, written, replace(term, place=target.place))
    job.begin(desk, key, "export")
    with desk.store.read() as tx, Reader(desk, tx, vault, only=()) as reader, _whole_or_gone(target):
        tables = _tables(target, reader, locked(tx, vault))
        target.finish()
    total = sum(cast("int", one["rows"]) for one in tables)
    with desk.store.write() as tx:
        said: dict[str, Json] = {"tables": len(tables), **({"approval": approval} if approval else {})}
        append(tx, desk.space, stamp(desk.clock.now()), "exported", said, detail={"matter": str(matter["id"])})
        result: dict[str, Json] = {"deal": str(matter["ref"]), "tables": list[Json](tables), "rows": total, "copy": copy}  # fmt: skip
        return job.finish(tx, key, result)


@contextmanager
def _whole_or_gone(target: Target) -> Iterator[None]:
    """Nothing in clear stays behind when the disk is full, or somebody stops it."""
    try:
        yield
    except BaseException:
        target.discard()
        raise


def _tables(target: Target, reader: Reader, shut: Mapping[bytes, frozenset[int]]) -> list[dict[str, Json]]:
    """Every table, one after another; of each its rows and how many cells were withheld."""
    told = list[dict[str, Json]]()
    for own, columns in OWN.items():
        target.create(own, columns)
    for name, columns in reader.columns().items():
        target.create(name, columns)
        count, gaps = _write(target, name, columns, reader.rows(name, shut))
        told.append({"name": name, "rows": count, "withheld_cells": gaps})
    return told


def _write(target: Target, name: str, columns: Sequence[str], found: Iterator[tuple[int, RowAgain]]) -> tuple[int, int]:
    """One table, a stretch of rows at a time; (rows, cells that were withheld)."""
    count = withheld = 0
    rows = (one for one in found if one[1].home)
    while near := list(islice(rows, _NEAR)):
        target.write(name, ([row.values.get(place) for place in range(len(columns))] for _, row in near))
        target.write(ROWS, ((name, position, number) for position, (number, _) in enumerate(near, start=count + 1)))
        gaps = [(name, number, column) for number, row in near for place, column in enumerate(columns)
                if place not in row.values]  # fmt: skip
        target.write(WITHHELD, gaps)
        count, withheld = count + len(near), withheld + len(gaps)
    return count, withheld
