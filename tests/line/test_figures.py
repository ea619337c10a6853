"""C8: every row and every customer of a rehearsal is accounted for."""

import re
import sqlite3
from pathlib import Path


def test_c8_customers_are_handed_over_or_withheld(summary: dict):
    """Handed over and withheld add up to all customers, and both happen."""
    assert summary["handed_over"] + summary["withheld"] == summary["customers"]
    assert 230 <= summary["customers"] <= 241
    assert summary["handed_over"] > 100
    assert summary["withheld"] > 10
    assert summary["verified"] is True


def test_c8_rows_in_equal_rows_accounted_for(summary: dict):
    """For every table: rows in = delivered + withheld + quarantined."""
    for table in summary["tables"]:
        assert table["rows"] == table["delivered"] + table["withheld"] + table["quarantined"], table["name"]
    assert summary["differing"] == 0


def test_c2_without_assumptions_nobody_is_handed_over(summary: dict):
    """Without anybody's answer the law as loaded clears nobody."""
    assert summary["without_assumptions"]["hand_over"] == 0


def test_c3_objectors_after_shipping_are_not_released(played: Path):
    """Those who objected after shipping are withheld by the release, and their records are not at the buyer."""
    store = sqlite3.connect(played / "seller" / "core.db")
    objected = {row[0] for row in store.execute("SELECT subject FROM evidence WHERE type = 'objection'")}
    store.close()
    buyer = sqlite3.connect(played / "buyer" / "core.db")
    held = {row[0] for row in buyer.execute("SELECT id FROM subject")}
    buyer.close()
    assert not objected & held


def test_c11_open_orders_are_in_the_delivery(played: Path):
    """Open orders and running subscriptions of delivered customers reach the buyer's database."""
    database = sqlite3.connect(played / "buyer" / "exports" / "customers.sqlite")
    found = database.execute("SELECT count(*) FROM orders WHERE status IN ('open', 'paid', 'shipped')").fetchone()[0]
    database.close()
    assert found > 3


def test_c2_every_reason_has_words_in_both_languages(summary: dict):
    """Each verdict's reason can be read in Chinese and in English."""
    assert summary["reasons"]
    assert all(one["text"]["zh"] and one["text"]["en"] for one in summary["reasons"])


def test_b1_no_personal_value_is_in_summary_ledger_or_handover(played: Path):
    """Nothing of a customer stands in clear outside the vaults' sealed bytes and the buyer's own export."""
    names = _names(played / "shop")
    assert len(names) > 100
    looked = [
        played / "summary.json",
        *(played / "handover").rglob("*"),
        played / "report.html",
        *(played / "seller").rglob("*"),
        *(one for one in (played / "buyer").rglob("*") if "exports" not in one.parts),
    ]
    files = [one for one in looked if one.is_file()]
    assert {one.suffix for one in files} >= {".seg", ".db", ".bin"}  # segments, stores, pages of a release
    spelt = [
        (name, form) for name in names for form in {name.encode(), name.encode("gb18030"), name.encode("utf-16-le")}
    ]
    for path in files:
        data = path.read_bytes()
        assert not [name for name, form in spelt if form in data], path.name


def _names(shop: Path) -> set[str]:
    text = (shop / "会员.csv").read_bytes().decode("gb18030", errors="replace")
    cells = {cell.strip() for line in text.splitlines()[1:] for cell in line.split(",")}
    return {
        cell
        for cell in cells
        if re.fullmatch(r"1\d{10}|\d{17}[\dX]|[^@ ]+@[^@ ]+\.[a-z]+|[\u4e00-\u9fff]{2,}.*\d+号.*", cell)
    }


def test_c2_sensitive_data_needs_a_consent_of_its_own(played: Path):
    """Nobody's sensitive compartment reaches the buyer without a separate consent to it (PIPL 29)."""
    seller = sqlite3.connect(played / "seller" / "core.db")
    agreed = {
        row[0] for row in seller.execute("SELECT subject FROM evidence WHERE type = 'consent.separate.sensitive'")
    }
    tiers = {row[0] for row in seller.execute("SELECT number FROM compartment WHERE tier = 'sensitive'")}
    seller.close()
    buyer = sqlite3.connect(played / "buyer" / "core.db")
    held = {row[0] for row in buyer.execute("SELECT subject, compartment FROM record") if row[1] in tiers}
    buyer.close()
    assert held
    assert held <= agreed
