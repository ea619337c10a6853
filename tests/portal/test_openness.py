"""B5: the page for the public says what is held and how requests fare, and nothing of anybody."""

import base64
import re
import sqlite3
from datetime import timedelta
from html import unescape
from pathlib import Path

from custody import wiring
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.ids import subject_text
from custody.cli.pages.openness_page import openness_page
from custody.ledger import checkpoint
from custody.services.deal_tell import deal_tell
from custody.services.ledger import ledger_publish
from custody.services.openness import openness
from custody.services.publication_new import publication_new
from custody.services.request_answer import request_answer
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from custody.services.verify import verify
from tests.portal.campaigns import untold
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.lives import CONTACT, MONTHS, lived
from tests.portal.publishing import WORDS, korean, listed, returned
from tests.portal.requesting import ASKED

__all__ = ["returned", "untold"]


def test_b5_a_public_notice_stands_on_the_page(returned: Path):
    """Where it can be read, from when, until when at least, and the digest of its words; not for whom, nor for how many."""
    gone = listed(returned, "bounced", 2)
    korean(returned, gone)
    with at(returned, "zhouning") as desk:
        assert openness(desk)["notices"] == []
        first = str(desk.clock.now().date())
        before = openness(desk)
        publication_new(desk, laws(returned), DEAL, {**WORDS, "from": "2026-12-01"})
        planned = openness(desk)
        assert (planned["notices"], planned["deals"]) == ([], before["deals"]), "a plan tells nobody anything yet"
        made = publication_new(desk, laws(returned), DEAL, {**WORDS, "from": first})
        told = openness(desk)
    (notice,) = told["notices"]
    assert (notice["where"], notice["from"], notice["until"]) == (WORDS["where"], first, "")
    assert notice["text"] == made["text"] != sha256(WORDS["text"].encode()), (
        "of the words as they stand there, with what the law wants told"
    )
    page = openness_page(told, "zh")
    assert WORDS["where"] in page
    assert notice["text"] in page
    assert not [one for one in gone if subject_text(one) in page]


def test_b5_the_page_is_one_file_and_about_nobody(played: Path):
    """No cookie, no form, no request to anywhere, its own script alone; no id of a customer, no word of theirs, no name of staff."""
    told = lived(played)
    page = openness_page(told, "zh")
    assert "default-src 'none'" in page
    assert page.count("<script") == 1
    assert not re.search(r"<form|src=|href=|https?://|document\.cookie|Storage|fetch\(|url\(|@import", page)
    assert ASKED["note"] not in page
    store = sqlite3.connect(played / "seller" / "core.db")
    everyone = [ids.subject_text(one) for (one,) in store.execute("SELECT id FROM subject")]
    staff = [one for row in store.execute("SELECT handle, id FROM principal") for one in row]
    store.close()
    assert everyone
    assert staff
    written = page[page.index("<body") : page.index("<script")].replace(told["log"]["key"], "")
    written = re.sub("<pre>.*?</pre>", "", written, flags=re.DOTALL)  # random signs may spell a name
    assert not [one for one in (*everyone, *staff) if one in written]


def test_b5_its_figures_are_those_of_the_requests(played: Path):
    """By month, also the empty ones; what is late is said; whom data goes to, how to reach the company, the planned day."""
    told = lived(played)
    asked = told["asked"]
    assert [one["count"] for one in asked["months"] if one["count"]] == [count for count, _, _ in MONTHS]
    assert (len(asked["months"]), asked["total"], asked["answered"]) == (12, 15, 6)
    assert asked["median_days"] == 3
    assert sum(one["count"] for one in asked["months"]) == asked["total"]
    store = sqlite3.connect(played / "seller" / "core.db")
    overdue = "SELECT COUNT(*) FROM request WHERE last_at <> '' AND closed_at = '' AND last_at < ?"
    assert asked["late"] == store.execute(overdue, (told["at"],)).fetchone()[0] > 0
    store.close()
    assert told["processors"] == [
        {"name": "云栈机房", "purposes": []}, {"name": "顺安速递", "purposes": ["service", "contract"]},
    ]  # fmt: skip
    (deal,) = told["deals"]
    assert [(one["step"], one["done"]) for one in deal["steps"]] == [
        ("told", True), ("released", False), ("confirmed", False), ("destroyed", False)
    ]  # fmt: skip
    assert deal["steps"][1]["on"] == "2026-07-20"
    page = openness_page(told, "en")
    for said in (CONTACT, "顺安速递", "planned for", "20 July 2026", f"{asked['late']} late", "median of 6"):
        assert said in page
    assert "旧仓库" not in page


def test_b5_who_waits_longer_than_a_year_is_late_still(played: Path):
    """A request that nobody answered does not leave the page with the months it shows."""
    with at(played, "zhouning") as desk:
        request_new(desk, laws(played), DEAL, next(everybody(played)), ASKED)
        desk.clock.advance(timedelta(days=420))
        told = openness(desk)["asked"]
    assert (told["total"], told["late"]) == (0, 1)


def test_b5_of_few_answers_no_time_is_told(played: Path):
    """The time of one answer would be that of somebody's own request; from five on it is nobody's."""
    people = list(everybody(played))
    with at(played, "zhouning") as desk:
        for count, who in enumerate(people[:5], start=1):
            made = request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "copy"})
            desk.clock.advance(timedelta(days=2))
            request_answer(desk, laws(played), str(made["ref"]), "", "")
            request_close(desk, laws(played), made["ref"], "granted", "")
            assert openness(desk)["asked"]["median_days"] == (None if count < 5 else 2)
        desk.clock.advance(timedelta(days=400))
        assert openness(desk)["asked"]["total"] == 0


def test_b5_what_is_held_is_what_lies_there(played: Path):
    """Each line with its purposes, basis and time as the signed map has them; when its last row is gone, it is not held any more."""
    with at(played, "zhouning") as desk:
        told = openness(desk)["held"]
    lines = [line for line in told if line["kind"] == "customer"]
    assert {"contact.phone", "name.full"} <= {one for line in lines for one in line["classes"]}
    assert {line["basis"] for line in told} >= {"contract", "consent"}
    assert all(line["basis"] == "consent" for line in lines if line["purposes"] == ["marketing"])
    assert all(line["basis"] and line["retention"] and line["from"] is None for line in told)
    assert any(line["partly"] for line in lines)
    assert any(line["kind"] == "employee" for line in told)
    store = sqlite3.connect(played / "seller" / "core.db")
    store.execute("DELETE FROM record WHERE subject IN (SELECT id FROM subject WHERE kind = 'employee')")
    store.commit()
    store.close()
    with at(played, "zhouning") as desk:
        told = openness(desk)["held"]
    assert told
    assert not [line for line in told if line["kind"] == "employee"]


def test_b5_a_deal_nobody_was_told_of_is_nobodys_matter(played: Path):
    """The page names no buyer before its customers know of it, even when they are to be told how to reach it."""
    store = sqlite3.connect(played / "seller" / "core.db")
    store.execute("DELETE FROM statement WHERE kind = 'notice'")
    store.commit()
    store.close()
    with at(played, "zhouning") as desk:
        deal_tell(desk, DEAL, {"closing_on": "2026-07-20"})
        told = openness(desk)
    assert told["deals"] == []
    assert not re.search("远帆|Yuanfan|20 July", openness_page(told, "en"))


def test_b5_the_checkpoint_on_the_page_is_signed(played: Path):
    """As it stands there it opens with the company's keys, and says the size and root that the page says."""
    with at(played, "zhouning") as desk:
        told, identity = openness(desk), desk.card.identity
    note = unescape(re.search(r"<pre>(.*?)</pre>", openness_page(told, "zh"), re.DOTALL)[1])
    head = checkpoint.open_note(note, identity)
    assert (head.size, head.root.hex()) == (told["log"]["size"], told["log"]["root"])


def test_b5_a_kept_checkpoint_is_held_against_a_later_ledger(played: Path, tmp_path: Path):
    """Saved from the page and given beside the ledger of a later day it agrees; a ledger that was rewritten does not go on from it."""
    with at(played, "zhouning") as desk:
        kept = tmp_path / "checkpoint.txt"
        kept.write_text(str(openness(desk)["log"]["checkpoint"]), encoding="utf-8")
        deal_tell(desk, DEAL, {"seller_contact": CONTACT})
    with at(played, "suhe") as desk:
        ledger_publish(desk, wiring.folder(tmp_path / "ledger"))
        card = desk.card
    assert verify([tmp_path / "ledger", kept], [card]).ok
    kept.write_text(forged(kept.read_text(encoding="utf-8")), encoding="utf-8")
    assert {one.kind for one in verify([tmp_path / "ledger", kept], [card]).faults} >= {"signature", "chain"}


def forged(note: str) -> str:
    """The same checkpoint with another root."""
    name, size, root, rest = note.split("\n", 3)
    return "\n".join((name, size, base64.b64encode(bytes(32)).decode(), rest)) if root else note
