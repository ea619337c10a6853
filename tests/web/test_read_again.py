"""What people decided of files outlasts a reading of them that did not end (A2); too many customers for one look are told (A3)."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.web.company import Company
from tests.web.maps import looked, waiting
from tests.web.objects import _cut_off, _intake
from tests.web.visitor import Visitor


def datamap(company: Company, intake: str) -> tuple[str, str]:
    with closing(sqlite3.connect(company.served.home / "console.db", timeout=60)) as rows:
        return rows.execute("SELECT state, datamap FROM console_intake WHERE id = ?", (intake,)).fetchone()


def confirmed(text: str) -> list[str]:
    """By whom each column was looked at."""
    return re.findall(r"confirmed_by: (.*)", text)


def test_a2_a_reading_that_was_cut_off_loses_no_decision(seller: Company, tmp_path: Path):
    """Every column confirmed, read a second time, cut off, gone on: all are confirmed still."""
    owner = seller.visitor("suhe")
    intake, _ = _intake(owner, tmp_path / "again" / "again.csv")
    proposed = datamap(seller, intake)[1]
    _decided(owner, intake)
    before = datamap(seller, intake)[1]
    assert confirmed(proposed) != confirmed(before)
    _cut_off(seller.served.home, intake)
    owner.get("/passphrase")  # for its form's mark
    owner.post(f"/data/{intake}/again")
    owner.led_on()
    state, after = datamap(seller, intake)
    assert state == "review"
    assert confirmed(after) == confirmed(before)
    owner.get("/passphrase")
    owner.post(f"/data/{intake}/discard")


def _decided(owner: Visitor, intake: str) -> None:
    """Every column was looked at."""
    owner.get(f"/data/{intake}?show=all")
    looked(owner, f"/data/{intake}", owner.field("table"))


def test_a2_a_yes_to_the_whole_table_takes_nothing_that_waits(seller: Company, tmp_path: Path):
    """What nobody is sure of is confirmed by a look at it and by nothing else; the button says so, and until then nobody signs."""
    owner = seller.visitor("suhe")
    intake, _ = _intake(owner, tmp_path / "waits" / "waits.csv")
    page = f"/data/{intake}"
    waits, proposed = waiting(owner, page), datamap(seller, intake)[1]
    table = owner.field("table")
    assert waits
    assert f"{len(waits)} to be looked at one by one" in owner.page
    assert "Confirm the whole table" not in owner.page
    owner.post(f"{page}/change", do="confirm-all", table=table, shown=owner.field("shown"))
    assert waiting(owner, page) == waits
    assert confirmed(datamap(seller, intake)[1]) != confirmed(proposed)
    owner.post(f"{page}/sign", shown=owner.field("shown"))
    assert owner.status == 400
    looked(owner, page, table)
    assert waiting(owner, page) == []
    owner.post(f"{page}/discard")


def test_a3_too_many_for_one_look_are_refused_and_not_cut(seller: Company):
    """A thousand at most: one list of more is told so."""
    owner = seller.visitor("suhe")
    many = "\n".join(f"sub_{number:026d}" for number in range(1_100))
    owner.get("/customers/many")
    owner.post("/customers/many", step="look", purpose="contract", reason="asked for by many", subjects=many)
    assert 'data-slug="reveal.many"' in owner.page
