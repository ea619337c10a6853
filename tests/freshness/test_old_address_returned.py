"""A7: an old address counts as told only where nothing says that it was not reached: by name, by recipient, or still tried."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.ports.mail import Mailer
from custody.services.correction_list import corrections_due
from custody.services.correction_warn import correction_warn
from custody.services.correction_warned import correction_warned
from custody.services.revise import Correction
from tests.freshness.conftest import person, put_right
from tests.freshness.test_corrections import colleague
from tests.freshness.test_old_address import GIVEN, NEW, OLD, changed, mail, state, stood
from tests.portal.campaigns import relay
from tests.vault.histories.world import World

__all__ = ["mail", "relay", "stood"]

BARE = """From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: {action}
{until}Status: 5.1.1
--b--
"""


def said(to: str, action: str, until: str = "") -> bytes:
    """A notification that sends nothing of our message back."""
    return BARE.format(to=to, action=action, until=until).encode()


@pytest.fixture
def warned(world: World, mail: tuple[Mailer, Path]) -> tuple[str, Desk]:
    """A change of which the old address was written to, and the colleague who did."""
    made, other = changed(world, "邮箱", NEW), colleague(world)
    assert correction_warn(other, mail[0], GIVEN)["sent"] == 1
    return made, other


@pytest.mark.parametrize("later", [False, True], ids=["at-once", "after-it-counted-as-told"])
def test_a7_an_old_address_that_does_not_exist_is_not_told(world: World, warned: tuple[str, Desk], later: bool):
    """The relay names no message, only who was not reached: that is enough, in capitals, too, and also after silence had counted. Another's address is not theirs."""
    made, other = warned
    if later:
        world.clock.advance(timedelta(days=6))
        assert correction_warned(other, None, [])["now_told"] == 1
    assert correction_warned(other, None, [said("nobody@else.example", "failed")])["came_back"] == 0
    assert correction_warned(other, None, [said(OLD.upper(), "failed")])["came_back"] == 1
    assert state(world.desk, made) == "refused"
    world.clock.advance(timedelta(days=6))
    assert corrections_due(world.desk)["late"] == 1


def test_a7_silence_of_an_old_address_counts_when_relays_have_given_up(world: World, warned: tuple[str, Desk]):
    """Five days, as of a campaign: a relay that cannot deliver says so on the fourth or fifth."""
    made, other = warned
    world.clock.advance(timedelta(hours=118))
    assert (correction_warned(other, None, [])["now_told"], state(world.desk, made)) == (0, "sent")
    world.clock.advance(timedelta(hours=3))
    assert (correction_warned(other, None, [])["now_told"], state(world.desk, made)) == (1, "told")


@pytest.mark.parametrize(("until", "days"), [("", 5), ("Will-Retry-Until: Fri, 20 Mar 2099 10:00:00 +0800\n", 10)])
def test_a7_an_old_address_that_is_still_tried_is_not_told(world: World, warned: tuple[str, Desk], until: str, days: int):  # fmt: skip
    """What a relay still tries waits as long as that of a campaign does; that it came back later still counts."""
    made, other = warned
    world.clock.advance(timedelta(days=4))
    assert correction_warned(other, None, [said(OLD, "delayed", until)])["came_back"] == 0
    world.clock.advance(timedelta(days=days) - timedelta(hours=2))
    assert corrections_due(world.desk)["ok"] is True
    assert state(world.desk, made) == "sent"
    world.clock.advance(timedelta(hours=3))
    assert correction_warned(other, None, [])["now_told"] == 1


def test_a7_of_what_went_to_another_address_of_theirs_that_one_is_asked(
    world: World, second: Desk, mail: tuple[Mailer, Path]
):
    """An identity number was changed and the word of it went by mail: the address on file is held against the return, though it was changed since."""
    who, other = person(world, 2), colleague(world)
    card = str(put_right(world.desk, second, who, Correction("会员", None, "身份证号", "110101199003070047", "typo"))["correction"])  # fmt: skip
    assert correction_warn(other, mail[0], GIVEN)["sent"] == 1
    put_right(world.desk, second, who, Correction("会员", None, "邮箱", "wang.fang@example.cn", "typo"))
    assert correction_warned(other, None, [said("wang@example.cn", "failed")])["came_back"] == 1
    assert state(world.desk, card) == "refused"


def test_a7_what_nobody_understands_alarms_until_somebody_looked(world: World, warned: tuple[str, Desk]):
    """A server's prose under a name that is no daemon's: not told, late after three days, and told by hand once somebody read that it did not arrive. The reader's own answer holds nothing."""
    made, other = warned
    with world.desk.store.read() as tx:
        name = str(tx.find("correction_to", correction=made, name="+old-address")[0]["message_id"])
    prose = f"Return-Path: <>\nFrom: {{by}}\nIn-Reply-To: {name}\n\nNicht zugestellt.\n"
    correction_warned(other, None, [prose.format(by=f"Li <{OLD.upper()}>").encode()])
    assert corrections_due(world.desk)["late"] == 0
    correction_warned(other, None, [prose.format(by="noreply@mx.example").encode()])
    world.clock.advance(timedelta(days=6))
    assert corrections_due(world.desk)["late"] == 1
    assert state(world.desk, made) == "sent"
    told = correction_warned(other, None, [prose.format(by="noreply@mx.example").encode()], "failed")
    assert (told["came_back"], state(world.desk, made)) == (1, "refused")
