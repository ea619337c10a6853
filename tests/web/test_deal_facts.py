"""A deal that is open already is said to be; what its gates have, its clocks and its people stand on its page; a package without anybody is warned of."""

import json
import re
from pathlib import Path

import pytest

from custody.base.errors import CustodyError
from custody.cli.rehearsal.play import FACTS
from custody.model.party import PartyCard
from custody.services.answers_take import answers_take
from custody.wiring import desk, laws
from tests.line.conftest import act
from tests.web.company import DEAL, Company
from tests.web.visitor import Visitor

NOBODY = "Nobody is cleared"


def test_c1_the_same_facts_lead_to_the_deal_that_is_open_and_it_is_said(seller: Company):
    """Whoever opens it a second time lands on the first, and reads that no second one was opened."""
    visitor, refs = seller.visitor("suhe"), []
    buyer = str(seller.told("suhe", "deal", "show", DEAL)["counterparty"])
    for _ in range(2):
        visitor.get("/deals/new")
        facts = {"deal.structure": "merger", "seller.jurisdiction": "CN", "buyer.jurisdiction": "SG"}
        visitor.post("/deals/new", counterparty=buyer, **facts)
        found = re.search(r"/deals/(D-\d+-\d+)", visitor.at)
        assert found is not None, visitor.at
        refs.append(found[1])
    assert refs[0] == refs[1]
    assert visitor.at.endswith("?known=1")
    assert "No second was opened" in visitor.page
    assert "No second was opened" not in visitor.get(f"/deals/{refs[0]}")


def test_c1_what_the_gates_have_is_told_by_whom_and_since_when(seller: Company):
    """The signed map, the compared card and each duty that is met; both companies' fingerprints; who does what."""
    visitor = seller.visitor("songwen")
    met = re.findall(r'<li class="met">.*?</li>', visitor.get(f"/deals/{DEAL}"), re.DOTALL)
    assert [one for one in met if "The data map is signed" in one and re.search(r"\d+ \w+</div></li>", one)], met
    assert [one for one in met if "Two people compared" in one and "suhe" in one and "zhouning" in one], met
    held = seller.told("suhe", "deal", "plan", DEAL)
    assert len(met) == 2 + sum(1 for one in held["duties"] if one["state"] == "met")
    assert len(re.findall(r'mono tiny">[\d ]{40,}<', visitor.page)) == len(("seller", "buyer"))
    assert "songwen" in visitor.page


def long_list(seller: Company, answer: str, path: Path) -> int:
    """A list of more than a page takes at once; returns of how many customers it speaks."""
    people = [one["subject"] for one in seller.told("suhe", "deal", "customers", DEAL, "--most", "40")["customers"]]
    lines = [f"{one},{answer}" for one in people] * 40
    path.write_text("subject,answer\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return len(people)


def ended(visitor: Visitor, path: str) -> None:
    """Ask the job's page until it leads on, or says how it failed."""
    for _ in range(2_000):
        visitor.get(path)
        if "/work/" not in visitor.at or "hx-get" not in visitor.page:
            return
    raise AssertionError(visitor.page)


def test_b2_a_long_list_is_taken_behind_a_page_of_its_own(seller: Company, tmp_path: Path):
    """It leads back to what was taken; a list with a bad line says which, and takes nothing."""
    file, visitor = tmp_path / "answers.csv", seller.visitor("zhouning")
    deal = seller.deal(**{**FACTS, "seller": {**FACTS["seller"], "subjects_total": 20_003}})
    seller.told("suhe", "gate", deal)
    before = seller.told("suhe", "evidence", "list", deal)[
        "answers"
    ]  # what people said no to in another deal with that buyer
    count = long_list(seller, "notice.delivered", file)
    seller.told("suhe", "approve", *seller.told("zhouning", "answers", deal, str(file))["approve"])
    for told in (count, 0):
        visitor.get(f"/deals/{deal}/answers")
        visitor.upload(f"/deals/{deal}/answers", "answers", file)
        assert "/work/" in visitor.at, visitor.at
        ended(visitor, visitor.at.removeprefix(visitor.base))
        assert f"/deals/{deal}/answers?list=" in visitor.at, visitor.page
        assert re.search(rf"role=\"status\">.*?\b{told}\b", visitor.page, re.DOTALL), visitor.page
    file.write_text(file.read_text(encoding="utf-8") + "nobody,notice.delivered\n", encoding="utf-8")
    visitor.get(f"/deals/{deal}/answers")
    visitor.upload(f"/deals/{deal}/answers", "answers", file)
    ended(visitor, visitor.at.removeprefix(visitor.base))
    assert 'data-slug="answers.lines"' in visitor.page
    assert f"{count * 40 + 2}: nobody of that id" in visitor.page
    assert seller.told("suhe", "evidence", "list", deal)["answers"] == {**before, "notice.delivered": count}


def test_b2_a_long_list_that_is_stopped_takes_nothing(seller: Company, tmp_path: Path):
    """Whoever stops it before all of it is understood finds the file as it was."""
    file = tmp_path / "answers.csv"
    long_list(seller, "notice.delivered", file)
    before = seller.told("suhe", "evidence", "list", DEAL)

    def stop(_: int) -> None:
        raise CustodyError("console.stopped", "Stopped.")

    secret = seller.where / "seller" / "keys" / "principals" / "zhouning.pass"
    with desk(seller.where / "seller", "zhouning", secret) as at, pytest.raises(CustodyError, match=r"Stopped"):
        answers_take(at, laws(), DEAL, file.read_bytes(), stop)
    assert seller.told("suhe", "evidence", "list", DEAL) == before


def test_b3_a_package_without_anybody_is_warned_of_before_it_is_made(seller: Company, tmp_path: Path):
    """Where all papers are there and no customer is cleared, the deal's page and the ceremony both say so."""
    deal = seller.deal(**{**FACTS, "seller": {**FACTS["seller"], "subjects_total": 20_002}})
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"paper")
    for kind in seller.told("suhe", "evidence", "list", DEAL)["evidence"]:
        if not kind.startswith("assumed."):  # what the rehearsal supposes is no paper
            seller.told("suhe", "evidence", "add", deal, kind, "--file", paper)
    assert seller.told("suhe", "gate", deal)["by_verdict"]["hand_over"] == 0
    visitor = seller.visitor("suhe")
    assert NOBODY in visitor.get(f"/deals/{deal}")
    seller.told("suhe", "party", "card", "--to", tmp_path / "card.json")
    company = PartyCard.from_json(json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))).id
    code, made = act(seller.where, "buyer", "fanyuan", "invite", company, "--deal", deal, "--at", tmp_path / "invited")
    assert code == 0, made
    visitor.upload(f"/deals/{deal}/invite", "invite", tmp_path / "invited" / "invite.dsse.json")
    assert "the buyer would get nobody, and yet" in visitor.get(f"/deals/{deal}/ship")


@pytest.mark.part("browser")
def test_c2_six_digits_stand_in_six_boxes_and_are_one_field(seller: Company, chrome):
    """What is pasted with a space fills all six and nothing scrolls away; the browser may fill it in."""
    deal = seller.deal(**{**FACTS, "seller": {**FACTS["seller"], "subjects_total": 20_004}})
    path = f"/deals/{deal}/ends/deal-abort"
    at = seller.as_("suhe", chrome.anew(), factor=True)
    at.go(path)
    at.find("input[value=financing]").click()
    at.press("先试运行")
    at.press("请第二个人确认")
    at = seller.as_("zhouning", chrome, factor=True)
    at.go(path)
    field = at.find(".six [autocomplete=one-time-code]")
    field.send_keys("419 072")
    assert field.get_attribute("value") == "419072"
    assert len(at.driver.find_elements("css selector", ".six i.fill")) == len("419072")
    assert at.driver.execute_script("return arguments[0].scrollLeft", field) == 0
    at.shot("six")
    assert not at.faults, "\n".join(at.faults)
