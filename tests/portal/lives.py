"""Months in the life of a company, for the numbers on its openness page."""

from datetime import timedelta
from pathlib import Path

from custody.services.copy_account import copy_account
from custody.services.copy_declare import copy_declare
from custody.services.deal_tell import deal_tell
from custody.services.openness import openness
from custody.services.request_answer import request_answer
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.requesting import ASKED

CONTACT = "privacy@qinghe.example"
# Of each month: how many asked, how many of them were answered, after how many days.
MONTHS = ((9, 3, 2), (4, 3, 4), (2, 0, 0))


def lived(where: Path) -> dict:
    """A company whose customers asked, month by month; two processors, of whom one gave everything back; a planned day."""
    people = list(everybody(where))
    with at(where, "zhouning") as desk:
        for name in ("顺安速递", "云栈机房", "旧仓库"):
            copy_declare(desk, None, name, "processor", purposes=["service", "contract"] if name == "顺安速递" else [])
        copy_account(desk, None, "旧仓库", "returned")
        deal_tell(desk, DEAL, {"seller_contact": CONTACT, "closing_on": "2026-07-20"})
        for count, answered, days in MONTHS:
            made = [
                request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": "copy"})["ref"] for who in people[:count]
            ]
            desk.clock.advance(timedelta(days=days))
            for ref in made[:answered]:
                request_answer(desk, laws(where), str(ref), "", "")
                request_close(desk, laws(where), ref, "granted", "")
            desk.clock.advance(timedelta(days=31 - days))
        return dict(openness(desk))
