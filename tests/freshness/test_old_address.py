"""A7: whoever reads the old address learns that a value of high risk was changed, through a real relay; nobody is left out and nothing is told twice."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import corrections
from custody.acts.correcting import Place
from custody.acts.desk import Desk
from custody.acts.warned import ACT, settings_of
from custody.base.errors import Unavailable
from custody.model.way import Way
from custody.ports.mail import Mailer
from custody.services.approve import approve
from custody.services.correction_acknowledge import correction_acknowledge
from custody.services.correction_list import correction_list, corrections_due
from custody.services.correction_new import correction_new
from custody.services.correction_prove import correction_prove
from custody.services.correction_undo import correction_undo
from custody.services.correction_warn import correction_warn
from custody.services.correction_warned import correction_warned
from custody.services.revise import Correction, revise
from tests.adapters.texts.conftest import SECRET, gateways, settings
from tests.freshness.conftest import person, put_right
from tests.freshness.test_corrections import colleague
from tests.portal.campaigns import relay
from tests.portal.texts_sent import kept
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World

__all__ = ["gateways", "relay"]
OLD, NEW = "li.mei@example.cn", "thief@mail.example"
GIVEN = {"sender": "privacy@qinghe.example", "contact": "0571-5550100"}
PHONE, EMAIL = Place("会员", None, "手机"), Place("会员", None, "邮箱")


@pytest.fixture
def mail(relay: tuple[str, Path]) -> Iterator[tuple[Mailer, Path]]:
    """A way to a real relay, and where it keeps what it took."""
    made = wiring.mailer(relay[0], "none", "", None, 0)
    yield made, relay[1]
    made.close()


@pytest.fixture(autouse=True)
def stood(second: Desk, mail: tuple[Mailer, Path]) -> None:
    """A second person stands for the relay, sender and contact."""
    approve(second, ACT, settings_of(second, mail[0].way, GIVEN["sender"], GIVEN["contact"]))


def changed(world: World, column: str, value: str) -> str:
    """A correction of row 1 that a colleague proved."""
    made = correction_new(world.desk, person(world, 1), Place("会员", None, column), {"value": value, "proof": "in-person", "channel": "desk"}, "shop")  # fmt: skip
    correction_prove(colleague(world), made.told["id"], made.code)
    return str(made.told["id"])


def state(desk: Desk, correction: str) -> str:
    """What is told of the old address of one correction."""
    (row,) = [one for one in correction_list(desk, "")["corrections"] if one["id"] == correction]
    return next((str(to["state"]) for to in row["recipients"] if to["kind"] == corrections.OLD), "none")


def came(folder: Path) -> list[tuple[str, str]]:
    """(to, text) of every message that the relay has."""
    made = [message_from_bytes(one.read_bytes()) for one in sorted(folder.glob("*.eml"))]
    return [(str(one["To"]), one.get_payload(decode=True).decode()) for one in made]


def test_a7_the_old_address_learns_of_a_change(world: World, mail: tuple[Mailer, Path]):
    """It is owed from the moment the change is done; told once, at the old address, with the day and the way back, and no value in it; delivered after five days."""
    made = changed(world, "邮箱", NEW)
    assert state(world.desk, made) == "open"
    told = correction_warn(colleague(world), mail[0], GIVEN)
    assert (told["sent"], told["own"], told["no_address"]) == (1, 0, 0)
    ((to, text),) = came(mail[1])
    assert to == OLD
    assert NEW not in text
    assert OLD not in text
    assert "李梅" not in text
    assert all(part in text for part in (made, "30天", "2026-04-15", "0571-5550100"))
    assert state(world.desk, made) == "sent"
    assert correction_warn(colleague(world), mail[0], GIVEN)["sent"] == 0
    world.clock.advance(timedelta(days=6))
    assert corrections_due(world.desk)["ok"] is True
    assert state(world.desk, made) == "told"


def test_a7_whoever_took_it_in_does_not_send_the_word(world: World, mail: tuple[Mailer, Path]):
    """The attack: one person takes the change in and answers for the warning, too. It stays owed, and alarms after three days."""
    made = changed(world, "邮箱", NEW)
    told = correction_warn(world.desk, mail[0], GIVEN)
    assert (told["sent"], told["own"], came(mail[1])) == (0, 1, [])
    world.clock.advance(timedelta(days=4))
    assert (corrections_due(world.desk)["late"], state(world.desk, made)) == (1, "open")


def test_a7_a_telephone_is_told_by_text_and_an_account_at_an_address_on_file(
    world: World, second: Desk, mail: tuple[Mailer, Path], gateways: tuple[str, Path], tmp_path: Path
):
    """The old number gets a text message through a gateway; what is no address goes to one that was not changed lately."""
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(settings("twilio", gateways[0]), encoding="utf-8")
    texter = wiring.texter(tmp_path / "gateway.toml", 0, 1)
    phone = changed(world, "手机", "13987654321")
    card = put_right(world.desk, second, person(world, 2), Correction("会员", None, "身份证号", "110101199003070047", "typo"))  # fmt: skip
    other = colleague(world)
    told = correction_warn(other, mail[0], GIVEN)
    assert (told["sent"], told["other_channel"]) == (1, 1)
    assert [to for to, _ in came(mail[1])] == ["wang@example.cn"]
    approve(second, ACT, settings_of(second, texter.way, "", GIVEN["contact"]))
    assert correction_warn(other, texter, GIVEN)["sent"] == 1
    (text,) = kept(gateways[1])
    assert text["number"] == "+8613800138000"
    assert "13987654321" not in text["words"]
    assert [state(world.desk, one) for one in (phone, str(card["correction"]))] == ["sent", "sent"]


def test_a7_who_cannot_be_reached_is_work_for_another_hand(
    world: World, second: Desk, mail: tuple[Mailer, Path], refuses: Refuses
):
    """Refused by the relay it is listed, alarms, and is said to be told by another than took it in; while a message can reach it, by nobody."""
    who = person(world, 1)
    put_right(world.desk, second, who, Correction("会员", None, "邮箱", "li@refused.example", "typo"))
    made = str(put_right(world.desk, second, who, Correction("会员", None, "邮箱", NEW, "typo.2"))["correction"])
    other = colleague(world)
    with refuses("correction.reached"):
        correction_acknowledge(other, made, corrections.OLD_NAME)
    told = correction_warn(other, mail[0], GIVEN)
    assert (told["sent"], told["refused"]) == (1, 1)
    assert state(world.desk, made) == "refused"
    world.clock.advance(timedelta(days=4))
    assert corrections_due(world.desk)["late"] == 1
    with refuses("correction.own"):
        correction_acknowledge(world.desk, made, corrections.OLD_NAME)
    correction_acknowledge(other, made, corrections.OLD_NAME)
    assert corrections_due(world.desk)["late"] == 0


class Cut:
    """A relay whose connection breaks after it took the message."""

    at_once = 1

    def __init__(self, way: Way) -> None:
        self.way = way

    def send(self, *_: object) -> str:
        raise Unavailable("mail.in-doubt", "Nobody knows.")


def test_a7_what_is_in_doubt_is_not_told_twice(world: World, mail: tuple[Mailer, Path], refuses: Refuses):
    """It waits for the log; a log of another time decides nothing; taken it is on its way, not taken it goes again under the same name."""
    made, other = changed(world, "邮箱", NEW), colleague(world)
    assert correction_warn(other, Cut(mail[0].way), GIVEN)["in_doubt"] == 1
    assert correction_warn(other, mail[0], GIVEN)["sent"] == 0
    with world.desk.store.read() as tx:
        ((name),) = [str(row["message_id"]) for row in tx.find("correction_to", state="sending")]
    with refuses("correction.log"):
        correction_warned(other, "2024-01-01T00:00:00Z accepted <x@y>", [])
    silent = "2026-03-15T00:00:00Z up\n2026-03-18T00:00:00Z up\n"
    assert correction_warned(other, silent, [])["again"] == 1
    assert correction_warn(other, mail[0], GIVEN)["sent"] == 1
    (file,) = mail[1].glob("*.eml")
    assert message_from_bytes(file.read_bytes())["Message-ID"] == name
    dsn = f"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; r\n\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {name}\n\n--b--\n"  # fmt: skip
    assert correction_warned(other, None, [dsn.encode()])["came_back"] == 1
    assert state(world.desk, made) == "refused"


def test_a7_a_change_that_is_taken_back_is_told_where_it_went(world: World, mail: tuple[Mailer, Path]):
    """Taking back is a change, too: the address that was put there learns of it."""
    made, other = changed(world, "邮箱", NEW), colleague(world)
    correction_warn(other, mail[0], GIVEN)
    correction_undo(world.desk, made, "she asked for it")
    assert state(world.desk, made) == "open"
    correction_warn(other, mail[0], GIVEN)
    assert [to for to, _ in came(mail[1])] == [OLD, NEW]
    assert "撤回" in came(mail[1])[1][1]


def test_a7_what_is_of_no_high_risk_and_what_came_from_the_seller_warns_nobody(world: World):
    """A name opens nothing."""
    made = revise(world.desk, person(world, 1), Correction("会员", None, "姓名", "李玫", "typo"), "shop")
    assert state(world.desk, str(made["correction"])) == "none"


def test_a7_no_one_person_leads_the_word_through_a_server_of_their_own(
    world: World, mail: tuple[Mailer, Path], refuses: Refuses
):
    """The attack: another relay, account, sender or contact than two people saw. What was approved once goes on, also later than a day; of whoever acts no more it does not."""
    made, other = changed(world, "邮箱", NEW), colleague(world)
    for given in ({**GIVEN, "contact": "call 0571-6660000"}, {**GIVEN, "sender": "me@thief.example"}):
        with refuses("act.unapproved"):
            correction_warn(other, mail[0], given)
    for port in (mail[0].way._replace(account="mine"), mail[0].way._replace(server="thief.example:25")):
        with refuses("act.unapproved"):
            correction_warn(other, Cut(port), GIVEN)
    assert (came(mail[1]), state(world.desk, made)) == ([], "open")
    assert correction_warn(other, mail[0], GIVEN, dry_run=True)["goes"] == 1
    assert correction_warn(other, mail[0], GIVEN)["sent"] == 1
    world.clock.advance(timedelta(days=2))
    correction_undo(world.desk, made, "she asked for it")
    assert correction_warn(other, mail[0], GIVEN)["sent"] == 1, "the approval was used, and goes on"
    changed(world, "邮箱", "third@mail.example")
    with world.desk.store.write() as tx:
        tx.change("principal", {"revoked_at": "2026-03-17T00:00:00.000000Z"}, handle="zhouning")
    with refuses("act.unapproved"):
        correction_warn(other, mail[0], GIVEN)
