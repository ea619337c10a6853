"""A7: a correction follows the policy: done, proven through the old channel, or refused; it can be taken back, and nobody is forgotten."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from custody.acts import corrections
from custody.acts.correcting import Place, cell_at, value_at
from custody.acts.correction_tries import A_DAY, TRIES
from custody.acts.desk import Desk
from custody.adapters.stores import alone as locks
from custody.base import ids
from custody.base.errors import CustodyError
from custody.base.ids import subject_bytes
from custody.services.access_of import access_of
from custody.services.approve import approve
from custody.services.copy_declare import copy_declare
from custody.services.correction_acknowledge import correction_acknowledge
from custody.services.correction_list import MOST, correction_list, corrections_due
from custody.services.correction_new import correction_new
from custody.services.correction_prove import correction_prove
from custody.services.correction_undo import correction_undo
from custody.services.erase import erase
from custody.services.locks_due import locks_due
from custody.services.revise import Correction, revise
from tests.freshness.conftest import person, put_right
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World

PHONE, EMAIL, NAME = (Place("会员", None, column) for column in ("手机", "邮箱", "姓名"))
NEW = "13987654321"


def reads(world: World, who: str, place: Place) -> str:
    """What stands there now."""
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name="shop")
        cell = cell_at(tx, str(vault["id"]), subject_bytes(who), place)
        return value_at(world.desk, tx, str(vault["id"]), subject_bytes(who), cell)


def asked(world: World, who: str, place: Place, value: str, proof: str = "in-person"):
    return correction_new(world.desk, who, place, {"value": value, "proof": proof, "channel": "desk"}, "shop")


def colleague(world: World) -> Desk:
    """Another member of staff at the same home."""
    return replace(world.desk, principal=replace(world.desk.principal, id=ids.new("prn")))


def test_a7_who_had_the_code_does_not_prove_what_is_high_risk(world: World, refuses: Refuses):
    """The attack: one person asks for another telephone, keeps the code, and types it in. It costs no try, and a colleague can."""
    who = person(world, 1)
    made = asked(world, who, PHONE, NEW)
    for _ in range(TRIES + 1):
        with refuses("correction.same"):
            correction_prove(world.desk, made.told["id"], made.code)
    assert reads(world, who, PHONE) == "13800138000"
    assert correction_prove(colleague(world), made.told["id"], made.code)["state"] == "done"


def test_a3_the_address_that_a_code_goes_to_is_a_look(world: World, refuses: Refuses):
    """A clerk of no department is shown no customer's number by asking for another: refused and entered, nothing waits. Who may see it has a look in the account."""
    who = person(world, 1)
    clerk = replace(world.desk, principal=replace(world.desk.principal, roles=frozenset(("department",))))
    mine = {"value": NEW, "proof": "in-person", "channel": "desk"}
    for place in (PHONE, EMAIL):
        with refuses("reveal.denied"):
            correction_new(clerk, who, place, {**mine, "value": "new@mail.example"} if place is EMAIL else mine, "shop")
    assert correction_list(world.desk, "")["corrections"] == []
    assert asked(world, who, PHONE, NEW).to
    looks = access_of(world.desk, who, None)["looks"]
    assert [(one["kind"], one["purpose"], one["reason"]) for one in looks] == [
        ("reveal-refused", "service", "customer-asked"),
        ("reveal-refused", "service", "customer-asked"),
        ("revealed", "service", "customer-asked"),
    ]


def test_a7_a_name_is_corrected_at_once_and_can_be_taken_back(world: World, refuses: Refuses):
    """Staff do what is no high risk; within its time it reads again as before, once; afterwards not."""
    who = person(world, 1)
    made = asked(world, who, NAME, "李玫")
    assert (made.code, made.told["state"], reads(world, who, NAME)) == ("", "done", "李玫")
    correction_undo(world.desk, made.told["id"], "it was her sister")
    assert reads(world, who, NAME) == "李梅"
    with refuses("correction.state"):
        correction_undo(world.desk, made.told["id"], "again")
    late = asked(world, who, NAME, "李玫").told["id"]
    world.clock.advance(timedelta(days=31))
    with refuses("correction.late"):
        correction_undo(world.desk, late, "too late")
    assert reads(world, who, NAME) == "李玫"


def test_a7_a_telephone_changes_only_when_the_old_one_says_so(world: World, refuses: Refuses):
    """The code goes to the old number, the new one is in no table until it is read back, and each wrong code counts."""
    who = person(world, 1)
    made = asked(world, who, PHONE, NEW)
    assert (made.to, made.told["state"], reads(world, who, PHONE)) == ("13800138000", "waiting", "13800138000")
    assert NEW.encode() not in b"".join(file.read_bytes() for file in world.home.rglob("*") if file.is_file())
    wrong = f"{(int(made.code) + 1) % 10**8:08d}"
    with refuses("correction.code"):
        correction_prove(colleague(world), made.told["id"], wrong)
    assert correction_prove(colleague(world), made.told["id"], made.code)["state"] == "done"
    assert reads(world, who, PHONE) == NEW
    with refuses("correction.state"):
        correction_prove(colleague(world), made.told["id"], made.code)


def test_a7_a_code_that_cannot_go_anywhere_leaves_nothing(world: World, refuses: Refuses):
    """Whoever has nowhere to put it is told before anything waits."""
    who = person(world, 1)
    with refuses("correction.code-file"):
        correction_new(
            world.desk, who, PHONE, {"value": NEW, "proof": "in-person", "channel": "desk"}, "shop", can_send=False
        )
    assert correction_list(world.desk, "")["total"] == 0
    at_once = correction_new(
        world.desk, who, NAME, {"value": "李玫", "proof": "in-person", "channel": "desk"}, "shop", can_send=False
    )
    assert at_once.told["state"] == "done"


def test_a7_a_code_read_back_twice_at_once_is_done_once(world: World, monkeypatch: pytest.MonkeyPatch):
    """The second looks at the state only when the first is over."""
    who, looked = person(world, 1), corrections.check_code
    made, second = asked(world, who, PHONE, NEW), list[str]()

    def both(*args: object) -> bool:
        monkeypatch.setattr(corrections, "check_code", looked)
        thread = threading.Thread(target=lambda: second.append(_slug(world, made.told["id"], made.code)))
        thread.start()
        thread.join()
        return looked(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(locks, "WAIT_SECONDS", 0.3)
    monkeypatch.setattr(corrections, "check_code", both)
    assert correction_prove(colleague(world), made.told["id"], made.code)["state"] == "done"
    assert second == ["vault.busy"]
    with world.desk.store.read() as tx:
        assert len(tx.find("revision", subject=subject_bytes(who))) == 1


def _slug(world: World, correction: str, code: str) -> str:
    try:
        correction_prove(colleague(world), correction, code)
    except CustodyError as error:
        return error.slug
    return ""


def test_a7_a_code_is_tried_five_times_and_lives_three_days(world: World, refuses: Refuses):
    """After five wrong ones the right one is worth nothing; nor is it after three days, and what nobody proved lapses."""
    who = person(world, 1)
    made = asked(world, who, PHONE, NEW)
    for _ in range(TRIES):
        with refuses("correction.code"):
            correction_prove(colleague(world), made.told["id"], "")
    with refuses("correction.tries"):
        correction_prove(colleague(world), made.told["id"], made.code)
    again = asked(world, who, PHONE, NEW)
    world.clock.advance(timedelta(hours=72))
    with refuses("correction.code"):
        correction_prove(colleague(world), again.told["id"], again.code)
    assert corrections_due(world.desk)["lapsed"] == 2
    assert reads(world, who, PHONE) == "13800138000"


def test_a7_a_further_code_gives_no_further_tries(world: World, refuses: Refuses):
    """The attack: a correction is asked for anew whenever its code is tried out; the eleventh guess of a day is not looked at, right or wrong, and that alarms once."""
    who, other = person(world, 1), person(world, 2)
    for _ in range(A_DAY // TRIES):
        made = asked(world, who, PHONE, NEW)
        assert locks_due(world.desk)["ok"]
        for _ in range(TRIES):
            with refuses("correction.code"):
                correction_prove(colleague(world), made.told["id"], "")
    last = asked(world, who, PHONE, NEW)
    for _ in range(2):
        with refuses("correction.tries-person"):
            correction_prove(colleague(world), last.told["id"], last.code)
    assert locks_due(world.desk) == {"locked": 1, "ok": False}
    theirs = asked(world, other, PHONE, "13900001111")
    assert correction_prove(colleague(world), theirs.told["id"], theirs.code)["state"] == "done", (
        "nobody else is locked"
    )
    world.clock.advance(timedelta(days=1))
    assert correction_prove(colleague(world), last.told["id"], last.code)["state"] == "done"
    assert reads(world, who, PHONE) == NEW


def test_a7_a_channel_just_changed_proves_nothing(world: World, refuses: Refuses):
    """Whoever got one address changed cannot use it to change the next: not until the first can no longer be taken back."""
    who = person(world, 1)
    first = asked(world, who, PHONE, NEW)
    correction_prove(colleague(world), first.told["id"], first.code)
    with refuses("correction.no-channel"):
        asked(world, who, PHONE, "13900001111")
    world.clock.advance(timedelta(days=31))
    assert asked(world, who, PHONE, "13900001111").to == NEW


@pytest.mark.parametrize(
    ("place", "value"), [(PHONE, "123"), (EMAIL, "no address"), (NAME, ""), (NAME, "x" * 401), (NAME, "a\nb")]
)
def test_a7_what_cannot_be_right_is_not_taken_in(world: World, refuses: Refuses, place: Place, value: str):
    """No form, no value, too long, several lines: nothing is written."""
    before = reads(world, person(world, 2), place)
    with refuses("correction.value"):
        asked(world, person(world, 2), place, value)
    assert reads(world, person(world, 2), place) == before
    assert correction_list(world.desk, "")["total"] == 0


def test_a7_a_later_correction_is_taken_back_first(world: World, refuses: Refuses):
    """Taking the first of two back would throw away the second."""
    who = person(world, 1)
    one, two = (asked(world, who, NAME, name).told["id"] for name in ("李玫", "李枚"))
    with refuses("correction.state"):
        correction_undo(world.desk, one, "wrong order")
    correction_undo(world.desk, two, "right order")
    correction_undo(world.desk, one, "right order")
    assert reads(world, who, NAME) == "李梅"


def test_a7_a_processor_is_told_or_it_alarms(world: World, refuses: Refuses):
    """Whoever has a copy is listed with a day; past it the schedule alarms until somebody says that they know; an undone one asks again."""
    copy_declare(world.desk, "shop", "短信平台", "processor")
    who = person(world, 1)
    made = revise(world.desk, who, Correction("会员", None, "姓名", "李玫", "typo"), "shop")
    assert corrections_due(world.desk)["ok"] is True
    world.clock.advance(timedelta(days=15))
    assert (corrections_due(world.desk)["late"], corrections_due(world.desk)["ok"]) == (1, False)
    assert correction_list(world.desk, "")["late"] == 1
    with refuses("correction.recipient"):
        correction_acknowledge(world.desk, made["correction"], "nobody")
    assert correction_acknowledge(world.desk, made["correction"], "短信平台")["late"] is False
    assert corrections_due(world.desk)["ok"] is True
    correction_undo(world.desk, made["correction"], "the first was right")
    world.clock.advance(timedelta(days=15))
    assert corrections_due(world.desk)["late"] == 1


def test_a7_a_correction_by_law_leaves_nothing_to_go_back_to(world: World, second: Desk, refuses: Refuses):
    """The old value is shredded; the row says so, and taking it back is refused."""
    who = person(world, 1)
    made = put_right(world.desk, second, who, Correction("会员", None, "手机", NEW, "court.1", by_law=True))
    with refuses("correction.late"):
        correction_undo(world.desk, made["correction"], "please")
    assert reads(world, who, PHONE) == NEW


def test_a7_erasing_a_person_takes_their_corrections_along(world: World):
    """No row of theirs is left, and nobody is alarmed about somebody who is gone."""
    copy_declare(world.desk, "shop", "短信平台", "processor")
    who = person(world, 1)
    revise(world.desk, who, Correction("会员", None, "姓名", "李玫", "typo"), "shop")
    erase(world.desk, [who], "shop")
    world.clock.advance(timedelta(days=15))
    assert (correction_list(world.desk, "")["total"], corrections_due(world.desk)["late"]) == (0, 0)


RIGHT = Correction("会员", None, "手机", NEW, "typo")


@pytest.mark.parametrize(
    ("column", "value"), [("手机", NEW), ("邮箱", "new@example.cn"), ("身份证号", "11010119900307002X")]
)
@pytest.mark.parametrize("by_law", [False, True])
def test_a7_nobody_revises_a_value_of_high_risk_alone(
    world: World, second: Desk, refuses: Refuses, column: str, value: str, by_law: bool
):
    """Not without a word, not on one's own, not on a colleague's of another value, place, person or reason; then once, and by law too."""
    who, other = person(world, 1), person(world, 2)
    what, before = (
        Correction("会员", None, column, value, "typo", by_law),
        reads(world, who, Place("会员", None, column)),
    )
    would = revise(world.desk, who, what, "shop", dry_run=True)["would"]
    assert value not in str(would)
    for whose, wrong in (
        (who, replace(what, value=f"{value}0")), (who, replace(what, reason="court.1")), (who, replace(what, by_law=not by_law)), (other, what),
        (who, replace(what, column="邮箱" if column == "手机" else "手机")),
    ):  # fmt: skip
        approve(second, *revise(world.desk, whose, wrong, "shop", dry_run=True)["would"]["approve"])
    approve(world.desk, *would["approve"])
    with refuses("act.unapproved"):
        revise(world.desk, who, what, "shop")
    assert reads(world, who, Place("会员", None, column)) == before
    with world.desk.store.read() as tx:
        assert tx.count("correction") == 0
    assert revise(second, who, what, "shop", dry_run=True)["would"] == would, (
        "who approves gets the same from the same paper"
    )
    approve(second, *would["approve"])
    made = str(revise(world.desk, who, what, "shop")["correction"])
    with refuses("act.unapproved"):
        revise(world.desk, who, what, "shop")
    if by_law:
        with refuses("correction.late"):
            correction_undo(world.desk, made, "please")
    else:
        correction_undo(world.desk, made, "it was right")
        assert reads(world, who, Place("会员", None, column)) == before


def test_a7_an_approval_of_a_correction_lasts_a_day_and_is_a_persons_who_acts(
    world: World, second: Desk, refuses: Refuses
):
    """A day later it is over; and what is of no high risk needs none."""
    who = person(world, 1)
    approve(second, *revise(world.desk, who, RIGHT, "shop", dry_run=True)["would"]["approve"])
    world.clock.advance(timedelta(hours=25))
    with refuses("act.unapproved"):
        revise(world.desk, who, RIGHT, "shop")
    plain = Correction("会员", None, "姓名", "李玫", "typo")
    assert revise(world.desk, who, plain, "shop", dry_run=True)["would"] is True
    assert reads(world, who, NAME) == "李梅"
    revise(world.desk, who, plain, "shop")
    assert reads(world, who, NAME) == "李玫"


def test_a7_whoever_proves_by_the_old_channel_needs_no_paper(world: World):
    """That is the other way: a code that went to the old address, read back by another member of staff."""
    who = person(world, 1)
    told = asked(world, who, PHONE, NEW)
    correction_prove(colleague(world), str(told.told["id"]), told.code)
    assert reads(world, who, PHONE) == NEW


def test_a7_a_row_written_into_the_store_approves_no_correction(world: World, second: Desk):
    """An approval of something else that is renamed in the store, or whose end is put off, is refused by its signature."""
    who = person(world, 1)
    wanted = revise(world.desk, who, RIGHT, "shop", dry_run=True)["would"]["approve"][1]
    approve(
        second, *revise(world.desk, who, replace(RIGHT, value="13912340000"), "shop", dry_run=True)["would"]["approve"]
    )
    with world.desk.store.write() as tx:
        tx.change("approval", {"content": wanted}, act="revise")
    with pytest.raises(CustodyError):
        revise(world.desk, who, RIGHT, "shop")
    with world.desk.store.write() as tx:
        tx.drop("approval", act="revise")
    approve(second, "revise", wanted)
    world.clock.advance(timedelta(hours=25))
    with world.desk.store.write() as tx:
        tx.change("approval", {"expires_at": "2099-01-01T00:00:00.000000Z"}, act="revise")
    with pytest.raises(CustodyError):
        revise(world.desk, who, RIGHT, "shop")
    assert reads(world, who, PHONE) == "13800138000"


def test_a7_by_which_way_it_came_is_entered_and_proof_is_of_another_kind(world: World, refuses: Refuses):
    """No way is refused; a number given by telephone proves no caller; in person is at the desk; the entry has the way, not the value."""
    who = person(world, 1)
    given = {"value": "李玫", "proof": "in-person"}
    for wrong in ({}, {"channel": "portal"}, {"channel": "fax"}):
        with refuses("correction.channel"):
            correction_new(world.desk, who, NAME, {**given, **wrong}, "shop")
    with refuses("request.proof"):
        correction_new(world.desk, who, NAME, {**given, "channel": "phone"}, "shop")
    called = {**given, "channel": "phone", "proof": "phone", "said": "phone,13800138000\n"}
    with refuses("request.proof"):
        correction_new(world.desk, who, NAME, called, "shop")
    for channel in ("desk", "letter"):
        proof = {} if channel == "desk" else {"proof": "phone", "said": "phone,13800138000\n"}
        correction_new(world.desk, who, NAME, {**given, "channel": channel, **proof}, "shop")
    with world.desk.store.read() as tx:
        entries = [bytes(row["entry"]) for row in tx.find("ledger_entry", order=("position",), space=world.party)]
    done = [entry for entry in entries if b'"correction-done"' in entry]
    assert [b'"channel":"desk"' in done[-2], b'"channel":"letter"' in done[-1]] == [True, True]
    assert not [entry for entry in entries if "李玫".encode() in entry]


def test_a7_a_customers_corrections_are_found_among_any_number_of_others(world: World):
    """More than a list shows, older, of somebody else: the one that waits for its code is still on the customer's own."""
    who, other = person(world, 1), person(world, 2)
    asked(world, other, PHONE, NEW)
    with world.desk.store.write() as tx:
        (row,) = tx.find("correction")
        tx.add("correction", ({**row, "id": ids.new("cor"), "state": corrections.LAPSED} for _ in range(MOST)))
    made = asked(world, who, PHONE, "13912340000")
    assert made.told["id"] not in {one["id"] for one in correction_list(world.desk, "")["corrections"]}
    assert [one["id"] for one in correction_list(world.desk, "", who)["corrections"]] == [made.told["id"]]
