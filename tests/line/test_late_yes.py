"""C6: what customers answer between shipping and closing, and a gate that decides again, stop the release of nobody who was shipped."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.base import ids
from tests.line.told import YES, Told, play


class Late(Told):
    """Shipped without those who wait; two approve the release; some who were not shipped agree, and the gate decides again."""

    def play(self, *, real: bool) -> dict:
        assert not real
        self.decided()
        said = {"shipped": self.agreed("limo", "ship")}
        dry = self.seller.run("zhouning", "release", self.deal, *self.at, "--dry-run")
        self.seller.run("suhe", "approve", *dry["would"]["approve"])
        late = sorted(self.left())[:3]
        self.answer(late, YES)
        said |= {"gate": self.seller.run("zhouning", "gate", self.deal), "late": late, "dry": dry}
        said["again"] = self.seller.run("zhouning", "release", self.deal, *self.at, "--dry-run")
        said["full"] = self.seller.run("zhouning", "release", self.deal, *self.at)
        said["delta"] = self.seller.run("zhouning", "release", self.deal, "--delta", *self.at, answers=(1,))
        said["first"] = self.taken()
        self.buyer.run("fanyuan", "reseal", self.deal, *self.at)
        said["accounted"] = self.seller.run("limo", "reconcile", self.deal, *self.at)
        said["destroyed"] = self.agreed("zhouning", "destroy")
        return said

    def left(self) -> Iterator[str]:
        """Adults of the first market of whom nothing was shipped and who answered nothing yet: an answer is all they lack."""
        leaves = (self.where / "handover/package/data/leaves.jsonl").read_text().splitlines()
        shipped = {bytes.fromhex(json.loads(line)["subject"]) for line in leaves}
        with sqlite3.connect(self.where / "seller" / "core.db") as store:
            said = {who for (who,) in store.execute("SELECT subject FROM evidence WHERE type <> 'notice.delivered'")}
            rows = store.execute("SELECT id, facts FROM subject WHERE kind = 'customer' AND state = 'live'").fetchall()
        for who, told in rows:
            facts = json.loads(told)
            if who not in shipped | said and facts.get("residence") == "CN" and facts.get("turns_18_on", "9") < "2026":
                yield ids.subject_text(who)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, draw: int) -> dict:
    """Every answer."""
    return play(Path(tmp_path_factory.mktemp("late-yes")) / "demo", Late, draw)


def test_c6_a_late_yes_is_counted_and_stops_nobody(told):
    """All who were shipped and are cleared go; whoever was cleared too late to be shipped are told as such, before and after."""
    assert told["late"]
    late = told["gate"]["by_verdict"]["hand_over"] - told["dry"]["subjects"]
    assert told["again"]["unshipped"] == told["full"]["unshipped"] == late > 0
    assert "unshipped" not in told["dry"]
    assert told["full"]["subjects"] == told["dry"]["subjects"] == told["again"]["subjects"]
    assert told["full"]["slots"] == told["first"]["slots"] > 0


def test_c6_what_two_approved_is_the_slots_and_an_answer_of_others_leaves_it(told):
    """The second person's word of before the answers holds: the same slots go."""
    assert told["again"]["would"]["approve"] == told["dry"]["would"]["approve"]


def test_c9_the_deal_goes_on_to_its_end(told):
    """Nobody more can be released of this package; every row is accounted for, and what went is destroyed at the seller."""
    assert told["delta"]["error"]["slug"] in {"release.nothing", "gate.stale"}
    assert told["accounted"]["ok"]
    assert told["destroyed"]["certificate"]["proven"]
