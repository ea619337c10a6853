"""C8, C9: what is destroyed and accounted for is what was released, whatever happened between shipping and closing."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from custody.acts.vaults import AUDIT, slot_places
from custody.base import ids
from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Out
from tests.drawn import drawn
from tests.line.conftest import act
from tests.line.homes import came_across, keys_of, origin_of, who_opens

CLOSING = "2026-04-20"


class _Withdrawn(Play):
    """A rehearsal in which some customers whose ciphertext was shipped withdraw by a list before closing."""

    def _clock(self, instant: str) -> None:
        if instant.startswith(CLOSING):
            path = self.where / "withdrawn.csv"
            path.write_text("subject,answer\n" + "".join(f"{one},withdrawal\n" for one in shipped(self.where)))
            self.seller.run("zhouning", "answers", "D-2026-0001", str(path))
        super()._clock(instant)

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:
        if act == "destroy":
            subject, row = delivered_order(self.where)
            (self.where / "part.txt").write_text(subject)
            self.seller.run("zhouning", "erase", subject, "--table", "orders", "--row", str(row))
        return super()._approved(who, second, act, deal)


def shipped(where: Path) -> list[str]:
    """A few of the customers whom the gate before shipping cleared, as people type them."""
    store = sqlite3.connect(where / "seller" / "core.db")
    agreed = "SELECT subject FROM evidence WHERE type = 'consent.separate'"
    rows = store.execute(f"SELECT id FROM subject WHERE kind = 'customer' AND id IN ({agreed}) ORDER BY id LIMIT 12")
    found = [ids.subject_text(row[0]) for row in rows]
    store.close()
    return found


def delivered_order(where: Path) -> tuple[str, int]:
    """A customer who was handed over with several orders, and the row of one of them."""
    store = sqlite3.connect(where / "seller" / "core.db")
    # Of whom nothing stays by law: what is kept of others opens at the seller whatever happens to the order.
    gone = b", ".join(b"x'%s'" % one.hex().encode() for one in sorted(_wholly(where))).decode()
    several = (
        "SELECT subject, min(row) FROM record WHERE schema IN (SELECT number FROM schema WHERE tbl = 'orders') "
        f"AND subject IN ({gone}) GROUP BY subject, compartment HAVING count(DISTINCT row) > 1 ORDER BY subject LIMIT 1"
    )
    who, row = store.execute(several).fetchone()
    store.close()
    return ids.subject_text(who), row


def _wholly(where: Path) -> set[bytes]:
    """Customers of whom the buyer has every compartment that the seller has, but for evidence about them."""
    held = []
    for half in ("seller", "buyer"):
        with sqlite3.connect(where / half / "core.db") as store:
            rows = store.execute("SELECT id, slots FROM subject WHERE kind = 'customer'")
            held.append({who: set(slot_places(slots)) - {AUDIT} for who, slots in rows})
    return {who for who, there in held[1].items() if there and held[0].get(who) == there}


def _at_seller(where: Path) -> set[bytes]:
    """Whoever still opens at the seller, in whatever segment."""
    keys, home = keys_of(where / "seller", "suhe"), where / "seller" / "vaults" / "main" / "segments"
    return {one for segment in home.glob("*.seg") for one in who_opens(segment, keys, origin_of(where))}


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """The folder of that rehearsal, finished."""
    where = tmp_path_factory.mktemp("withdrawn") / "demo"
    drawn(where, 60, draw).run(_Withdrawn)
    return where


def test_c9_who_withdrew_before_closing_is_not_destroyed(withdrawn: Path):
    """They were shipped and never released: the buyer has no key of theirs, and the seller still has them."""
    lines = (withdrawn / "withdrawn.csv").read_text().splitlines()[1:]
    gone = {ids.subject_bytes(line.partition(",")[0]) for line in lines}
    at_seller = _at_seller(withdrawn)
    assert gone
    assert not gone & came_across(withdrawn)
    assert gone <= at_seller


def test_a8_what_a_part_erasure_moved_is_destroyed_with_the_rest(withdrawn: Path):
    """Erasing one row after the release gives the others a new key: they were handed over all the same, and do not outlive it."""
    subject = ids.subject_bytes((withdrawn / "part.txt").read_text())
    assert subject in came_across(withdrawn)
    assert subject not in _at_seller(withdrawn)


def test_c8_a_receipt_for_fewer_rows_does_not_balance(played: Path, tmp_path: Path):
    """Withheld is counted from what was released, not from what the receipt leaves over."""
    home = Path(shutil.copytree(played / "seller", tmp_path / "seller"))
    assert act(tmp_path, "seller", "limo", "reconcile", "D-2026-0001", "--at", played / "handover")[0] == 0
    store = sqlite3.connect(home / "core.db")
    store.execute("UPDATE released_table SET rows = rows + 1 WHERE tbl = 'orders'")
    store.commit()
    store.close()
    code, out = act(tmp_path, "seller", "limo", "reconcile", "D-2026-0001", "--at", played / "handover")
    assert code == 1
    assert [one["name"] for one in out["tables"] if one["difference"]] == ["orders"]
