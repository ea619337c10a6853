"""C9: nobody whom a hold keeps is counted among those whose keys were shredded: not in the certificate, on paper, in the answer, nor to who verifies."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.base import ids
from custody.base.errors import Malformed
from custody.package import shape, statements
from custody.package.accounted import Customers, Stays
from custody.services.certificate import certificate, certificate_data
from custody.services.hold import hold_add
from tests.line.conftest import act
from tests.line.homes import came_across, desk_of, keys_of, origin_of, segment_of, who_opens
from tests.line.test_lines import Desk, _of
from tests.members import add
from tests.package.test_statements import ALL

DEAL = "D-2026-0001"
KEPT = 2


@pytest.fixture(scope="module")
def held(played: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes], dict, dict]:
    """The seller destroys its copy again, from before its destruction, while two of those who were handed over are held: (folder, whom, rehearsal, answer)."""
    where = Path(shutil.copytree(played, tmp_path_factory.mktemp("held") / "demo"))
    shutil.rmtree(where / "seller")
    shutil.copytree(where / "seller-backup", where / "seller")
    whom = sorted(came_across(where))[:KEPT]
    with desk_of(where / "seller", "suhe") as desk:
        for who in whom:
            hold_add(desk, ids.subject_text(who), "dispute.1", "", None)
    me = where, "seller", "zhouning"
    would = act(*me, "destroy", DEAL, "--at", where / "handover", "--dry-run")[1]
    kind, content = would["would"]["approve"]
    assert act(where, "seller", "suhe", "approve", kind, content)[0] == 0
    code, out = act(*me, "destroy", DEAL, "--at", where / "handover")
    assert code == 0, out
    return where, whom, would, out


@pytest.fixture
def at_end(desk: Path) -> Iterator[tuple[Desk, str]]:
    """A company that dissolves, decided, its retention known."""
    made = Desk(desk)
    with made.seller, made.buyer:
        facts = _of("dissolution", successor_exists=False)
        facts["retention"] = {"purpose_ended": False, "deletion_technically_hard": False, "statutory_hold": False}
        deal = str(made.seller.run("suhe", "deal", "new", made.facts("end", facts))["ref"])
        add(made.seller.run, deal, "zhouning")
        made.seller.run("zhouning", "gate", deal)
        yield made, deal


def test_c9_whom_a_hold_keeps_is_not_certified_as_shredded(held, summary: dict):
    """The signed statement counts them apart, what stays names them, and their records open still."""
    where, whom, would, out = held
    counted = out["certificate"]["proven"]["customers"]
    assert counted == {"shredded": summary["handed_over"] - KEPT, "held": KEPT}
    assert (out["subjects"], out["held"], would["held"]) == (summary["handed_over"], KEPT, KEPT)
    assert {one["what"]: one["count"] for one in out["certificate"]["stays"]}["held"] == KEPT
    opened = who_opens(segment_of(where / "seller", "main"), keys_of(where / "seller", "suhe"), origin_of(where))
    assert set(whom) <= opened


def test_c9_the_paper_says_how_many_stay_in_both_languages(held, summary: dict, tmp_path: Path):
    """The sentence and the row of the certificate for people; where nobody is held it says nothing of a hold."""
    where, *_ = held
    with desk_of(where / "seller", "suhe") as desk:
        shown = certificate_data(certificate(desk, DEAL))
    gone = summary["handed_over"] - KEPT
    assert f"{gone:,} 位已移交客户的密钥；" in shown["say"]["zh"]
    assert f"另有 {KEPT} 位已移交客户因保全仍留在库中" in shown["say"]["zh"]
    assert f"the keys of {gone:,} handed-over customers" in shown["say"]["en"]
    assert f"Another {KEPT} who were handed over stay in it by a hold" in shown["say"]["en"]
    row = shown["proven"][0]
    assert f"其中 {KEPT} 位因保全未粉碎" in row["value"]
    assert f"of them {KEPT} stay by a hold" in row["note"]
    assert "保全" not in str(certificate_data(summary)["say"])
    code, out = act(where, "seller", "suhe", "certificate", DEAL, "--to", tmp_path / "certificate.pdf")
    assert code == 0, out
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")


def test_c9_who_verifies_is_told_that_a_hold_keeps_some(held, played: Path):
    """Nothing is wrong with it, and it is among what nobody should take for destroyed."""
    where, *_ = held
    for folder, told in ((where, True), (played, False)):
        code, out = act(folder, "buyer", "fanyuan", "verify", folder / "handover")
        assert ("held" in out["not_checked_codes"]) is told, out
        assert code == 0, out


def test_c9_a_winding_up_counts_nobody_whom_a_hold_keeps(at_end: tuple[Desk, str]):
    """Its statement and its certificate say the same number; the rehearsal says how many are held."""
    at, deal = at_end
    out = ("--at", str(at.where / "end"))
    windup = ("deal", "wind-up", deal, "--keeper", "liquidation group", *out)
    before = at.seller.run("suhe", *windup, "--dry-run")["would"]
    assert before["held"] == 0
    with desk_of(at.where / "seller", "suhe") as desk:
        with desk.store.read() as tx:
            (who, *_) = [row["id"] for row in tx.find("subject", order=("id",), kind="customer", state="live")]
        hold_add(desk, ids.subject_text(who), "dispute.1", "", None)
    assert at.seller.run("suhe", *windup, "--dry-run")["would"]["held"] == 1
    gone = at.two(at.seller, "suhe", "zhouning", *windup)
    assert (gone["subjects"], gone["held"]) == (before["customers"] - 1, 1)
    told = at.verified(at.where / "end")
    assert told["ok"], told
    assert "held" in told["not_checked_codes"]


def test_a_certificate_that_hides_whom_a_hold_keeps_is_refused():
    """The count of those held and what stays say the same, or it is no certificate."""
    (said,) = [one for one in ALL if one.KIND == "destroyed"]
    kept = _with(said, Customers(1, 2), Stays("held", ("HOLD",), 2))
    assert statements.predicate(kept)["proven"]["customers"] == {"shredded": 1, "held": 2}
    assert shape.load(statements.Destroyed, statements.predicate(kept)) == kept
    with pytest.raises(Malformed) as refused:
        _with(said, Customers(1, 2))
    assert refused.value.slug == "destroyed.held"
    assert "customers" not in statements.predicate(said)["proven"], "a certificate of before keeps its bytes"


def _with(said: statements.Destroyed, customers: Customers, *stays: Stays) -> statements.Destroyed:
    return replace(said, proven=replace(said.proven, customers=customers), stays=(*said.stays, *stays))
