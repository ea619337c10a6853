"""The ends of a deal in a browser: rehearsed first, confirmed by a second person, done by the first (C1, C9)."""

import pytest

pytestmark = pytest.mark.part("browser")
FACTS = {"deal": {"structure": "asset_deal"}, "seller": {"jurisdiction": "CN"}, "buyer": {"jurisdiction": "CN"}}


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_c1_a_deal_is_broken_off_by_two_people(seller, browser):
    """The first names why and sees the rehearsal, the second confirms exactly that by an own code, the first does it."""
    deal = seller.deal(**FACTS)
    at = seller.as_("suhe", browser, factor=True)
    at.go(f"/deals/{deal}/ends")
    at.says("这笔交易怎样了结")
    at.shot("ends")
    at.press("终止这笔交易")
    at.find("input[value=financing]").click()
    at.press("先试运行")
    assert "资金没有到位" in at.text()
    assert seller.told("suhe", "deal", "show", deal)["state"] == "open"
    at.press("请第二个人确认")
    assert "等第二个人" in at.text()
    other = seller.as_("zhouning", browser, factor=True)
    other.go(f"/deals/{deal}/ends/deal-abort")
    assert "资金没有到位" in other.text()
    other.type("code", seller.people["zhouning"].code())
    other.press("我确认")
    at = seller.as_("suhe", browser)
    at.go(f"/deals/{deal}/ends/deal-abort")
    at.shot("end-abort")
    at.type("code", seller.people["suhe"].code())
    at.type("ref", deal)
    at.press("终止这笔交易")
    at.says("这笔交易已终止")
    assert seller.told("suhe", "deal", "show", deal)["state"] == "aborted"
    at.go(f"/deals/{deal}/ends/deal-close")
    at.complaints()
    at.press("先试运行")
    assert "对方" in at.find(".note[role=alert]").text
    at.complaints()
    assert not at.faults, "\n".join(at.faults)


def test_c9_a_company_that_goes_on_is_not_wound_up(seller, browser):
    """The page says why, and nothing is shredded; who may not act is told so with 403."""
    at = seller.as_("suhe", browser)
    at.go("/deals/D-2026-0001/ends/deal-windup")
    at.type("keeper", "清算组")
    at.press("先试运行")
    assert at.find("[data-slug]").get_attribute("data-slug") == "deal.not-ending"
    at.complaints()


def test_c9_a_company_that_ends_is_wound_up_by_two(seller, browser):
    """What law keeps is named with its count before anybody confirms; then the rest is shredded, and the deal can be closed."""
    facts = {**FACTS, "deal": {"structure": "dissolution", "successor_exists": False}}
    facts["event"] = {
        "kind": "cessation",
        "data_leaves_entity": False,
        "recipient_role": "none",
        "identifiability": "identifiable",
    }
    facts["retention"] = {"statutory_hold": True, "purpose_ended": False, "deletion_technically_hard": False}
    deal = seller.deal(alone=True, **facts)
    seller.told("zhouning", "gate", deal)
    at = seller.as_("suhe", browser, factor=True)
    at.go(f"/deals/{deal}/ends/deal-windup")
    at.type("keeper", "清算组")
    at.press("先试运行")
    at.shot("end-windup")
    assert "法律要求留存" in at.text()
    at.press("请第二个人确认")
    content = at.find("[name=content]").get_attribute("value")
    seller.told("zhouning", "approve", "deal-windup", content)
    at.go(f"/deals/{deal}/ends/deal-windup")
    at.type("code", seller.people["suhe"].code())
    at.type("ref", deal)
    at.press("粉碎并清结")
    at.find("h1")
    assert seller.told("suhe", "vault", "check")["ok"] is True
    plan = seller.told("suhe", "deal", "plan", deal)
    assert next(one for one in plan["steps"] if one["stage"] == "wound-up")["state"] == "done"
    assert plan["next"]["act"] == "deal close"
    at.go(f"/deals/{deal}/ends")
    assert f"/deals/{deal}/ends/deal-close" in at.source()
    assert "/ends/deal-abort" not in at.source(), "keys are gone: there is nothing to break off"
    assert not at.faults, "\n".join(at.faults)
