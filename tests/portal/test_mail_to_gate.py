"""B1 to C1: the mail a customer got leads to their page, and what they press there is what the gate decides by and the release leaves out."""

import re
import sqlite3
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from custody import wiring
from custody.base import ids
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import LEAST_HOURS, campaign_settle
from custody.services.gate import gate
from custody.services.verdict_list import verdict_list
from tests.driven import driven
from tests.portal.campaigns import planned, relay, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.reader import Reader
from tests.portal.serving import portal

__all__ = ["relay", "untold"]

pytestmark = [pytest.mark.part("smtp"), pytest.mark.part("browser")]


def deliverable(where: Path) -> set[str]:
    """Whom the gate lets go, decided anew."""
    with at(where, "zhouning") as desk:
        gate(desk, laws(where), DEAL)
        listed = verdict_list(desk, DEAL, None, "hand_over", 1000)
    return {str(one["subject"]) for one in listed["customers"]}


def mailed(folder: Path) -> list[str]:
    """The page that each mail leads to, as it stands in the mail."""
    bodies = [message_from_bytes(one.read_bytes(), policy=default).get_content() for one in folder.glob("*.eml")]
    return [re.search(r"https://you\.qinghe\.example(/\S+)", body)[1] for body in bodies]


def objected(where: Path) -> set[str]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        rows = store.execute("SELECT subject FROM evidence WHERE type = 'objection'").fetchall()
    return {ids.subject_text(one) for (one,) in rows}


def test_b2_an_objection_by_the_link_of_a_real_mail_is_kept_by_the_gate(untold: Path, relay: tuple[str, Path]):
    """Told by mail, on a phone, without a sign-in: who pressed stays, and nobody else's verdict moved."""
    address, folder = relay
    made = planned(untold, by=address)
    mailer = wiring.mailer(address, "none", "", None, 0)
    with at(untold, "zhouning") as desk:
        campaign_send(desk, mailer, made["campaign"], 0)
        desk.clock.advance(timedelta(hours=LEAST_HOURS + 1))
        campaign_settle(desk, made["campaign"], None, LEAST_HOURS)
    mailer.close()
    cleared, before = deliverable(untold), objected(untold)
    assert len(cleared) > 1
    with portal(untold) as base, driven() as driver:
        reader = Reader(driver, base)
        for path in mailed(folder):
            driver.delete_all_cookies()
            reader.open(path, 390)
            if driver.find_elements("css selector", "button[value=objected]"):
                reader.press("button[value=objected]")
            if said := (objected(untold) - before) & cleared:
                break
        assert reader.faults == []
    assert len(said) == 1
    assert deliverable(untold) == cleared - (objected(untold) - before)
