"""Questions of the interview are told in a shop owner's words, and a step that would carry nobody says so first (C1)."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.interviewing import lead
from custody.acts.said import ANSWERS
from custody.services.deal_facts import deal_facts
from custody.services.deal_interview import deal_interview
from custody.services.deal_stand import deal_stand
from custody.services.words import proof_words
from custody.web.console import catalogue
from custody.web.console.answers import nested
from tests.web.company import DEAL

MARK = "could change a verdict"
DAY = date(2026, 11, 26)
CHINA = {"seller.jurisdiction": "CN", "buyer.jurisdiction": "CN", "event.recipient_jurisdiction": "CN"}
SALE = {"event.data_leaves_entity": True, "event.identifiability": "identifiable", "crossborder.direction": "none"}
PLAIN = {key.removeprefix("owner.") for key in catalogue.entries() if key.startswith("owner.")}


def said(state: Mapping[str, Any]) -> Any:
    """The question that an interview asks next."""
    return state["question"]


def asked(facts: dict[str, Any]) -> Iterator[str]:
    """What is asked of somebody who knows these facts and nothing else."""
    known: dict[str, Any] = {}
    while (question := said(lead(wiring.laws(), {"regimes": ["CN"], **nested(known)}, DAY))) is not None:
        for part in question["parts"]:
            known[part["fact"]] = facts.get(part["fact"])
            yield part["fact"]


def test_c1_plain_words_are_of_facts():
    """No explanation is kept for a fact that is not there."""
    assert set(lawbook.schema(wiring.laws()).leaves) >= PLAIN


@pytest.mark.parametrize("form", ["asset_deal", "share_transfer", "merger"])
def test_c1_an_ordinary_sale_asks_nothing_without_plain_words(form: str):
    """Whoever knows only what every owner knows meets no question of a sale inside China that is left in the law's words."""
    facts = {"deal.structure": form, "deal.on_date": "2026-11-26", **CHINA, **SALE}
    kinds = product(("closing_handover", "ownership_change"), ("signed_not_closed",))
    met = {fact for kind, stage in kinds for fact in asked({**facts, "event.kind": kind, "deal.stage": stage})}
    assert met - PLAIN == set()
    assert len(met) > len(facts)


def test_c1_a_deal_that_clears_nobody_says_so_before_the_next_step(seller):
    """The page of the deal warns, leads to what is unknown and to the customers' answers, and no longer presses on to shipping."""
    deal = seller.deal(deal={"structure": "asset_deal"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": "CN"})
    owner = seller.visitor("suhe")
    assert "Nobody is cleared" not in owner.get(f"/deals/{deal}")
    assert seller.told("suhe", "gate", deal)["by_verdict"]["hand_over"] == 0
    page = owner.get(f"/deals/{deal}")
    warned = re.search(r'<p class="note note-warn" role="alert">(.*?)</p>', page, re.DOTALL)
    assert warned
    assert "Nobody is cleared" in warned[1]
    assert f'href="/deals/{deal}/interview"' in warned[1]
    assert f'href="/deals/{deal}/answers"' in warned[1]
    assert f'class="btn" href="/deals/{deal}/ship"' in page


def test_c1_unknown_facts_that_could_change_a_verdict_stand_first(seller):
    """Of all that is unknown, what rules in force still wait for is marked and stands first, as many as the deal's page counts."""
    deal = seller.deal(deal={"structure": "asset_deal"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": "CN"})
    home = seller.where / "seller"
    with wiring.desk(home, "suhe", home / "keys" / "principals" / "suhe.pass") as at:
        laws = wiring.laws_of(home)
        while (question := said(deal_interview(at, laws, deal))) is not None:
            deal_facts(at, laws, deal, nested({part["fact"]: None for part in question["parts"]}), asked=True)
    owner = seller.visitor("suhe")
    counted = re.search(r"(\d+) questions have", owner.get(f"/deals/{deal}"))
    marks = [MARK in row for row in re.findall(r"<tr>.*?</tr>", owner.get(f"/deals/{deal}/said"), re.DOTALL)[1:]]
    assert counted
    assert sum(marks) == int(counted[1]) > 0
    assert marks == sorted(marks, reverse=True)


def test_b2_lines_not_understood_are_named_in_the_readers_language(seller, tmp_path):
    """Who may not see the English sentence still learns which lines to correct, and no value of anybody is repeated."""
    deal = seller.deal(deal={"structure": "asset_deal"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": "CN"})
    officer = seller.visitor("zhouning")
    bad = tmp_path / "bad.csv"
    bad.write_text("客户,答复\nnobody-of-this-number,同意移交\n", encoding="gb18030")
    for language, said_so in (("en", "2: nobody of that id"), ("zh", "第 2 行：保险库里没有这位客户")):
        officer.get(f"/lang/{language}?next=/deals/{deal}/answers")
        officer.get(f"/deals/{deal}/answers")
        page = officer.upload(f"/deals/{deal}/answers", "answers", bad)
        assert said_so in page
        assert "nobody-of-this-number" not in page


def test_c1_what_a_reason_waits_for_is_named_beside_it(seller):
    """Of each reason that lacks something, the deal's page says what: never a code."""
    owner = seller.visitor("suhe")
    rows = re.findall(r"<tr><td class=\"v\">.*?</tr>", owner.get(f"/deals/{DEAL}"), re.DOTALL)
    lacking = [re.sub(r"<[^>]+>", "", row).split("Still lacking: ")[1] for row in rows if "Still lacking: " in row]
    assert lacking
    assert not [text for text in lacking if re.match(r"[a-z_]+\.[a-z_.]+", text)]


def test_c1_an_answer_that_a_reason_waits_for_is_named(seller):
    """Where customers have not been told or asked, the reason says which line of the list of answers it waits for."""
    home = seller.where / "seller"
    with wiring.desk(home, "suhe", home / "keys" / "principals" / "suhe.pass") as at:
        stand: Any = deal_stand(at, wiring.laws_of(home), DEAL)
    page = html.unescape(seller.visitor("suhe").get(f"/deals/{DEAL}"))
    rows = [row.split("Still lacking: ")[-1] for row in re.findall(r"<tr><td class=\"v\">.*?</tr>", page, re.DOTALL)]
    reasons = stand["verdicts"]["reasons"]
    assert len(rows) == len(reasons) > 0
    for row, reason in zip(rows, reasons, strict=True):
        assert [one for one in reason["missing"] if one in ANSWERS and proof_words(one, "en") not in row] == []
