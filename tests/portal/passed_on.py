"""Requests that a buyer takes over with the people who made them."""

import sqlite3
from pathlib import Path

from custody import wiring
from custody.base import ids
from custody.services.release import release
from custody.services.request_new import request_new
from tests.line.conftest import act
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws, somebody

ASKED = {"kind": "correct", "channel": "desk", "proof": "in-person", "note": "住址改为解放路 1 号"}


def buyer(where: Path):
    """The desk of the buyer's owner."""
    home = where / "buyer"
    return wiring.desk(home, "fanyuan", home / "keys" / "principals" / "fanyuan.pass")


def released(where: Path) -> tuple[str, str]:
    """Somebody who asked before the sale and was handed over, and their request; and somebody else who stays."""
    who = somebody(where, "consent.separate", lacks=("objection", "consent.refused", "withdrawal"))
    with at(where, "zhouning") as desk:
        ref = str(request_new(desk, laws(where), DEAL, who, ASKED)["ref"])
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(where / "handover"))
    code, told = act(where, "buyer", "fanyuan", "receive", DEAL, "--at", where / "handover")
    assert code == 0, told
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        assert store.execute("SELECT count(*) FROM subject WHERE id = ?", (ids.subject_bytes(who),)).fetchone() == (1,)
    return who, ref
