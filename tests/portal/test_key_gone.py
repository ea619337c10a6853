"""B4, A7: what was passed to a key that the buyer deleted is not lost: a re-seal waits for it, and what nobody heard is sealed again."""

from datetime import timedelta
from pathlib import Path

from custody import wiring
from custody.acts.own_values import own_values
from custody.base import ids
from custody.base.clock import parse, stamp
from custody.ports.files import Files
from custody.ports.store import one
from custody.services.copy_declare import copy_declare
from custody.services.correction_acknowledge import correction_acknowledge
from custody.services.correction_list import correction_list
from custody.services.correction_send import correction_send
from custody.services.correction_settle import correction_settle
from custody.services.correction_take import correction_take
from custody.services.correction_undo import correction_undo
from custody.services.destroy import destroy
from custody.services.erase import erase
from custody.services.invite import invite
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_settle import request_settle
from custody.services.request_show import request_show
from custody.services.request_take import request_take
from custody.services.reseal import reseal
from custody.services.revise import Correction, revise
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at, laws
from tests.portal.passed_on import ASKED, buyer, released
from tests.portal.somebody import refused


def named(where: Path, who: str, value: str) -> None:
    """The seller corrects the person's name."""
    with at(where, "zhouning") as desk:
        revise(desk, who, Correction("会员", None, "姓名", value, "typo"), None)


def name_at_buyer(where: Path, who: str) -> list[str]:
    """As it reads there."""
    with buyer(where) as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        found = own_values(desk, tx, str(vault["id"]), ids.subject_bytes(who))
        return [each.text for each in found for place in each.places if (place.table, place.column) == ("会员", "姓名")]


def anew(where: Path, folder: Files) -> None:
    """The buyer's next invitation."""
    with buyer(where) as desk:
        with desk.store.read() as tx:
            matter = one(tx, "matter", party=desk.space, ref=DEAL)
            assert matter is not None
        invite(desk, str(matter["counterparty"]), DEAL, folder, anew=True)


def test_b4_a_reseal_waits_for_what_only_its_key_opens(played: Path):
    """Requests first, corrections next; taken, it goes on."""
    who, _ = released(played)
    folder = wiring.folder(played / "handover")
    named(played, who, "李旧")
    with at(played, "zhouning") as desk:
        request_pass(desk, DEAL, folder)
        correction_send(desk, DEAL, folder)
    with buyer(played) as desk:
        assert refused(lambda: reseal(desk, DEAL, folder)) == "reseal.waiting"
        request_take(desk, laws(played), DEAL, folder)
        assert refused(lambda: reseal(desk, DEAL, folder)) == "reseal.waiting"
        correction_take(desk, DEAL, folder)
        assert reseal(desk, DEAL, folder)["records"] > 0
        (mine,) = [each for each in request_list(desk, None)["requests"] if each["subject"] == who]
        assert request_show(desk, mine["ref"])["note"] == ASKED["note"]
    assert name_at_buyer(played, who) == ["李旧"]


def test_b4_what_came_after_the_reseal_is_sealed_again_under_its_number(played: Path, tmp_path: Path):
    """The seller's keys stay until it was heard; the next bundle is not blocked, and nothing is told twice."""
    who, ref = released(played)
    folder, elsewhere = wiring.folder(played / "handover"), wiring.folder(tmp_path / "late")
    named(played, who, "李旧")
    assert act(played, "seller", "limo", "reconcile", DEAL, "--at", played / "handover")[0] == 0
    elsewhere.write("invite.dsse.json", folder.read("invite.dsse.json"))
    with at(played, "zhouning") as desk:  # on its way while the buyer re-seals
        request_pass(desk, DEAL, elsewhere)
        correction_send(desk, DEAL, elsewhere)
    with buyer(played) as desk:
        reseal(desk, DEAL, folder)
    for name in elsewhere.list():
        folder.write(name, elsewhere.read(name))
    with at(played, "zhouning") as desk:
        assert refused(lambda: destroy(desk, laws(played), DEAL, folder, dry_run=True)) == "destroy.requests"
    anew(played, folder)
    with at(played, "zhouning") as desk:
        told = request_pass(desk, DEAL, folder)
        assert (told["n"], told["requests"], told["passed"]) == (1, 1, 1)
        assert (request_pass(desk, DEAL, folder)["n"], correction_send(desk, DEAL, folder)["n"]) == (None, 1)
        assert correction_send(desk, DEAL, folder)["n"] is None
        request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "object"})
        assert (request_pass(desk, DEAL, folder)["n"], request_pass(desk, DEAL, folder)["n"]) == (2, None)
    with buyer(played) as desk:
        assert [request_take(desk, laws(played), DEAL, folder)["taken"] for _ in range(2)] == [1, 1]
        assert correction_take(desk, DEAL, folder)["applied"] == 1
    assert name_at_buyer(played, who) == ["李旧"]
    with at(played, "zhouning") as desk:
        assert (
            request_settle(desk, laws(played), DEAL, folder)["unsaid"] == 0
        )  # every word of theirs speaks of all that was passed
        assert correction_settle(desk, DEAL, folder)["settled"] == 1
        assert destroy(desk, laws(played), DEAL, folder, dry_run=True)["would"]
        (made,) = correction_list(desk, "")["corrections"]
        assert [each["state"] for each in made["recipients"] if each["kind"] == "buyer"] == ["told"]
    assert ref


def test_a7_the_buyers_later_value_stays(played: Path):
    """The seller learns that the buyer's is newer; one of before changes it, and the next of the seller's does, too."""
    who, _ = released(played)
    folder = wiring.folder(played / "handover")
    named(played, who, "李旧")
    with at(played, "zhouning") as desk:
        later = stamp(desk.clock.now() + timedelta(hours=1))
    for half in ("seller", "buyer"):
        wiring.move_clock(played / half, later)
    with buyer(played) as desk:
        revise(desk, who, Correction("会员", None, "姓名", "李新", "typo"), None)
    for half in ("seller", "buyer"):
        wiring.move_clock(played / half, stamp(parse(later) + timedelta(hours=1)))
    with at(played, "zhouning") as desk:
        correction_send(desk, DEAL, folder)
    with buyer(played) as desk:
        told = correction_take(desk, DEAL, folder)
        assert (told["applied"], told["absent"], told["newer"]) == (0, 0, 1)
    assert name_at_buyer(played, who) == ["李新"]
    named(played, who, "李再")
    with at(played, "zhouning") as desk:
        (answer,) = correction_settle(desk, DEAL, folder)["answers"]
        assert (answer["applied"], answer["newer"]) == (0, 1)
        correction_send(desk, DEAL, folder)
    named(played, who, "李三")  # before the buyer takes the last: what came in a bundle never stands against the next
    with buyer(played) as desk:
        assert correction_take(desk, DEAL, folder)["applied"] == 1
    with at(played, "zhouning") as desk:
        correction_send(desk, DEAL, folder)
    with buyer(played) as desk:
        assert correction_take(desk, DEAL, folder)["applied"] == 1
    assert name_at_buyer(played, who) == ["李三"]


def test_a7_a_sellers_correction_goes_on_from_the_buyer(played: Path):
    """The buyer's processor is owed it, an open request to correct has it, and it can be taken back."""
    who, _ = released(played)
    folder = wiring.folder(played / "handover")
    before = name_at_buyer(played, who)
    named(played, who, "李旧")
    with at(played, "zhouning") as desk:
        request_pass(desk, DEAL, folder)
        correction_send(desk, DEAL, folder)
    with buyer(played) as desk:
        copy_declare(desk, None, "顺安速递", "processor", purposes=["service"])
        request_take(desk, laws(played), DEAL, folder)
        correction_take(desk, DEAL, folder)
        (made,) = correction_list(desk, "")["corrections"]
        assert (made["proof"], [each["name"] for each in made["recipients"]]) == ("seller", ["顺安速递"])
        with desk.store.read() as tx:
            assert [row["what"] for row in tx.find("request_act", act=made["id"])] == ["corrected"]
        correction_undo(desk, made["id"], "she says the old one is right")
    assert name_at_buyer(played, who) == before


def test_a7_what_the_buyer_does_not_hold_stays_due(played: Path):
    """Of two values the one that is held is acknowledged; the other stays due until somebody says that they looked."""
    who, _ = released(played)
    folder = wiring.folder(played / "handover")
    with buyer(played) as desk, desk.store.read() as tx:
        here = {row["subject"] for row in tx.find("record")}
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        tables = {row["number"] for row in tx.find("schema", tbl="会员")}
        also = next(ids.subject_text(row["subject"]) for row in tx.find("record")
                    if row["schema"] in tables and row["subject"] in here and row["subject"] != ids.subject_bytes(who))  # fmt: skip
    named(played, who, "李旧")
    named(played, also, "王新")
    with buyer(played) as desk:
        erase(desk, [also], None)
    with at(played, "zhouning") as desk:
        assert correction_send(desk, DEAL, folder)["values"] == 2
    with buyer(played) as desk:
        told = correction_take(desk, DEAL, folder)
        assert (told["applied"], told["absent"]) == (1, 1)
    with at(played, "zhouning") as desk:
        assert correction_settle(desk, DEAL, folder)["settled"] == 1
        assert correction_settle(desk, DEAL, folder)["settled"] == 0
        states = {
            each["subject"]: (each["id"], to)
            for each in correction_list(desk, "")["corrections"]
            for to in each["recipients"]
            if to["kind"] == "buyer"
        }
        assert (states[who][1]["state"], states[also][1]["state"]) == ("told", "absent")
        assert states[also][1]["due_at"]
        name = states[also][1]["name"]
        assert refused(lambda: correction_acknowledge(desk, states[who][0], name)) == "correction.recipient"
        correction_acknowledge(desk, states[also][0], name)
        assert all(
            to["state"] == "told"
            for each in correction_list(desk, "")["corrections"]
            for to in each["recipients"]
            if to["kind"] == "buyer"
        )
