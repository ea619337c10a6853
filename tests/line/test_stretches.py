"""C7, C8: an export and its comparison go over a table in stretches, and come to the same whatever a stretch is."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import reading
from custody.acts.reading import Reader
from custody.adapters.targets.sqlite import SqliteTarget
from custody.base.errors import Broken
from custody.services import export as exporting
from custody.services.export import export
from custody.services.reconcile import reconcile_export
from tests.line.homes import desk_of, out_by_two

DEAL = "D-2026-0001"


def content(path: Path) -> dict[str, list]:
    with sqlite3.connect(path) as found:
        names = [row[0] for row in found.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: found.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


@pytest.mark.parametrize("near", [1, 7])
def test_c7_an_export_is_the_same_in_stretches_of_any_size(
    played: Path, near: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Rows, their numbers and what was withheld, of every table; and nothing differs from what was sealed."""
    home = Path(shutil.copytree(played / "buyer", tmp_path / "buyer"))
    monkeypatch.setattr(reading, "_NEAR", near)
    monkeypatch.setattr(exporting, "_NEAR", near + 1)
    target = SqliteTarget(tmp_path / "again.sqlite")
    out_by_two(home, target)
    with desk_of(home, "fanyuan") as desk:
        export(desk, DEAL, target)
        told = reconcile_export(desk, DEAL, target)
    assert (told["ok"], told["differing"]) == (True, 0)
    assert content(tmp_path / "again.sqlite") == content(played / "buyer" / "exports" / "customers.sqlite")


def test_c7_a_row_whose_location_is_wrong_is_refused(played: Path, tmp_path: Path):
    """A record's row number in the store is what the record says inside, or it is not read."""
    home = Path(shutil.copytree(played / "buyer", tmp_path / "buyer"))
    with sqlite3.connect(home / "core.db") as store:
        (one,) = store.execute("SELECT rowid FROM record LIMIT 1").fetchone()
        store.execute("UPDATE record SET row = row + 1000000 WHERE rowid = ?", (one,))
    with desk_of(home, "fanyuan") as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        reader = Reader(desk, tx, str(vault["id"]), only=())
        with pytest.raises(Broken) as refused:
            [list(reader.rows(name)) for name in reader.columns()]
        reader.close()
    assert refused.value.slug == "vault.misplaced"


def test_c7_every_row_comes_once_in_order(played: Path, monkeypatch: pytest.MonkeyPatch):
    """Also where the parts of one row lie on both sides of a stretch's end."""
    found = []
    for near in (2, 10**6):
        monkeypatch.setattr(reading, "_NEAR", near)
        with (
            wiring.desk(played / "buyer", "fanyuan", played / "buyer/keys/principals/fanyuan.pass") as desk,
            desk.store.read() as tx,
        ):
            (vault,) = tx.find("vault")
            reader = Reader(desk, tx, str(vault["id"]), only=())
            found.append(
                {name: [(number, row.values) for number, row in reader.rows(name)] for name in reader.columns()}
            )
            reader.close()
    assert found[0] == found[1]
    assert any(found[0].values())
    for rows in found[0].values():
        assert [number for number, _ in rows] == sorted({number for number, _ in rows})
