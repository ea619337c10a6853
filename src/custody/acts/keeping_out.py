"""Before anything is sealed: who of those in the sources is on the suppression list (spec/retention.md §7)."""

from collections.abc import Iterable, Iterator

from custody.acts.finding import kind_of
from custody.acts.own_tables import OWN_TABLES
from custody.acts.rows import rows
from custody.acts.sealing import Sealing
from custody.acts.suppressing import IMPORT, Listed
from custody.model.datamap import DataMap, TableMap


def keep_out(run: Sealing, datamap: DataMap, found: Listed) -> dict[str, int]:
    """Mark them; {scope: how many people}. A person's own table decides: another's row may name somebody else's telephone. Who has no row there is identified by the others."""
    counts: dict[str, int] = {}
    own = [table for table in datamap.tables if table.role in OWN_TABLES]
    _mark(run, (hit for table in own for hit in _hits(run, table, found)), counts)
    others = [hit for table in datamap.tables if table.role not in OWN_TABLES for hit in _hits(run, table, found)]
    known = _having_a_row(run, own, {number for number, _ in others})
    _mark(run, (hit for hit in others if hit[0] not in known), counts)
    return counts


def _mark(run: Sealing, hits: Iterable[tuple[int, str]], counts: dict[str, int]) -> None:
    for number, scope in hits:
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


def _hits(run: Sealing, table: TableMap, found: Listed) -> Iterator[tuple[int, str]]:
    places = [(place, kind) for place, column in enumerate(table.columns) if (kind := kind_of(column.cls))]
    for batch in run.reread(table.name) if places else ():
        for _, values in rows(batch):
            scopes = {found.scope(kind, values[place]) for place, kind in places} - {""}
            for number in run.people(table, values) if scopes else ():
                yield number, IMPORT if IMPORT in scopes else scopes.pop()
