"""The interview about a deal in a browser: one question, why, "don't know", back, what was said, amended (C1, C2)."""

import pytest
from selenium.webdriver.common.by import By

from custody import wiring
from custody.services.deal_facts import deal_facts
from custody.services.deal_interview import deal_interview
from custody.web.console.answers import nested

pytestmark = pytest.mark.part("browser")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_c1_one_question_at_a_time_back_and_amended(seller, browser):
    """Each answer is kept at once, what is not known is not asked again, an earlier answer can be given anew, and versions stay."""
    deal = seller.deal(deal={"structure": "asset_deal"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": "CN"})
    at = seller.as_("suhe", browser)
    at.go(f"/deals/{deal}/interview")
    first = at.find("h1").text
    assert "条规则" in at.text()
    at.shot("interview")
    at.press("记下，下一题")
    assert "没有选任何答案" in at.text()
    at.complaints()  # the browser complains of the refusal itself
    at.press("不知道")
    second = at.find("h1").text
    assert second != first
    answer(at)
    at.press("记下，下一题")
    assert at.find("h1").text not in {first, second}
    at.press("上一题")
    assert "改答上一题" in at.text()
    assert at.driver.find_elements(By.CSS_SELECTOR, "input:checked, input.in")
    at.press("上一题")
    at.press("不知道")
    assert at.find("h1").text not in {first, second}
    at.go(f"/deals/{deal}/said")
    assert "不知道" in at.text()
    at.shot("said")
    at.follow(at.driver.find_element(By.XPATH, "//tr[contains(., '交易形式')]//a"))
    at.find("input[value=merger]").click()
    at.press("修改这项事实")
    at.go(f"/deals/{deal}/said/deal.structure")
    assert "第 1 版" in at.text()
    at.shot("fact")
    at.go(f"/lang/en?next=/deals/{deal}/interview")
    assert "Why it is asked" in at.text()
    at.shot("interview-en")
    at.go(f"/lang/zh?next=/deals/{deal}/interview")
    assert not at.faults, "\n".join(at.faults)
    told = seller.told("suhe", "deal", "show", deal)["facts"]
    assert told["deal.structure"] == "merger"


def answer(at) -> None:
    """The first answer there is, or a figure, or a day."""
    choices = at.driver.find_elements(By.CSS_SELECTOR, ".opt input")
    if choices:
        choices[0].click()
        return
    box = at.find("form.card .in")
    at.driver.execute_script(
        "arguments[0].value = arguments[1]", box, "2026-03-02" if box.get_attribute("type") == "date" else "10"
    )


def test_c1_who_knows_nothing_more_comes_to_an_end(seller, browser):
    """ "Don't know" is kept for a fact that nobody ever told, is not asked again, and never counts as known."""
    deal = seller.deal(deal={"structure": "division"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": "CN"})
    home, secret = seller.where / "seller", seller.where / "seller" / "keys" / "principals" / "suhe.pass"
    laws = wiring.laws_of(home)
    with wiring.desk(home, "suhe", secret) as desk:
        while (question := deal_interview(desk, laws, deal)["question"]) is not None:
            deal_facts(desk, laws, deal, nested({part["fact"]: None for part in question["parts"]}), asked=True)
    at = seller.as_("suhe", browser)
    at.go(f"/deals/{deal}/interview")
    at.says("该问的都问完了")
    assert set(seller.told("suhe", "deal", "show", deal)["facts"]) >= {"deal.structure", "seller.jurisdiction"}
    assert None not in seller.told("suhe", "deal", "show", deal)["facts"].values()
