"""B1: a campaign by text message, through a gateway in another process: whom it reaches, what is in doubt, what comes back."""

import json
from functools import partial
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import returned
from custody.base.errors import Malformed
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_preview import campaign_preview
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import campaign_settle
from custody.services.campaign_show import campaign_show
from custody.services.portal_show import portal_show
from tests.adapters.texts.conftest import SECRET, gateways, settings
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at, laws
from tests.portal.texts_sent import kept

__all__ = ["gateways", "untold"]
KINDS = ("aliyun", "tencent", "twilio")


@pytest.fixture(params=KINDS)
def way(request: pytest.FixtureRequest, gateways: tuple[str, Path], tmp_path: Path) -> tuple[str, object, Path]:
    """(kind, texter, the file of what was taken)."""
    address, taken = gateways
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(settings(request.param, address), encoding="utf-8")
    return request.param, wiring.texter(tmp_path / "gateway.toml", 0, 4), taken


def test_b1_text_messages_go_to_telephones_once_and_what_comes_back_is_work(untold: Path, way: tuple):
    """Everybody with a number gets one message with their own link and no name; a report of failure marks exactly its person."""
    kind, texter, taken = way
    made = planned(untold, channel="sms", by=texter.way)
    with at(untold, "zhouning") as desk:
        shown = campaign_preview(desk, made["campaign"], 2)["messages"]
        told = campaign_send(desk, texter, made["campaign"], 0)
        again = campaign_send(desk, texter, made["campaign"], 0)
        sent = kept(taken)
        reply = next(iter(desk_replies(desk)))
        report = {
            "aliyun": json.dumps([{"phone_number": "1", "success": False, "err_code": "MK:0001", "biz_id": reply}]),
            "tencent": json.dumps([{"mobile": "1", "report_status": "FAIL", "errmsg": "UNDELIV", "sid": reply}]),
            "twilio": f"MessageSid={reply}&MessageStatus=undelivered&ErrorCode=30003",
        }[kind].encode()
        back = campaign_bounces(
            desk, made["campaign"], [report, b"{}", b"\xff", b"[1, 2]", report.replace(reply.encode(), b"nobody")]
        )
        work = campaign_show(desk, made["campaign"], 200)["work"]
    assert all("•" in one["to"] and "/t/…" in one["text"] for one in shown)
    assert (told["done"], again["sent"]) == (True, 0)
    assert len(sent) == told["sent"]
    assert told["sent"] + made["counts"]["no-address"] == made["people"]
    assert (back["bounced"], back["other"]) == (1, 4)
    assert sum(one["state"] == "bounced" for one in work) == 1
    pages = [next(word for word in one["words"].split() if "/t/" in word) for one in sent]
    assert (
        len({one["words"].replace(page, "") for one, page in zip(sent, pages, strict=True)}) == 1
    )  # the same words to all: no name
    assert len(set(pages)) == told["sent"]
    with at(untold) as desk:
        assert portal_show(desk, laws(untold), pages[0].rpartition("/t/")[2], "", "zh")["called"]


def desk_replies(desk) -> list[str]:
    """The gateway's names for what it took."""
    with desk.store.read() as tx:
        return [str(row["reply"]) for row in tx.find("sending", state="sent") if row["reply"]]


def test_b1_what_is_in_doubt_is_found_in_the_gateways_own_log(untold: Path, way: tuple):
    """By our name, or by the link where the gateway keeps no name; what is not there is sent again."""
    _, texter, taken = way
    made = planned(untold, channel="sms", by=texter.way)
    with at(untold, "zhouning") as desk:
        campaign_send(desk, texter, made["campaign"], 6)
        with desk.store.write() as tx:
            rows = tx.find("sending", state="sent")
            for row in rows[:3]:
                tx.change("sending", {"state": "sending"}, campaign=row["campaign"], subject=row["subject"])
        log = taken.read_text(encoding="utf-8").splitlines()
        mine = [str(row["message_id"]) for row in rows[:2]]
        lines = [one for one in log if any(name in one for name in mine)] or log
        found = campaign_settle(desk, made["campaign"], "\n".join(lines), 72)
    assert found["in_doubt"] == 0
    assert found["found"] + found["again"] == 3
    assert found["found"] >= 2


def test_b1_a_campaign_goes_by_its_own_channel_alone(untold: Path, way: tuple):
    """Mail is not handed to a gateway, nor text messages to a relay."""
    _, texter, _ = way
    mail, text = planned(untold), planned(untold, channel="sms")
    with at(untold, "zhouning") as desk:
        for ref, mailer in (
            (mail["campaign"], texter),
            (text["campaign"], wiring.mailer("127.0.0.1:9", "none", "", None, 0)),
        ):
            for act in (
                partial(campaign_send, desk, mailer, ref, 0),
                partial(campaign_relay, desk, ref, mailer.way),
            ):
                with pytest.raises(Malformed) as refused:
                    act()
                assert refused.value.slug == "campaign.channel"
    with pytest.raises(Malformed):
        planned(untold, channel="pigeon")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[]", b"null", b'{"success": false}', b"[[1]]", b"a" * 2_000_000, b"x=1&y"]
)
def test_b1_a_report_that_is_none_names_nobody(data: bytes):
    """Whatever arrives is read without a fault and marks no message."""
    assert {one.what for read in (returned.texts, returned.mail) for one in read(data)} == {"other"}
