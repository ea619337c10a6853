"""Whatever a migration does to rows, a restore can do to the rows of an older backup: it lies in `bring`, and nowhere else."""

import ast
import inspect

import pytest

from custody.adapters.stores import migrate
from tests.store import older

ROWS = frozenset(("execute", "execute_many", "executemany", "exec_driver_sql", "bulk_insert", "insert", "update", "delete", "text", "values"))  # fmt: skip
"""Names by which rows are met; none of them makes a table, a column or an index."""
WITH_ROWS = [
    "0016_entry_about",
    "0020_seeking",
    "0024_row_count",
    "0026_request_bounds",
    "0032_deal_member",
    "0046_paging",
]
SCHEMA_ALONE = {"0005_retention"}
"""Those that take a table away by a statement, and touch no row that is kept."""


def loose(tree: ast.Module) -> set[str]:
    """The functions of a migration that meet rows and are not reached from `bring` alone."""
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    reached, waiting = set[str](), ["bring"]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in reached:
            reached.add(name)
            waiting += [one.id for one in ast.walk(functions[name]) if isinstance(one, ast.Name)]
    return {name for name, one in functions.items() if name not in reached and _meets_rows(one)}


def _meets_rows(function: ast.FunctionDef) -> bool:
    calls = (one.func for one in ast.walk(function) if isinstance(one, ast.Call))
    return any((isinstance(one, ast.Attribute) and one.attr in ROWS) or (isinstance(one, ast.Name) and one.id in (*ROWS, "recount")) for one in calls)  # fmt: skip


@pytest.mark.parametrize("script", older.scripts(), ids=lambda one: one.revision)
def test_what_a_migration_does_to_rows_lies_in_bring(script):
    """A migration that does it elsewhere would be left out by a restore; one that has `bring` calls it."""
    tree = ast.parse(inspect.getsource(script.module))
    assert script.revision in SCHEMA_ALONE or not loose(tree)
    if hasattr(script.module, "bring"):
        upgrade = next(one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")
        assert "bring" in {one.id for one in ast.walk(upgrade) if isinstance(one, ast.Name)}


def test_a_migration_that_forgets_it_is_found():
    """Rows that `upgrade` meets itself, or by a function that `bring` does not know."""
    direct = "def upgrade():\n    op.get_bind().execute(table.update())\n"
    beside = "def upgrade():\n    _set(1)\n\ndef _set(base):\n    op.execute('UPDATE request')\n"
    inside = (
        "def upgrade():\n    bring(1)\n\ndef bring(base):\n    _set(base)\n\ndef _set(base):\n    base.execute(1)\n"
    )
    assert [loose(ast.parse(one)) for one in (direct, beside, inside)] == [{"upgrade"}, {"_set"}, set()]


def test_what_older_rows_lack_is_told_by_revision():
    """From the first release all of it, in order; from the newest nothing."""
    newest = migrate.newest()
    assert newest is not None
    assert [one for one in migrate.lacking("0001") if one in WITH_ROWS] == WITH_ROWS
    assert migrate.lacking("0026_request_bounds")[0] == "0032_deal_member"
    assert not migrate.lacking(newest)
