"""Before anything is sealed: who of those in the sources is on the suppression list (spec/retention.md §7)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

from custody.acts.finding import kind_of
from custody.acts.own_tables import OWN_TABLES
from custody.acts.rows import rows
from custody.acts.sealing import Sealing
from custody.acts.suppressing import IMPORT, Listed
from custody.model.datamap import DataMap, TableMap

Hit = TypeVar("Hit")


def keep_out(run: Sealing, datamap: DataMap, found: Listed) -> dict[str, int]:
    """Mark them; {scope: how many people}."""
    counts: dict[str, int] = {}
    for number, scopes in by_own_tables(run, datamap, lambda kind, value: {found.scope(kind, value)} - {""}):
        _mark(run, number, IMPORT if IMPORT in scopes else next(iter(scopes)), counts)
    return counts


def by_own_tables(
    run: Sealing, datamap: DataMap, met: Callable[[str, object], Collection[Hit]]
) -> Iterator[tuple[int, set[Hit]]]:
    """(somebody, what their identifiers met). A person's own table decides: another's row may name somebody else's telephone. Who has no row there is identified by the others."""
    own = [table for table in datamap.tables if table.role in OWN_TABLES]
    for table in own:
        yield from _hits(run, table, met)
    others = [hit for table in datamap.tables if table.role not in OWN_TABLES for hit in _hits(run, table, met)]
    known = _having_a_row(run, own, {number for number, _ in others})
    yield from (hit for hit in others if hit[0] not in known)


def _mark(run: Sealing, number: int, scope: str, counts: dict[str, int]) -> None:
    owner = run.crowd.take(number)
    if scope == IMPORT and not owner.kept_out:
        owner.kept_out = True
        counts[scope] = counts.get(scope, 0) + 1
    elif scope != IMPORT and not owner.facts.no_contact:
        owner.facts.no_contact = True
        counts[scope] = counts.get(scope, 0) + 1


def _having_a_row(run: Sealing, own: Iterable[TableMap], among: set[int]) -> set[int]:
    """Who of these few has a row of their own; nothing is read where nobody asks."""
    if not among:
        return set()
    return {
        number
        for table in own
        for batch in run.reread(table.name)
        for _, values in rows(batch)
        for number in run.people(table, values)
        if number in among
    }


def _hits(
    run: Sealing, table: TableMap, met: Callable[[str, object], Collection[Hit]]
) -> Iterator[tuple[int, set[Hit]]]:
    places = [(place, kind) for place, column in enumerate(table.columns) if (kind := kind_of(column.cls))]
    for batch in run.reread(table.name) if places else ():
        for _, values in rows(batch):
            found = {hit for place, kind in places for hit in met(kind, values[place])}
            for number in run.people(table, values) if found else ():
                yield number, found
