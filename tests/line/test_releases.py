"""C6, C7, C8, C9: what is cleared later follows as a delta, before and after the re-seal; what is no longer cleared is called back."""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.handing import understood
from custody.acts.links import Link
from custody.acts.statements import enveloped
from custody.acts.unanswered import RULE
from custody.acts.vaults import AUDIT, slot_places
from custody.acts.visiting import looked_at, outlook
from custody.base import ids
from custody.base.statement import subject
from custody.package.statements import Recalled
from custody.services.certificate import certificate
from custody.services.deal_due import deal_due
from custody.services.deal_stand import deal_stand
from custody.services.reconcile import reconcile
from custody.services.release_list import release_list
from custody.services.verify import verify
from tests.line.conftest import act
from tests.line.homes import keys_of, origin_of, segment_of, who_opens
from tests.line.told import Told, play, read_card


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, draw: int) -> tuple[Path, dict]:
    """The folder of the hand-over, and every answer."""
    where = tmp_path_factory.mktemp("releases") / "demo"
    return where, play(where, Told, draw)


def test_c6_a_delta_holds_the_late_and_nobody_else(told: tuple[Path, dict]):
    """Three people agreed late: the second release holds their keys alone, and says which release it follows."""
    where, said = told
    manifest = json.loads((where / "handover/release-0002/manifest.json").read_text())
    assert (said["delta"]["n"], said["delta"]["kind"], said["delta"]["subjects"]) == (2, "delta", 3)
    assert sum(page["live"] for page in manifest["pages"]) == said["delta"]["slots"] == said["second"]["slots"]
    assert manifest["previous"] == said["full"]["sha256"]
    assert said["nobody"]["error"]["slug"] == "release.nothing"


def test_c7_later_keys_are_taken_in_beside_the_first(told: tuple[Path, dict]):
    """A receipt asked for twice is the same; what came later reads back as it was sealed, and is accounted for."""
    _, said = told
    assert said["again"]["resumed"]
    assert said["again"]["sha256"] == said["first"]["sha256"]
    assert said["compared"]["differing"] == said["recompared"]["differing"] == 0
    assert said["unanswered"] == {**said["unanswered"], "ok": True, "unanswered": []}
    assert said["unanswered"]["delivered"] == said["first"]["rows"] + said["second"]["rows"]


def test_c7_a_release_after_the_reseal_needs_a_new_invitation(told: tuple[Path, dict]):
    """The key of the first invitation was deleted with the re-seal: the next release is sealed to another, and opens."""
    where, said = told
    keys = [
        json.loads((where / f"handover/release-000{n}/manifest.json").read_text())["recipient"]["key"] for n in (2, 3)
    ]
    assert keys[0] != keys[1]
    assert (said["third"]["n"], said["third"]["subjects"], said["later"]["subjects"]) == (3, 2, 2)


def test_c7_a_recall_is_carried_out_by_two_and_undoes_no_reading(told: tuple[Path, dict]):
    """Who withdrew is gone from the buyer's vault, not from its exports: those are called in, and the answer says so."""
    where, said = told
    assert said["alone"]["error"]["slug"] == "act.unapproved"
    assert (said["recall"]["n"], said["recall"]["subjects"], said["fourth"]["absent"]) == (4, 1, 0)
    assert said["fourth"]["exports"] == 1
    at_buyer = states(where / "buyer")
    assert at_buyer[said["late"][0]] == "erased"
    assert {at_buyer[who] for who in said["late"][1:5]} == {"live"}
    assert not set(said["late"][5:]) & set(at_buyer)


def test_c8_every_row_is_accounted_for_over_all_releases(told: tuple[Path, dict]):
    """Delivered is what came less what was called back; rows in are delivered, withheld or set aside."""
    _, said = told
    whole = said["accounted"]
    assert whole["ok"]
    assert whole["rows"] == whole["delivered"] + whole["withheld"] + whole["quarantined"]
    came = sum(said[name]["rows"] for name in ("first", "second", "third"))
    assert 0 < came - whole["delivered"] <= said["recall"]["rows"]


def test_c9_the_certificate_rests_on_every_answer(told: tuple[Path, dict]):
    """Four receipts are named; who was called back or never released is still at the seller, who was handed over is not."""
    where, said = told
    assert len(said["destroyed"]["certificate"]["proven"]["receipts"]) == 4
    at_seller, (back, *given) = states(where / "seller"), said["late"][:5]
    opened = who_opens(segment_of(where / "seller", "main"), keys_of(where / "seller", "suhe"), origin_of(where))
    assert ids.subject_bytes(back) in opened
    for who in given:
        mine = compartments(where / "buyer", who) - {AUDIT}
        assert mine
        if at_seller[who] == "live":
            assert not mine & compartments(where / "seller", who)
        else:
            assert ids.subject_bytes(who) not in opened


def test_b3_a_page_says_what_went_after_the_sellers_copy_is_destroyed_too(told: tuple[Path, dict]):
    """Whoever went in part and has a rest here reads so, whoever went whole that nothing is here, whoever was called back that."""
    where, said = told
    back, *given = said["late"][:5]
    at_seller, rest, found = states(where / "seller"), set(), {}
    with (
        wiring.desk(where / "seller", "suhe", where / "seller/keys/principals/suhe.pass") as desk,
        desk.store.read() as tx,
    ):
        (matter,) = tx.find("matter", ref="D-2026-0001")
        for who in (back, *given):
            seen = looked_at(desk, tx, wiring.laws(), Link(b"", str(matter["id"]), ids.subject_bytes(who), "", ""), "")
            found[who] = outlook(desk, tx, seen)
            rest |= {who} if at_seller[who] == "live" else set()
    assert found.pop(back) == "called-back"
    assert set(found.values()) <= {"moved-in-part", "gone"}
    assert {who for who, becomes in found.items() if becomes == "moved-in-part"} == rest - {back}


def test_c10_all_of_it_verifies_and_one_byte_does_not(told: tuple[Path, dict], tmp_path: Path):
    """The folder verifies whole; a changed byte of a later release or answer is refused; an older release is no newer one's place."""
    where, _ = told
    cards = [read_card(where, name) for name in ("seller", "buyer")]
    assert verify([where / "handover"], cards).ok
    for name in (
        "release-0002/manifest.json",
        "release-0003/pages.bin",
        "release-0004/manifest.json",
        "recalled-0004.dsse.json",
    ):
        copy = Path(shutil.copytree(where / "handover", tmp_path / name.replace("/", "-")))
        data = bytearray((copy / name).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / name).write_bytes(data)
        assert not verify([copy], cards).ok, name
    copy = Path(shutil.copytree(where / "handover", tmp_path / "older"))
    shutil.rmtree(copy / "release-0002")
    shutil.copytree(copy / "release-0001", copy / "release-0002")
    assert {one.kind for one in verify([copy], cards).faults} >= {"replayed"}


def test_c7_the_seller_is_told_how_many_a_hold_keeps_until_an_answer_holds_none(
    told: tuple[Path, dict], tmp_path: Path
):
    """The clock of the recall runs on and says the number; its rows count as delivered; the next answer ends both."""
    where, said = told
    copy = Path(shutil.copytree(where, tmp_path / "demo"))
    answer = copy / "handover/recalled-0004.dsse.json"
    whole = answer.read_bytes()
    with sqlite3.connect(copy / "seller/core.db") as store:
        store.execute("DELETE FROM statement WHERE kind = 'receipt' AND n = 4")
    with wiring.desk(copy / "buyer", "fanyuan", copy / "buyer/keys/principals/fanyuan.pass") as desk:
        one = understood(whole, Recalled, desk.card.identity, rehearsal=True)
        some = replace(one, shredded=one.shredded - 1, held=1)
        answer.write_bytes(enveloped(desk, [subject("manifest.json", one.release)], some, desk.clock.now()))
    with wiring.desk(copy / "seller", "suhe", copy / "seller/keys/principals/suhe.pass") as desk:
        folder, laws = wiring.folder(copy / "handover"), wiring.laws_of(copy / "seller")
        for _ in range(2):
            found = reconcile(desk, "D-2026-0001", folder)
            assert (found["ok"], found["held"]) == (True, [{"n": 4, "held": 1}])
        assert found["delivered"] > said["accounted"]["delivered"]
        stand = deal_stand(desk, laws, "D-2026-0001")
        assert ([each["held"] for each in stand["unanswered"]], stand["held"]) == ([1], 1)
        (clock,) = [each for each in deal_due(desk, laws, "D-2026-0001")["due"] if each["rule"] == RULE]
        assert "1 keys" in clock["title"]["en"]
        assert release_list(desk, "D-2026-0001")["releases"][3]["held"] == 1
        assert verify([copy / "handover"], [read_card(where, name) for name in ("seller", "buyer")]).ok
        answer.write_bytes(whole)
        found = reconcile(desk, "D-2026-0001", folder)
        assert (found["held"], found["delivered"]) == ([], said["accounted"]["delivered"])
        assert deal_stand(desk, laws, "D-2026-0001")["unanswered"] == []


def compartments(home: Path, who: str) -> set[int]:
    """Of which compartments this home still has a key of this person's."""
    with sqlite3.connect(home / "core.db") as store:
        ((slots,),) = store.execute("SELECT slots FROM subject WHERE id = ?", (ids.subject_bytes(who),))
    return set(slot_places(slots))


def states(home: Path) -> dict[str, str]:
    with sqlite3.connect(home / "core.db") as store:
        return {
            ids.subject_text(row[0]): row[1]
            for row in store.execute("SELECT id, state FROM subject WHERE kind = 'customer'")
        }


def test_c9_the_certificate_for_people_counts_over_all_releases(told: tuple[Path, dict], tmp_path: Path):
    """Customers, rows and answers of every release, less what was called back; a newest answer that is a recall is no obstacle."""
    where, said = told
    copy = Path(shutil.copytree(where, tmp_path / "demo"))
    code, out = act(copy, "seller", "suhe", "certificate", "D-2026-0001", "--to", tmp_path / "certificate.pdf")
    assert code == 0, out
    with wiring.desk(copy / "seller", "suhe", copy / "seller/keys/principals/suhe.pass") as desk:
        shown = certificate(desk, "D-2026-0001")
    assert shown["delivered_rows"] == said["accounted"]["delivered"]
    assert shown["handed_over"] == said["destroyed"]["subjects"]
    states_there = states(where / "buyer")
    assert shown["handed_over"] == sum(state == "live" for state in states_there.values())
