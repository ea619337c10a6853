"""What two people allow or correct about data that is kept: a place abroad until a day, a death entered by mistake (E6, C3)."""

import pytest

from tests.web.company import DEAL

pytestmark = pytest.mark.part("browser")
ABROAD = "s3://auditors-copy?region=eu-central-1"
WHY = "the auditor reads it there, contract 7"
MISTAKE = "another of the same name had died"


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def confirmed(seller, browser, first: str, second: str, path: str, typed: str, do: str) -> None:
    """The second person confirms what the first asked, and the first does it."""
    at = seller.as_(second, browser, factor=True)
    at.go(path)
    at.type("code", seller.people[second].code())
    at.press("我确认")
    at = seller.as_(first, browser, factor=True)
    at.go(path)
    at.type("code", seller.people[first].code())
    at.type("ref", typed)
    at.press(do)


def test_e6_a_place_abroad_is_allowed_by_two_and_ended_by_one(seller, browser):
    """It is told where the place lies; one alone allows nothing; what is in force can be ended; a place at home needs none of it."""
    at = seller.as_("suhe", browser, factor=True)
    at.go("/residency")
    fill(at, "/var/tmp")
    at.press("先试运行")
    assert at.find("[data-slug]").get_attribute("data-slug") == "residency.needless"
    at.complaints()
    number = len(told(seller)) + 1
    fill(at, ABROAD)
    at.press("先试运行")
    assert "德国" in at.find(".ceremony").text
    at.shot("residency-look")
    at.press("请第二个人确认")
    assert len(told(seller)) == number - 1
    confirmed(seller, browser, "suhe", "zhouning", "/residency", f"residency-{number}", "允许存放")
    assert (told(seller)[-1]["place"], told(seller)[-1]["in_force"]) == (ABROAD, True)
    at.shot("residency")
    at.go("/lang/en?next=/residency")
    at.says("Where the data lies")
    at.shot("residency-en")
    at.go("/lang/zh?next=/residency")
    at.press(f"提前终止 {ABROAD}")
    assert told(seller)[-1]["in_force"] is False
    assert not at.driver.find_elements("css selector", "form[action$='/end']")
    assert not at.faults, "\n".join(at.faults)


def test_c3_a_death_entered_by_mistake_is_corrected_from_the_customers_card(seller, browser, tmp_path):
    """From the card to the form; a second person confirms; then the card says nothing of a death, and the ledger what happened."""
    subject = seller.told("suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    (tmp_path / "died.csv").write_text(f"subject,answer\n{subject},person.died\n", encoding="utf-8")
    seller.told("zhouning", "answers", DEAL, tmp_path / "died.csv")
    path = f"/deals/{DEAL}/customers/{subject}/died"
    at = seller.as_("zhouning", browser, factor=True)
    at.go(f"/customers/{subject}")
    at.shot("customer-died")
    at.press("更正误记的死亡")
    at.type("reason", MISTAKE)
    at.press("先试运行")
    at.shot("death")
    at.press("请第二个人确认")
    confirmed(seller, browser, "zhouning", "suhe", path, DEAL, "更正")
    assert "更正误记的死亡" not in at.text()
    (entry,) = [one.text for one in at.driver.find_elements("css selector", "main aside .tl li") if MISTAKE in one.text]
    assert "更正了误记的去世" in entry
    at.go("/ledger")
    assert "更正了误记的去世" in at.text()
    at.go(f"/lang/en?next={path}")
    at.says("Correct a death entered by mistake")
    at.shot("death-en")
    at.go("/lang/zh?next=/")
    assert not at.faults, "\n".join(at.faults)


def fill(at, place: str) -> None:
    at.type("place", place)
    at.type("reason", WHY)
    at.driver.execute_script("document.querySelector('[name=until]').value = '2026-12-31'")


def told(seller) -> list[dict]:
    return seller.told("suhe", "residency", "list")["exceptions"]
