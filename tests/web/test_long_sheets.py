"""A sheet holds all of its list, however long: nothing of it is cut without a word (E5)."""

import io
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custody.web.settings")

from custody import wiring
from custody.acts.evidence import append
from custody.base.clock import stamp
from custody.web.console.written import csv_of, xlsx_into
from tests.web.serving import found, serve
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"
MANY = 10_050
"""More than one stretch, and more than sheets once held."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Visitor]]:
    """A company in which much happened, and its owner."""
    home = tmp_path_factory.mktemp("long") / "home"
    with serve(home) as running:
        owner = found(Visitor(running.base), running.first, SECRET)
        with wiring.desk_for(home, "suhe", None) as at, at.store.write() as tx:
            for number in range(MANY):
                append(tx, at.space, stamp(at.clock.now()), "looked-up", {"found": number % 2})
        yield home, owner


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_e5_the_whole_ledger_is_in_its_sheet(house: tuple[Path, Visitor], form: str):
    """Every number from the newest down to the first, each once, in the reader's words."""
    _, owner = house
    owner.get("/lang/zh?next=/ledger")
    heads, *rows = owner.sheet("/ledger?sheet=ledger", form)
    assert len(heads) == 4
    numbers = [int(str(row[0]).partition(".")[0]) for row in rows]
    assert len(numbers) > MANY
    assert numbers == list(range(numbers[0], -1, -1))
    assert all(any(ord(one) > 0x4E00 for one in str(row[2])) for row in rows)


def test_e5_every_message_is_in_its_sheet(house: tuple[Path, Visitor]):
    """More messages than were ever read at once; a channel's own sheet beside it is as it was."""
    home, owner = house
    owner.get("/channels")
    owner.post("/channels", do="new", kind="webhook", name="long", url="https://hooks.example.com/long")
    now = datetime.now(UTC).isoformat(sep=" ")
    with closing(sqlite3.connect(home / "console.db", timeout=60)) as rows, rows:
        (channel,) = rows.execute("SELECT id FROM console_channel").fetchone()
        rows.executemany(
            "INSERT INTO console_delivery (channel_id, name, kind, deal, ref, url, event, state, tries, said, next_at, at) VALUES (?, ?, 'trial', '', '', '', '{}', 'sent', 1, '', ?, ?)",
            [(channel, f"msg_{number}", now, now) for number in range(MANY)],
        )
    assert len(owner.sheet("/channels?sheet=deliveries")) == MANY + 1
    assert len(owner.sheet("/channels?sheet=channels")) == 2


def test_e5_a_page_of_a_workbook_that_is_full_is_followed_by_another():
    """Each page begins with the head; a cell that is too long for a workbook says that it goes on; CSV has all of it."""
    rows = [["n", "text"], *([number, "x" * 40_000 if number == 4 else "y"] for number in range(5))]
    out = io.BytesIO()
    xlsx_into(out, rows, long=True, lines=3)
    out.seek(0)
    book = CalamineWorkbook.from_filelike(out)
    pages = [book.get_sheet_by_index(number).to_python() for number in range(3)]
    assert [page[0] for page in pages] == [["n", "text"]] * 3
    assert [row[0] for page in pages for row in page[1:]] == [0, 1, 2, 3, 4]
    assert str(pages[2][1][1]).endswith("x …")
    assert "x" * 40_000 in csv_of(rows).decode()
