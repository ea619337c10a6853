"""E2, B1: an incident's notice by text message leads to the whole of it, and a plan made again tells who had no address at first."""

import sqlite3
from pathlib import Path

import pytest

from custody import wiring
from custody.base import ids
from custody.base.errors import Malformed, Missing
from custody.services.approve import approve
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.incident_notify import Notice, incident_notify
from custody.services.portal_show import portal_show
from tests.adapters.texts.conftest import SECRET, gateways, settings
from tests.portal.conftest import at, everybody, laws
from tests.portal.somebody import EMAIL, PHONE, values
from tests.portal.test_incident_told import SAID, SENDER, counted
from tests.portal.test_incidents import recorded
from tests.portal.texts_sent import kept

__all__ = ["gateways"]
KIND = "cn-breach-notice"
SHORT = {
    "text": "青禾书屋：安全事件告知",
    "text_en": "Qinghe Books: a notice",
    "pages": "https://you.qinghe.example",
    "page_line": "全文：",
}


def notified(where: Path, ref: str, listed: bytes, channel: str = "email", **short: str) -> dict:
    with at(where, "zhouning") as desk:
        return dict(incident_notify(desk, laws(where), ref, Notice(KIND, None, listed, SENDER, SAID, channel, short)))


def states(where: Path, ref: str) -> dict[str, str]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        found = store.execute(
            "SELECT s.subject, s.state FROM sending s JOIN campaign c ON c.id = s.campaign WHERE c.ref = ?", (ref,)
        ).fetchall()
    return {ids.subject_text(who): str(state) for who, state in found}


def touched(where: Path, *have: tuple[str, ...], lacks: str = "") -> list[str]:
    with at(where, "zhouning") as desk:
        found = []
        for who in everybody(where):
            mine = values(desk, who)
            if all(mine.get(one) for one in have) and not (lacks and mine.get(lacks)):
                found.append(who)
    return found


def test_b1_a_text_message_of_an_incident_leads_to_the_whole_notice(
    played: Path, gateways: tuple[str, Path], tmp_path: Path
):
    """The line alone goes by telephone; what the law lists stands on the page behind it. Without a page there is no such message."""
    ref, few = recorded(played)["incident"], touched(played, PHONE)[:3]
    listed = "\n".join(few).encode()
    counted(played, ref, "会员", listed=listed)
    with pytest.raises(Malformed) as lacks:
        notified(played, ref, listed, "sms", **{**SHORT, "pages": ""})
    assert lacks.value.slug == "campaign.words"
    made = notified(played, ref, listed, "sms", **SHORT)
    assert (made["people"], made["counts"]["planned"]) == (3, 3)
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(settings("twilio", gateways[0]), encoding="utf-8")
    texter = wiring.texter(tmp_path / "gateway.toml", 0, 4)
    with at(played, "zhouning") as desk:
        asked = campaign_relay(desk, made["campaign"], texter.way)["approve"]
    with at(played, "suhe") as desk:
        approve(desk, *asked)
    with at(played, "zhouning") as desk:
        campaign_send(desk, texter, made["campaign"], 0)
    sent = kept(gateways[1])
    assert len(sent) == 3
    assert not [one for one in sent if "cause" in one["words"]]
    page = next(word for word in sent[0]["words"].split() if "/t/" in word)
    with at(played) as desk:
        shown = portal_show(desk, laws(played), page.rpartition("/t/")[2], "", "zh")["notices"]
    assert [one for one in shown if "cause写明" in one["text"]]
    with pytest.raises(Missing) as again:
        notified(played, ref, listed)
    assert again.value.slug == "campaign.already", "who reads it on their page is not written to as well"


def test_b1_planned_again_it_tells_who_had_no_address_at_first(played: Path):
    """By another channel, or once an address is on file; who still has none is in no second plan."""
    ref, few = recorded(played)["incident"], touched(played, PHONE, lacks=EMAIL)[:2]
    assert len(few) == 2, "some of the sample have a telephone and no mailbox"
    listed = "\n".join(few).encode()
    counted(played, ref, "会员", listed=listed)
    first = notified(played, ref, listed)
    assert states(played, first["campaign"]) == dict.fromkeys(few, "no-address")
    with pytest.raises(Missing) as again:
        notified(played, ref, listed)
    assert again.value.slug == "campaign.already", "the same two wait for a letter there"
    made = notified(played, ref, listed, "sms", **SHORT)
    assert states(played, made["campaign"]) == dict.fromkeys(few, "planned")
