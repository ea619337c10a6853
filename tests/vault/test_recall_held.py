"""C7, A8: a hold at the buyer keeps its own customer out of a recall and nobody else, and what it kept goes when it ends (spec/package.md §5)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.done_for import acts_for, lacking, rests_on
from custody.acts.gone_here import GoneHere
from custody.acts.handing import every
from custody.base import canonical, ids
from custody.package.statements import Recalled
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.recalls_due import recalls_due
from custody.services.rekey import rekey
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from custody.vault.suite import AES
from tests.vault.arriving_deal import DEAL, NAME, Arriving, dek, readable, who

PEOPLE = 6


@pytest.fixture(autouse=True)
def _approved(monkeypatch: pytest.MonkeyPatch):
    """Somebody else approved the recall: that two people are needed is tested where people are."""
    monkeypatch.setattr("custody.acts.recalling.demand", lambda *_, **__: "evd")


@pytest.fixture
def arrived(tmp_path: Path) -> Iterator[Arriving]:
    """Six customers of two records each were received, a seventh not yet; the second is held, and the first three are called back."""
    made = Arriving(tmp_path, PEOPLE + 1).ship().release(1, lambda n: n < PEOPLE)
    made.receive()
    hold(made, 1)
    made.call_back(2, [(compartment, n) for compartment in (1, 2) for n in (0, 1, 2)])
    yield made
    made.world.close()


def hold(arrived: Arriving, number: int, until: str = "") -> None:
    """Nothing of this customer may go."""
    hold_add(arrived.world.desk, ids.subject_text(who(number)), "dispute.1", until, NAME)


def free(arrived: Arriving, number: int) -> None:
    """The hold ends."""
    hold_release(arrived.world.desk, ids.subject_text(who(number)), "dispute.1", NAME)


def left(arrived: Arriving) -> list[int]:
    """How many records of each customer open."""
    found = readable(arrived, PEOPLE)
    return [found[who(n)] for n in range(PEOPLE)]


def answers(arrived: Arriving) -> list[tuple[int, int, int, int]]:
    """(slots, shredded, absent, held) of every answer to the recall, as they were signed, in order."""
    with arrived.world.desk.store.read() as tx:
        (matter,) = tx.find("matter", ref=DEAL)
        said = [says for _, says in every(arrived.world.desk, tx, str(matter["id"]), Recalled)]
    assert all(says.whole and says.n == 2 for says in said)
    return [(says.slots, says.shredded, says.absent, says.held) for says in said]


def laid(arrived: Arriving) -> dict:
    """What the seller reads in the folder."""
    return canonical.decode(
        canonical.unb64(canonical.decode(arrived.files.read("recalled-0002.dsse.json"))["payload"])
    )["predicate"]


def test_c7_whoever_is_held_stays_and_the_others_go(arrived: Arriving):
    """The answer counts them, and the next release is taken."""
    told = arrived.receive()
    assert (told["slots"], told["held"], told["absent"], left(arrived)) == (4, 2, 0, [0, 2, 0, 2, 2, 2])
    assert answers(arrived) == [(6, 4, 0, 2)]
    assert (laid(arrived)["shredded"], laid(arrived)["held"]) == (4, 2)
    arrived.release(3, lambda n: n == PEOPLE, "delta")
    assert arrived.receive()["n"] == 3
    assert readable(arrived, PEOPLE + 1)[who(PEOPLE)] == 2
    assert (left(arrived), vault_check(arrived.world.desk, NAME)["faults"]) == ([0, 2, 0, 2, 2, 2], [])


def test_c7_what_was_held_goes_when_the_hold_ends_and_the_seller_is_told(arrived: Arriving):
    """By the schedule, once; the same command lays the second answer in the place of the first. An erasure waits to be final as any."""
    arrived.receive()
    assert recalls_due(arrived.world.desk, NAME)["recalls"] == []
    free(arrived, 1)
    told = recalls_due(arrived.world.desk, NAME)
    assert (told["recalls"], told["held"]) == ([{"n": 2, "slots": 6, "absent": 0, "held": 0}], 0)
    assert (left(arrived), laid(arrived)["held"]) == ([0, 0, 0, 2, 2, 2], 2)
    assert recalls_due(arrived.world.desk, NAME)["recalls"] == []
    arrived.receive()
    assert (laid(arrived)["shredded"], "held" in laid(arrived)) == (6, False)
    assert answers(arrived) == [(6, 4, 0, 2), (6, 6, 0, 0)]
    assert rekey(arrived.world.desk, NAME)["waiting_slots"] == 7  # with the key of what was noted about the hold
    assert vault_check(arrived.world.desk, NAME)["faults"] == []


def test_c7_the_same_command_finishes_a_recall_too(arrived: Arriving):
    """Where nothing is scheduled, `receive` shreds what was held and answers."""
    arrived.receive()
    free(arrived, 1)
    assert arrived.receive()["recalls"] == [{"n": 2, "slots": 6, "absent": 0, "held": 0}]
    assert ("recalls" in arrived.receive(), left(arrived)) == (False, [0, 0, 0, 2, 2, 2])


def test_c7_a_hold_that_runs_out_lets_go_after_its_last_day(arrived: Arriving):
    """Nobody lifts it: the day after is when the schedule finishes."""
    today = arrived.world.clock.now().date()
    free(arrived, 1)
    hold(arrived, 1, (today + timedelta(days=1)).isoformat())
    arrived.receive()
    arrived.world.clock.advance(timedelta(days=1))
    assert recalls_due(arrived.world.desk, NAME)["held"] == 2
    arrived.world.clock.advance(timedelta(days=2))
    assert (recalls_due(arrived.world.desk, NAME)["held"], left(arrived)[1]) == (0, 0)


def test_c7_a_re_seal_in_between_changes_keys_and_not_who_was_called_back(arrived: Arriving):
    """The slot that is shredded is the one under which it lies by then; the key that came is what the seller may give again."""
    arrived.receive()
    reseal(arrived.world.desk, DEAL, arrived.files)
    free(arrived, 1)
    recalls_due(arrived.world.desk, NAME)
    assert (left(arrived), vault_check(arrived.world.desk, NAME)["faults"]) == ([0, 0, 0, 2, 2, 2], [])
    with arrived.world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=NAME)
        keys = {AES.key_id(dek(1, compartment)) for compartment in (1, 2)}
        assert keys <= GoneHere(tx, arrived.world.desk.space, str(row["id"])).called_back


def test_c7_whoever_was_given_anew_is_not_called_back_any_more(arrived: Arriving):
    """The customer came back to the deal while held: the end of the hold takes nothing, and the answer counts the slots as absent."""
    arrived.receive()
    arrived.release(3, lambda n: n == 1, "delta")
    arrived.receive()
    free(arrived, 1)
    assert recalls_due(arrived.world.desk, NAME)["recalls"] == [{"n": 2, "slots": 4, "absent": 2, "held": 0}]
    assert left(arrived) == [0, 2, 0, 2, 2, 2]


def test_c7_whoever_was_erased_meanwhile_is_absent(arrived: Arriving):
    """The hold ended, and the person asked for it before the schedule ran."""
    arrived.receive()
    free(arrived, 1)
    erase(arrived.world.desk, [ids.subject_text(who(1))], NAME)
    assert recalls_due(arrived.world.desk, NAME)["recalls"] == [{"n": 2, "slots": 4, "absent": 2, "held": 0}]


def test_c7_each_hold_that_ends_is_told(arrived: Arriving):
    """Two are held: two further answers, each with fewer."""
    hold(arrived, 2)
    assert arrived.receive()["held"] == 4
    for number, held in ((1, 2), (2, 0)):
        free(arrived, number)
        assert recalls_due(arrived.world.desk, NAME)["held"] == held
    assert [held for *_, held in answers(arrived)] == [4, 2, 0]


def test_c11_a_finish_that_is_cut_off_is_whole_when_it_is_run_again(arrived: Arriving, monkeypatch: pytest.MonkeyPatch):
    """It is one transaction: shredded, answered and noted, or nothing."""
    arrived.receive()
    free(arrived, 1)
    with monkeypatch.context() as patch:
        patch.setattr("custody.acts.recalling.keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            recalls_due(arrived.world.desk, NAME)
    assert (left(arrived)[1], len(answers(arrived))) == (2, 1)
    assert (recalls_due(arrived.world.desk, NAME)["held"], left(arrived)[1], len(answers(arrived))) == (0, 0, 2)


def test_a5_a_disk_lost_after_the_recall_holds_what_was_held(arrived: Arriving):
    """The restored home goes on with it: who was shredded is not back, who was held is held, and goes when the hold ends."""
    arrived.receive()
    arrived.world.outside.prepare("a")
    assert backup(arrived.world.desk, "a")["ok"]
    arrived.world.lose()
    arrived.world.restore("a")
    assert left(arrived) == [0, 2, 0, 2, 2, 2]
    free(arrived, 1)
    assert (recalls_due(arrived.world.desk, NAME)["held"], left(arrived)[1]) == (0, 0)


def test_d2_a_recall_answers_no_request_to_be_deleted(tmp_path: Path):
    """It is noted as what it is and grants nothing; the erasure that follows is what was asked for, though nothing is here any more."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda _: True)
    made.receive()
    desk = made.world.desk
    with desk.store.read() as tx:
        deal = tx.find("matter", ref=DEAL)[0]
    with desk.store.write() as tx:
        row = {
            "id": "req_1",
            "matter": deal["id"],
            "vault": deal["vault"],
            "subject": who(0),
            "kind": "delete",
            "ref": "R-1",
        }
        tx.add("request", [row])
    made.call_back(2, [(1, 0), (2, 0), (1, 1)])
    made.receive()
    with desk.store.read() as tx:
        (request,) = tx.find("request", id="req_1")
        assert [each["what"] for each in acts_for(tx, request)] == ["recalled"]
        assert lacking(desk, tx, request) == "request.undone"
    done = erase(desk, [ids.subject_text(who(0))], NAME)
    with desk.store.read() as tx:
        assert [each["what"] for each in acts_for(tx, request)] == ["recalled", "erased"]
        assert rests_on(desk, tx, request, "granted", ()) == ([done["ledger"]], [])
    made.world.close()
