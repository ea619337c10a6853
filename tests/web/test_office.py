"""Office pages in a browser: the access policy by two people, several customers at once, tokens of machines (A3, E5)."""

import pytest
from selenium.webdriver.common.by import By

from tests.web.company import DEAL

pytestmark = pytest.mark.part("browser")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def two(seller, browser, path: str, second_path: str, name: str, word: str):
    """The first asks, the second confirms by a code, the first does it."""
    browser.press("请第二个人确认")
    other = seller.as_("zhouning", browser, factor=True)
    other.go(second_path)
    other.shot(f"{word}-second")
    other.type("code", seller.people["zhouning"].code())
    other.press("我确认")
    at = seller.as_("suhe", browser)
    at.go(path)
    at.type("code", seller.people["suhe"].code())
    at.type("ref", name)
    at.submit(at.find("#act"), "button.btn[value=do]")
    return at


def test_a3_the_policy_is_changed_by_two_and_keeps_its_versions(seller, browser):
    """What is no policy is refused with its reason; the new version is in force once both signed, the old one stays to be read."""
    before = seller.told("suhe", "access", "show")["newest"]
    at = seller.as_("suhe", browser, factor=True)
    at.go("/access/policy")
    at.shot("policy")
    at.find("#expert summary").click()
    at.type("text", "grant_days = 0")
    at.submit(at.find("#expert form"), "button.btn-1")
    assert at.find("[data-slug]").get_attribute("data-slug") == "access.form"
    at.complaints()
    at.go("/access/policy")
    at.type("grant_days", "30")
    at.find("[name='1.purposes'][value=marketing]").click()
    at.press("先试运行")
    said = at.find("#act .says li").text
    assert said == "所有者、隐私官、律师、数据管理员为履约、服务、法定义务、内部可以看一般资料。"
    at = two(seller, browser, "/access/policy", "/access/policy", f"policy-{before + 1}", "policy")
    told = seller.told("suhe", "access", "show")
    assert (told["newest"], told["policy"]["grant_days"]) == (before + 1, 30)
    assert told["policy"]["rule"][0]["purposes"] == ["contract", "service", "legal", "internal"]
    at.go(f"/access/policy?n={before}")
    assert "grant_days = 90" in at.find("[name=text]").get_attribute("value")
    assert not at.faults, "\n".join(at.faults)


def test_a3_several_customers_are_shown_once_to_who_asked(seller, browser):
    """Two people, one confirmation for one look; each customer is entered, and the page covers itself."""
    people = [one["subject"] for one in seller.told("suhe", "deal", "customers", DEAL, "--most", "3")["customers"]]
    at = seller.as_("suhe", browser, factor=True)
    at.go("/customers/many")
    at.type("reason", "核对三位客户的地址")
    at.type("subjects", " ".join(people))
    at.find("details summary").click()
    field = min(set.intersection(*(held(seller, one) for one in people)))
    at.find(f"[name=field][value='{field}']").click()
    at.shot("many")
    at.press("先试运行")
    assert field in at.find("main dl").text
    at = two(seller, browser, "/customers/many", "/customers/many?of=suhe", "bulk-reveal", "many")
    assert at.find(".countdown").get_attribute("data-seconds") == "60"
    shown = len(at.driver.find_elements(By.CSS_SELECTOR, "section.card"))
    refused = len(at.driver.find_elements(By.CSS_SELECTOR, "main p.note b"))
    at.shot("many-shown")
    assert shown + refused - 1 == len(people)
    at.go("/customers/many")
    assert not at.driver.find_elements(By.CSS_SELECTOR, ".two")
    for one in people:
        told = seller.told("suhe", "access", "of", one)
        assert any(look["reason"] == "核对三位客户的地址" for look in told["looks"])
    assert not at.faults, "\n".join(at.faults)


def held(seller, subject: str) -> set[str]:
    """The fields that are held of somebody, as a look is narrowed to them."""
    return {f"{one['table']}/{one['column']}" for one in seller.told("suhe", "customer", subject)["fields"]}


def test_e5_a_token_is_made_shown_once_and_revoked(seller, browser):
    """The secret stands on one page alone; the list has it no more; revoked is revoked."""
    at = seller.as_("suhe", browser)
    at.go("/tokens")
    at.type("name", "crm-sync")
    at.find("[name=scope][value=deals]").click()
    at.driver.execute_script("document.querySelector('[name=until]').value = '2026-06-30'")
    at.press("生成")
    secret = at.find("#once").text
    assert secret.startswith("custody_")
    at.shot("tokens")
    at.go("/tokens")
    assert secret not in at.source()
    assert "crm-sync" in at.find("#tokens").text
    at.press("吊销 crm-sync")
    assert "已吊销" in at.find("#tokens").text
    assert seller.told("suhe", "token", "list")["tokens"][-1]["state"] == "revoked"
    assert not at.faults, "\n".join(at.faults)
