"""C9, C6: what is gone is gone, what was withheld still opens, and neither half looks into the other's home."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from custody.acts.matters import deal
from custody.acts.reading import Reader
from custody.base.errors import CustodyError
from tests.line.conftest import ROOT, act
from tests.line.fenced import ask
from tests.line.homes import came_across, desk_of, keys_of, origin_of, segment_of, who_opens


def _leaves(played: Path) -> list[dict]:
    lines = (played / "handover" / "package" / "data" / "leaves.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_c9_nothing_of_a_delivered_customer_opens_at_the_seller(played: Path):
    """After destroy no key at the seller opens a record that was handed over."""
    opened = who_opens(segment_of(played / "seller", "main"), keys_of(played / "seller", "suhe"), origin_of(played))
    delivered = {(bytes.fromhex(one["subject"])) for one in _leaves(played)} & came_across(played)
    whole = {one for one in delivered if one not in _withheld_in_part(played)}
    assert whole
    assert not opened & whole


def test_c9_withheld_customers_open_under_the_new_root(played: Path):
    """Those who were not handed over are still readable at the seller, under generation 2."""
    opened = who_opens(segment_of(played / "seller", "main"), keys_of(played / "seller", "suhe"), origin_of(played))
    store = sqlite3.connect(played / "seller" / "core.db")
    customers = {row[0] for row in store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live'")}
    generation = store.execute("SELECT generation FROM vault").fetchone()[0]
    store.close()
    assert generation == 2
    assert customers - came_across(played) <= opened


def test_a5_a_backup_from_before_does_not_open(played: Path, tmp_path: Path):
    """The seller's store and segments of before, put beside the roots that exist now, open nothing."""
    home = tmp_path / "restored"
    shutil.copytree(played / "seller-backup", home)
    shutil.rmtree(home / "keys")
    shutil.copytree(played / "seller" / "keys", home / "keys")
    with pytest.raises(CustodyError) as refused:
        keys_of(home, "suhe")
    assert refused.value.slug == "keys.gone"


def test_c6_an_objectors_shipped_ciphertext_does_not_open_at_the_buyer(played: Path):
    """Records that were shipped and never released open with no key the buyer has."""
    received = played / "buyer-received"
    opened = who_opens(segment_of(received, "received"), keys_of(received, "fanyuan"), origin_of(played))
    assert opened
    store = sqlite3.connect(played / "seller" / "core.db")
    objected = {row[0] for row in store.execute("SELECT subject FROM evidence WHERE type = 'objection'")}
    store.close()
    shipped = {bytes.fromhex(one["subject"]) for one in _leaves(played)}
    assert objected & shipped, "the sample must have somebody who objects after shipping"
    assert not opened & objected


def test_c10_each_half_works_without_the_others_home(played: Path, tmp_path: Path):
    """With the other home out of reach, each half still reads and reconciles."""
    copy = tmp_path / "demo"
    shutil.copytree(played, copy)
    for half, other, who, words in (
        (
            "buyer",
            "seller",
            "fanyuan",
            ("reconcile", "D-2026-0001", "--target", copy / "buyer" / "exports" / "customers.sqlite"),
        ),
        ("seller", "buyer", "limo", ("reconcile", "D-2026-0001", "--at", copy / "handover")),
    ):
        (copy / other).rename(tmp_path / "away")
        code, out = act(copy, half, who, *words)
        (tmp_path / "away").rename(copy / other)
        assert code == 0, (half, out)
        assert out["ok"] is True


def test_c8_an_auditor_checks_and_enters_nothing(played: Path, tmp_path: Path):
    """The same sums at both sides; the receipt is agreed to, and the comparison stated, by whoever works with the data."""
    copy = tmp_path / "demo"
    shutil.copytree(played, copy)
    ways = {
        ("seller", "suhe", "limo", "receipt"): ("--at", copy / "handover"),
        ("buyer", "fanyuan", "fanyuan", "received"): ("--target", copy / "buyer" / "exports" / "customers.sqlite"),
    }
    for (half, owner, hand, kind), words in ways.items():
        secret = copy / half / "keys" / "principals" / "checker.pass"
        secret.write_text("a passphrase of the checker", encoding="utf-8")
        secret.chmod(0o600)
        new = ("principal", "new", "checker", "--roles", "auditor", "--new-passphrase-file", secret)
        assert act(copy, half, owner, *new)[0] == 0
        before = _forgotten(copy / half, kind)
        code, out = act(copy, half, "checker", "reconcile", "D-2026-0001", *words)
        assert (code, out["ok"]) == (0, True), (half, out)
        assert _entered(copy / half, kind) == before
        assert act(copy, half, hand, "reconcile", "D-2026-0001", *words)[0] == 0
        rows, entries = _entered(copy / half, kind)
        assert rows == before[0] + 1, half
        assert entries > before[1], half


def _forgotten(home: Path, kind: str) -> tuple[int, int]:
    """As it was before the newest of its kind: the receipt agreed to, or what was compared."""
    with closing(sqlite3.connect(home / "core.db")) as store, store:
        store.execute(
            "DELETE FROM statement WHERE kind = ? AND n = (SELECT max(n) FROM statement WHERE kind = ?)", (kind, kind)
        )
    return _entered(home, kind)


def _entered(home: Path, kind: str) -> tuple[int, int]:
    """(statements of a kind, entries of the ledger)."""
    with closing(sqlite3.connect(home / "core.db")) as store:
        (rows,), (entries,) = (
            store.execute(text, given).fetchone()
            for text, given in (
                ("SELECT count(*) FROM statement WHERE kind = ?", (kind,)),
                ("SELECT count(*) FROM ledger_entry", ()),
            )
        )
    return rows, entries


def test_c10_the_fence_stops_a_half_at_the_others_home(played: Path):
    """A half's process is refused at a home that is forbidden to it, and works at the same home when it is not."""
    home = played / "buyer"
    words = ["deal", "show", "--home", str(home), "--as", "fanyuan"]
    words += ["--passphrase-file", str(home / "keys" / "principals" / "fanyuan.pass")]
    assert ask(played / "seller", words)["code"] == 0
    assert ask(home, words)["code"] not in (0, 2)


@pytest.mark.parametrize(
    "attempt",
    [
        "open(there / 'core.db', 'rb')",
        "os.listdir(there)",
        "os.rename(here / 'mine', there / 'mine')",
        "os.link(there / 'core.db', here / 'theirs')",
        "os.symlink(there / 'core.db', here / 'theirs')",
        "sqlite3.connect(f'file:{there}/core.db?mode=ro', uri=True)",
        "open(here / '..' / there.name / 'core.db', 'rb')",
    ],
)
def test_c10_no_way_through_the_fence(tmp_path: Path, attempt: str):
    """Neither opening, listing, moving, linking nor connecting leads into the forbidden home; one's own stays open."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        (folder / "core.db").write_bytes(b"")
        (folder / "mine").write_bytes(b"")
    program = f"""
import os, sqlite3
from pathlib import Path
from custody.cli.fence import raise_fence
here, there = Path({str(here)!r}), Path({str(there)!r})
raise_fence([there])
open(here / "mine", "rb").close()
try:
    {attempt}
except PermissionError:
    raise SystemExit(7)
"""
    call = [sys.executable, "-c", program]
    assert subprocess.run(call, env={"PYTHONPATH": str(ROOT / "src")}, check=False).returncode == 7


def test_c7_withheld_cells_are_listed_not_silently_empty(played: Path):
    """A cell that was not delivered is NULL and stands in the export's list."""
    database = sqlite3.connect(played / "buyer" / "exports" / "customers.sqlite")
    listed = database.execute("SELECT count(*) FROM custody_withheld").fetchone()[0]
    database.close()
    assert listed > 0


def test_c9_a_reader_of_the_seller_finds_no_row_of_a_delivered_customer(played: Path):
    """Through custody's own reader, too, the seller has only what was withheld."""
    with desk_of(played / "seller", "suhe") as desk, desk.store.read() as tx:
        matter = deal(desk, tx, "D-2026-0001")
        reader = Reader(desk, tx, str(matter["vault"]))
        held = sum(1 for _, row in reader.rows("会员") if row.home)
        reader.close()
    summary = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    assert 0 < held == next(one for one in summary["tables"] if one["name"] == "会员")["withheld"]


def _withheld_in_part(played: Path) -> set[bytes]:
    """Delivered customers of whom the seller keeps a compartment that was not handed over."""
    store = sqlite3.connect(played / "seller" / "core.db")
    found = {row[0] for row in store.execute("SELECT DISTINCT subject FROM record")}
    store.close()
    return found
