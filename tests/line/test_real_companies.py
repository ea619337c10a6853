"""C8, A2: companies that nobody made up for this test: every row accounted for, every delivered cell as it was."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from custody.cli.rehearsal.demo import Rehearsal
from tests.line.conftest import act
from tests.line.equality import everything
from tests.line.independent import compare, tables

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ENCODINGS = {"AdventureWorks_Customers.csv": "cp1252"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared tables are not here")


@pytest.fixture(scope="module", params=["retail", "oltp"])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, dict]:
    """(name, folder of the finished rehearsal, its summary)."""
    where = tmp_path_factory.mktemp(request.param) / "demo"
    before = digests(request.param)
    Rehearsal(where, DATA / request.param, 0, "en", lambda _: None).run()
    assert digests(request.param) == before
    return request.param, where, json.loads((where / "summary.json").read_text(encoding="utf-8"))


def test_c8_every_delivered_cell_of_a_real_company_equals_its_source_bytes(company: tuple[str, Path, dict]):
    """All tables, read again from the files' bytes: rows add up and no delivered cell differs."""
    name, where, summary = company
    assert everything(where, tables(DATA / name, ENCODINGS), summary) > 400_000
    assert (summary["verified"], summary["differing"]) == (True, 0)


def test_c3_without_assumptions_the_law_lets_nobody_go(company: tuple[str, Path, dict]):
    """Nobody was told, nobody answered, where they live is not known: what the law as loaded really does stands beside."""
    _, _, summary = company
    assert summary["without_assumptions"]["hand_over"] == 0
    assert summary["handed_over"] > 0
    assert summary["certificate"]["heading"] == "partial"


def test_c8_a_planted_fault_in_a_real_company_is_found(company: tuple[str, Path, dict], tmp_path: Path):
    """One character of one customer, changed in the buyer's database, is named by both readers."""
    name, where, summary = company
    table = {"retail": "AdventureWorks_Customers", "oltp": "email_address"}[name]
    spoilt = tmp_path / "customers.sqlite"
    shutil.copy(where / "buyer" / "exports" / "customers.sqlite", spoilt)
    database = sqlite3.connect(spoilt)
    database.execute(f"UPDATE \"{table}\" SET EmailAddress = EmailAddress || ' ' WHERE rowid = 77")
    database.commit()
    database.close()
    _, differences = compare(tables(DATA / name, ENCODINGS)[table], spoilt, table)
    assert [column for _, column in differences] == ["EmailAddress"]
    code, found = act(where, "buyer", "fanyuan", "reconcile", summary["deal"], "--target", spoilt)
    assert (code, found["differing"]) == (1, 1)


def digests(name: str) -> dict[str, str]:
    """{file: SHA-256} of a company's files, which no rehearsal may touch."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((DATA / name).iterdir())}


def test_a2_orders_of_three_files_and_two_date_formats_reach_their_customers(company: tuple[str, Path, dict]):
    """The three order files go where their customers go; dates stay as they were written, names in cp1252 come out right."""
    name, where, summary = company
    if name != "retail":
        assert next(one for one in summary["tables"] if one["name"] == "credit_card")["quarantined"] == 0
        return
    database = sqlite3.connect(where / "buyer" / "exports" / "customers.sqlite")
    for year in ("2015", "2016", "2017"):
        strangers = f"""SELECT count(*) FROM AdventureWorks_Sales_{year} WHERE CustomerKey NOT IN
                        (SELECT CustomerKey FROM AdventureWorks_Customers)"""
        assert database.execute(strangers).fetchone() == (0,)
    dates = {"-" in day for (day,) in database.execute("SELECT BirthDate FROM AdventureWorks_Customers")}
    names = [one for (one,) in database.execute("SELECT FirstName FROM AdventureWorks_Customers")]
    database.close()
    assert dates == {True, False}
    assert "JÉSUS" in names
