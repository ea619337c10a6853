"""B3, B4: who received somebody's data is told on their page and in the answer: a print shop by name and day, every other file by its kind; nobody of the staff."""

import json
import sqlite3
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from custody.acts.terms import Term
from custody.base import ids
from custody.services.campaign_letters import campaign_letters
from custody.services.copy_account import copy_account
from custody.services.copy_declare import copy_declare
from custody.services.request_answer import request_answer
from custody.services.request_new import request_new
from tests.package.aged import opened
from tests.portal.answering import page
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.printing import unreached
from tests.portal.serving import portal
from tests.portal.test_pages import ask
from tests.portal.tokens import token

__all__ = ["untold"]
SHOP = "快印社"
DESK = {"channel": "desk", "proof": "in-person", "note": "", "kind": "access"}


def listed(where: Path, keeper: str) -> tuple[str, str, str]:
    """Somebody of a list that was let out to this keeper, their link, and what the list is called."""
    ref = planned(where)["campaign"]
    unreached(where, ref, 40)
    with at(where, "zhouning") as desk:
        told, _ = campaign_letters(desk, ref, Term(keeper, (desk.today() + timedelta(days=9)).isoformat()))
    with sqlite3.connect(where / "seller" / "core.db") as store:
        who = store.execute("SELECT subject FROM sending WHERE state = 'printed' ORDER BY subject").fetchone()[0]
    return ids.subject_text(who), token(where, ids.subject_text(who)), str(told["copy"])


def answered(where: Path, who: str) -> tuple[list[dict], str]:
    """Whom the answer names as recipients, and its text."""
    with at(where, "zhouning") as desk:
        made = request_new(desk, laws(where), DEAL, who, DESK)
        packed = request_answer(desk, laws(where), str(made["ref"]), "", "")
    archive = zipfile.ZipFile(BytesIO(opened(packed.file, packed.passphrase)))
    return json.loads(archive.read("about.json"))["recipients"], archive.read("about.txt").decode()


@pytest.mark.parametrize("gone", [False, True])
def test_b3_a_print_shop_is_named_to_whoever_stands_in_its_list(untold: Path, gone: bool):
    """On the page and in the answer, with the day; also when the list is destroyed since: they received it all the same."""
    who, text, copy = listed(untold, SHOP)
    with at(untold, "zhouning") as desk:
        if gone:
            copy_account(desk, None, copy, "destroyed")
        today = desk.today().isoformat()
    assert page(untold, text)["received"]["printers"] == [{"name": SHOP, "at": today}]
    recipients, about = answered(untold, who)
    assert [(one["zh"], one["at"]) for one in recipients if one["kind"] == "printer"] == [(SHOP, today)]
    assert f"{SHOP}：{today}收到信件名单" in about
    with portal(untold) as base:
        assert SHOP in ask(f"{base}/zh/t/{text}").page


def test_b3_nobody_of_the_staff_is_named_and_their_file_is_told_by_its_kind(untold: Path):
    """A list that one of the own people keeps, and a paper that may hold the person: what and until when, not who."""
    who, text, _ = listed(untold, "zhouning")
    with at(untold, "zhouning") as desk:
        copy_declare(desk, None, "till list", "paper", Term("张师傅", (desk.today() + timedelta(days=9)).isoformat()))
    told = page(untold, text)["received"]
    assert told["printers"] == []
    assert {(one["kind"], one["certain"]) for one in told["copies"]} >= {("letters", True), ("paper", False)}
    with portal(untold) as base:
        shown = ask(f"{base}/zh/t/{text}").page
    assert "可能有您的信息" in shown
    assert "zhouning" not in shown + answered(untold, who)[1]
    assert "张师傅" not in shown
