"""The register of incidents in the browser: recorded, more is learned, told, closed (E2)."""

import pytest

pytestmark = pytest.mark.part("browser")
WHY = "Nothing had left the house after all"


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_e2_an_incident_from_its_discovery_to_its_end(seller, browser):
    """Data staff record it and decide nothing; what is not known may be owed; it closes when everything was said."""
    at = seller.as_("limo", browser, factor=True)
    at.go("/incidents")
    at.complaints()
    put(at, "discovered_at", "2026-01-05T10:00")
    at.type("affected_subjects", "37")
    at.press("登记")
    assert "依法该告知谁" in at.text()
    assert "个人信息泄露的补救和通知" in at.text()
    assert "立即" in at.text()
    assert all(one in at.text() for one in ("《中华人民共和国个人信息保护法》第 57 条", "登记了一起安全事件 limo"))
    assert "PIPL" not in at.text()
    assert at.find('.ph-a [href="#learn"]')
    assert not at.driver.find_elements("css selector", "#close, #tell, .ph-a .btn-1")
    at.shot("incident")
    ref = seller.told("zhouning", "incident", "list")["incidents"][0]["incident"]
    at = seller.as_("zhouning", browser, factor=True)
    at.go(f"/incidents/{ref}")
    at.complaints()
    assert value(at, "discovered_at") == "2026-01-05T10:00"
    assert value(at, "affected_subjects") == "37"
    urgent = at.find(".ph-a .btn-1").get_attribute("href")
    assert urgent.endswith(f"/incidents/{ref}/drafts/cn-breach-report")
    at.type("done", WHY)
    at.press("办结")
    assert at.find("[data-slug]").get_attribute("data-slug") == "incident.untold"
    put(at, "severity", "general")
    put(at, "may_have_occurred_only", "no")
    at.press("保存")
    assert one(seller, ref)["facts"]["incident.severity"] == "general"
    assert one(seller, ref)["version"] == 2
    for line in one(seller, ref)["duties"]:
        at.go(f"/incidents/{ref}")
        put(at, "line", f"{line['rule']}/{line['duty']}")
        put(at, "to", "nobody")
        at.type("reason", WHY)
        at.press("记下")
    assert one(seller, ref)["owed"] == 0
    at.go(f"/lang/en?next=/incidents/{ref}")
    assert "Whom the law says to tell" in at.text()
    at.complaints()
    at.shot("incident-en")
    at.go(f"/lang/zh?next=/incidents/{ref}")
    at.type("done", WHY)
    at.press("办结")
    assert one(seller, ref)["state"] == "closed"
    assert not at.driver.find_elements("css selector", "#close, #tell, #learn, .ph-a a")
    at.go("/incidents")
    assert "已办结" in at.text()
    at.shot("incidents")
    assert not at.faults, "\n".join(at.faults)


def test_e2_b1_the_people_are_counted_and_told_from_the_page(seller, browser):
    """The count becomes a fact, the draft names what lacks, and the plan waits for a second person; nothing typed is kept with the incident."""
    at = seller.as_("zhouning", browser, factor=True)
    at.go("/incidents")
    put(at, "discovered_at", "2026-01-06T10:00")
    at.press("登记")
    assert "还没有数过" in at.text()
    at.type("columns", "会员/手机号")
    at.press("开始数")
    ref = seller.told("zhouning", "incident", "list")["incidents"][0]["incident"]
    number = one(seller, ref)["facts"]["incident.affected_subjects"]
    assert number > 0
    assert f"会员/手机号 {number:,}" in at.text()
    word, said = (at.find(f'[aria-labelledby="tc"] {one}').location["y"] for one in ("dt", "dd"))
    assert abs(word - said) < 4, "a word stands beside what it says"
    at.complaints()
    at.shot("incident-counted")
    at.go(f"/incidents/{ref}/drafts/cn-breach-notice")
    at.complaints()
    assert "【待写】" in at.text()
    for item in ("cause", "possible_harm", "remedies", "mitigation", "contact"):
        for lang in ("zh", "en"):
            put(at, f"{item}:{lang}", f"{item} {lang}")
    at.press("预览")
    assert "【待写】" not in at.text()
    at.shot("incident-draft")
    at.type("sender", "privacy@qinghe.example")
    at.press("计划，不发送")
    planned = seller.told("zhouning", "incident", "draft", ref)["campaigns"]
    assert [each["kind"] for each in planned] == ["cn-breach-notice"]
    assert planned[0]["campaign"] in at.text()
    at.go(f"/lang/en?next=/incidents/{ref}")
    assert "What must be said" in at.text()
    at.complaints()
    at.go(f"/lang/zh?next=/incidents/{ref}")  # the account's language is others' too
    assert not at.faults, "\n".join(at.faults)


def one(seller, ref: str) -> dict:
    return seller.told("zhouning", "incident", "list", ref)["incidents"][0]


def put(at, name: str, value_: str) -> None:
    """Fields that a keyboard fills differently from browser to browser."""
    at.driver.execute_script(
        "document.querySelector(`main [name='${arguments[0]}']`).value = arguments[1]", name, value_
    )


def value(at, name: str) -> str:
    return at.find(f"main [name='{name}']").get_attribute("value")
