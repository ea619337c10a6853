"""A9: a campaign writes to nobody who may not be contacted; they are work for somebody, and their page tells them."""

from pathlib import Path

import pytest

from custody import wiring
from custody.acts.suppressing import mark
from custody.base import ids
from custody.services.campaign_send import campaign_send
from custody.services.campaign_show import campaign_show
from custody.services.portal_show import portal_show
from tests.adapters.texts.conftest import SECRET, gateways, settings
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at, laws
from tests.portal.deaths import died
from tests.portal.texts_sent import kept
from tests.portal.tokens import token

__all__ = ["gateways", "untold"]


def silence(where: Path, subject: bytes) -> None:
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        vault = str(tx.find("subject", id=subject)[0]["vault"])
        assert mark(tx, vault, [subject]) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a9_nobody_on_the_list_is_written_to(untold: Path, gateways: tuple[str, Path], tmp_path: Path, when: str):
    """Whether they came on it before the planning or after: no message, one line of work, and the figures add up."""
    address, taken = gateways
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(settings("twilio", address), encoding="utf-8")
    first = planned(untold, channel="sms", approved=False, page_line="Your page, at first:")
    with at(untold, "zhouning") as desk, desk.store.read() as tx:
        who = next(bytes(row["subject"]) for row in tx.find("sending", state="planned"))
    if when == "before":
        silence(untold, who)
    made = planned(untold, channel="sms", by=wiring.texter(tmp_path / "gateway.toml", 0).way)
    if when == "after":
        silence(untold, who)
    with at(untold, "zhouning") as desk:
        told = campaign_send(desk, wiring.texter(tmp_path / "gateway.toml", 0), made["campaign"], 0)
        work = campaign_show(desk, made["campaign"], 500)["work"]
    assert len(kept(taken)) == told["sent"] == first["counts"]["planned"] - 1
    assert sum(told["counts"].values()) == made["people"]
    assert [one["subject"] for one in work if one["state"] == "suppressed"] == [ids.subject_text(who)]
    text = token(untold, ids.subject_text(who))
    with at(untold) as desk:
        assert portal_show(desk, laws(untold), text, "", "zh")["silent"] is True


def test_c3_nobody_writes_to_the_dead(untold: Path, gateways: tuple[str, Path], tmp_path: Path):
    """Who is known to have died is not planned for; who died since is left out when the messages go."""
    address, taken = gateways
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(settings("twilio", address), encoding="utf-8")
    first = planned(untold, channel="sms", approved=False, page_line="Your page, at first:")
    with at(untold, "zhouning") as desk, desk.store.read() as tx:
        before, since = [bytes(row["subject"]) for row in tx.find("sending", state="planned")][:2]
    died(untold, before)
    made = planned(untold, channel="sms", by=wiring.texter(tmp_path / "gateway.toml", 0).way)
    assert made["people"] == first["people"] - 1
    died(untold, since)
    with at(untold, "zhouning") as desk:
        told = campaign_send(desk, wiring.texter(tmp_path / "gateway.toml", 0), made["campaign"], 0)
        work = campaign_show(desk, made["campaign"], 500)["work"]
    assert len(kept(taken)) == told["sent"] == first["counts"]["planned"] - 2
    assert [one["subject"] for one in work if one["state"] == "suppressed"] == [ids.subject_text(since)]
