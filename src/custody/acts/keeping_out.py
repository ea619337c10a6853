"""Before anything is sealed: who of those in the sources is on the suppression list (spec/retention.md §7)."""

from collections.abc import Iterator

from custody.acts.finding import kind_of
from custody.acts.own_tables import OWN_TABLES
from custody.acts.rows import rows
from custody.acts.sealing import Sealing
from custody.acts.suppressing import IMPORT, Listed
from custody.model.datamap import DataMap, TableMap


def keep_out(run: Sealing, datamap: DataMap, found: Listed) -> dict[str, int]:
    """Mark them; {scope: how many people}. A person's own table decides: another's row may name somebody else's telephone."""
    counts: dict[str, int] = {}
    for table in datamap.tables:
        places = _identifying(table)
        for number, scope in _hits(run, table, places, found) if places else ():
            owner = run.crowd.take(number)
            if scope == IMPORT and not owner.kept_out:
                owner.kept_out = True
                counts[scope] = counts.get(scope, 0) + 1
            elif scope != IMPORT and not owner.facts.no_contact:
                owner.facts.no_contact = True
                counts[scope] = counts.get(scope, 0) + 1
    return counts


def _identifying(table: TableMap) -> list[tuple[int, str]]:
    if table.role not in OWN_TABLES:
        return []
    return [(place, kind) for place, column in enumerate(table.columns) if (kind := kind_of(column.cls))]


def _hits(run: Sealing, table: TableMap, places: list[tuple[int, str]], found: Listed) -> Iterator[tuple[int, str]]:
    for batch in run.reread(table.name):
        for _, values in rows(batch):
            scopes = {found.scope(kind, values[place]) for place, kind in places} - {""}
            for number in run.people(table, values) if scopes else ():
                yield number, IMPORT if IMPORT in scopes else scopes.pop()
