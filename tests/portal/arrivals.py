"""Customers who came to a buyer, and what they find there."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from custody import wiring
from custody.base import ids
from custody.services.link_new import link_new
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_take import request_take
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.passed_on import released
from tests.portal.somebody import NUMBER, values

GOING = ("consent.separate",)
BY_PHONE = {"kind": "object", "channel": "desk", "proof": "in-person", "note": "不要再用我的信息"}
STAYED = ("objection", "consent.refused", "withdrawal")


@pytest.fixture(scope="module")
def came(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hand-over that the buyer received and put under its own keys; what tests say there stays theirs, each about another person."""
    where = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("home") / "demo"))
    released(where)
    objected_by_phone(where)
    code, told = act(where, "buyer", "fanyuan", "reseal", DEAL, "--at", where / "handover")
    assert code == 0, told
    return where


def objected_by_phone(where: Path) -> None:
    """The last of those who went said no at the seller's desk, and the buyer took that request over."""
    folder = wiring.folder(where / "handover")
    with at(where, "zhouning") as desk:
        going = [one for one in everybody(where, *GOING, lacks=STAYED) if len(values(desk, one).get(NUMBER, ())) == 1]
        request_new(desk, laws(where), DEAL, going[-1], BY_PHONE)
        request_pass(desk, DEAL, folder)
    with at(where, "yeqing", "buyer") as desk:
        request_take(desk, laws(where), DEAL, folder)


@pytest.fixture(scope="module")
def people(came: Path) -> list[str]:
    """Customers with exactly one number who are with the buyer now."""
    with sqlite3.connect(came / "buyer" / "core.db") as store:
        here = {ids.subject_text(who) for (who,) in store.execute("SELECT id FROM subject WHERE kind = 'customer'")}
    with at(came, "yeqing", "buyer") as desk:
        found = [
            one
            for one in everybody(came, *GOING, lacks=STAYED)
            if one in here and len(values(desk, one).get(NUMBER, ())) == 1
        ]
    assert len(found) >= 9, "each test speaks of another person"
    return found


def opened(where: Path, who: str, channel: str = "email") -> str:
    """A link of the buyer's to this person's page."""
    with at(where, "yeqing", "buyer") as desk:
        return str(link_new(desk, DEAL, who, channel, 30)["path"]).removeprefix("/t/")
