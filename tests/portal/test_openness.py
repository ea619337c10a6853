"""B5: the page for the public says what is held and how requests fare, and nothing of anybody."""

import re
import sqlite3
from pathlib import Path

from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.ids import subject_text
from custody.cli.pages.openness_page import openness_page
from custody.services.openness import openness
from custody.services.publication_new import publication_new
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.test_campaign import untold
from tests.portal.test_publication import WORDS, korean, listed, returned
from tests.portal.test_requests import ASKED

__all__ = ["returned", "untold"]


def test_b5_a_public_notice_stands_on_the_page(returned: Path):
    """Where it can be read, from when, until when at least, and the digest of its words; not for whom, nor for how many."""
    gone = listed(returned, "bounced", 2)
    korean(returned, gone)
    with at(returned, "zhouning") as desk:
        assert openness(desk)["notices"] == []
        first = str(desk.clock.now().date())
        publication_new(desk, laws(returned), DEAL, {**WORDS, "from": first})
        told = openness(desk)
    (notice,) = told["notices"]
    assert (notice["where"], notice["from"], notice["until"]) == (WORDS["where"], first, "")
    assert notice["text"] == sha256(WORDS["text"].encode())
    page = openness_page(told, "zh")
    assert WORDS["where"] in page
    assert notice["soonest"] in page
    assert notice["text"] in page
    assert not [one for one in gone if subject_text(one) in page]


def test_b5_the_page_is_static_whole_and_about_nobody(played: Path):
    """Classes with purposes, the transfer, figures that follow the requests; no script, no form, no request to anywhere, no id of a customer."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        before = openness(desk)
        made = request_new(desk, laws(played), DEAL, who, ASKED)
        request_close(desk, laws(played), made["ref"], "granted", "")
        request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "copy", "note": ""})
        told = openness(desk)
    assert (before["asked"]["total"], told["asked"]["total"], told["asked"]["answered"]) == (0, 2, 1)
    assert told["log"]["size"] > before["log"]["size"]
    assert {"contact.phone", "name.full"} <= {one for line in told["held"] for one in line["classes"]}
    page = openness_page(told, "zh")
    lists = [(*line["classes"], *line["purposes"], line["retention"]) for line in told["held"]]
    assert (
        page.count("未满 14 岁的，敏感") == len(lists) - len(set(lists)) > 0
    )  # what is kept of children is one line with the rest
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<form|src=|href=|https?://|cookie=", page)
    assert "电话号码" in page
    assert "Transfers" in page
    store = sqlite3.connect(played / "seller" / "core.db")
    everybody = [ids.subject_text(one) for (one,) in store.execute("SELECT id FROM subject")]
    store.close()
    assert not [one for one in everybody if one in page]
