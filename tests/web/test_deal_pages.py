"""What the law asks of a deal, its papers, what would be otherwise, and rules set aside, in a browser (C1, C2)."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.line.test_house_law import LOOSE
from tests.web.company import DEAL

pytestmark = pytest.mark.part("browser")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_c1_a_duty_is_met_by_filing_its_paper_in_its_row(seller, browser, tmp_path):
    """Duties that lack something stand first; a paper filed there is on file in the core; the clocks of all deals are one list."""
    deal = seller.deal(
        deal={"structure": "asset_deal"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": "CN"},
        event={"kind": "closing_handover", "data_leaves_entity": True, "identifiability": "identifiable"},
    )  # fmt: skip
    at = seller.as_("suhe", browser)
    at.go(f"/deals/{deal}/duties?show=open")
    at.shot("duties")
    kind = at.find("form.evidence [name=kind]").get_attribute("value")
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7 an assessment")
    at.find("form.evidence [name=paper]").send_keys(str(paper))
    at.submit(at.find("form.evidence"))
    assert kind in seller.told("suhe", "evidence", "list", deal)["evidence"]
    at.go("/due")
    at.shot("due")
    assert not at.faults, "\n".join(at.faults)


def test_c1_a_paper_names_what_it_lacks_and_becomes_a_pdf(seller, browser):
    """Without an item it is not made, and the item is named; with it there is a preview in words, and a PDF."""
    at = seller.as_("zhouning", browser)
    at.go(f"/deals/{DEAL}/papers")
    at.shot("papers")
    lacking = "//tr[.//span[contains(@class, 'is-due')]]//a[contains(@class, 'lead')]"
    at.follow(at.driver.find_element(By.XPATH, lacking))
    at.press("预览")
    if at.driver.find_elements(By.CSS_SELECTOR, "textarea"):
        assert at.find("[data-slug]").get_attribute("data-slug") == "document.lacks"
        assert "”的中文" in at.find("[data-slug]").text
        assert "”的英文" not in at.find("[data-slug]").text
        at.complaints()
        for box in at.driver.find_elements(By.CSS_SELECTOR, "textarea"):
            box.send_keys("2026-06-30" if box.get_attribute("lang") == "en" else "二零二六年六月三十日")
        at.press("预览")
    assert "清算" in at.find(".sheet pre").text or len(at.find(".sheet pre").text) > 100
    at.shot("paper")
    before = set(at.downloads.iterdir())
    at.find("button[value=pdf]").click()
    at.patience(60, lambda: [one for one in set(at.downloads.iterdir()) - before if one.suffix == ".pdf"])
    made = next(one for one in set(at.downloads.iterdir()) - before if one.suffix == ".pdf")
    assert made.read_bytes().startswith(b"%PDF-")
    assert not at.faults, "\n".join(at.faults)


def test_c1_what_if_moves_verdicts_on_the_page_alone(seller, browser):
    """Another value shows who would move, both columns add up to everybody, and neither facts nor verdicts change."""
    at = seller.as_("suhe", browser)
    before = seller.told("suhe", "deal", "show", DEAL)
    at.go(f"/deals/{DEAL}/whatif")
    Select(at.find("[name=fact]")).select_by_value("event.data_leaves_entity")
    at.find("[name=to]")
    at.find("input[value=no]").click()
    at.press("试算")
    rows = [
        [int(cell.text.replace(",", "")) for cell in row.find_elements(By.TAG_NAME, "td")[:2]]
        for row in at.driver.find_elements(By.CSS_SELECTOR, "table.diff tbody tr")
    ]
    at.shot("whatif")
    *parts, total = rows
    assert [sum(one[0] for one in parts), sum(one[1] for one in parts)] == total
    assert [one[0] for one in parts] != [one[1] for one in parts]
    assert seller.told("suhe", "deal", "show", DEAL) == before
    at.go(f"/lang/en?next=/deals/{DEAL}/whatif")
    at.says("What if")
    at.go("/lang/zh?next=/")
    assert not at.faults, "\n".join(at.faults)


def test_c2_a_rule_is_set_aside_by_a_lawyer_and_a_second(seller, browser):
    """Nobody but a lawyer is offered it; the second sees rule, reason and day; it stays in the list, and ending it needs nobody."""
    owner = seller.as_("suhe", browser)
    owner.go(f"/deals/{DEAL}/overrides")
    assert "只有律师能提" in owner.text()
    assert not owner.driver.find_elements(By.NAME, "rule")
    at = seller.as_("songwen", browser, factor=True)
    at.go(f"/deals/{DEAL}/overrides")
    fill(at)
    at.press("先试运行")
    at.press("请第二个人确认")
    other = seller.as_("zhouning", browser, factor=True)
    other.go(f"/deals/{DEAL}/overrides")
    assert "律师意见" in other.text()
    other.shot("overrides")
    other.type("code", seller.people["zhouning"].code())
    other.press("我确认")
    at = seller.as_("songwen", browser)
    at.go(f"/deals/{DEAL}/overrides")
    at.type("code", seller.people["songwen"].code())
    at.type("ref", DEAL)
    at.press("推翻这条规则")
    assert [one["state"] for one in seller.told("suhe", "override", "list", DEAL)["overrides"]] == ["live"]
    at.press("提前终止")
    assert [one["state"] for one in seller.told("suhe", "override", "list", DEAL)["overrides"]] == ["ended"]
    assert not at.faults, "\n".join(at.faults)


def test_c1_a_house_rule_that_loosens_takes_two_signatures(seller, browser, tmp_path):
    """A draft counts for nothing; signed by one it still does not lie in the house's laws; signed by two it does, and is told."""
    draft = tmp_path / "pipia.yaml"
    draft.write_text(LOOSE, encoding="utf-8")
    laid = seller.served.home / "laws" / "cn" / "house" / "pipia.yaml"
    at = seller.as_("songwen", browser)
    at.go("/laws")
    at.find("[name=file]").send_keys(str(draft))
    at.type("place", "cn")
    at.press("放入草案")
    at.press("我签署这份规则")
    assert "CN-PIPIA-55" in at.find(".note-warn").text
    assert not laid.exists()
    at.shot("house-laws")
    other = seller.as_("zhouning", browser)
    other.go("/laws")
    other.press("我签署这份规则")
    assert laid.read_text(encoding="utf-8") == LOOSE
    other.says("本公司自己的 1 条规则")
    laid.unlink()
    assert not other.faults, "\n".join(other.faults)


def fill(at) -> None:
    at.type("rule", "CN-PROVIDE-23")
    at.type("reason", "律师意见：第二十二条另有规定，见备忘录。")
    at.driver.execute_script("document.querySelector('[name=until]').value = '2026-12-31'")
