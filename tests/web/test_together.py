"""Working together in a browser: tasks, comments with mentions, notices, and a window for the parties (E5)."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.web.company import DEAL
from tests.web.visitor import Visitor

pytestmark = pytest.mark.part("browser")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_e5_a_task_and_a_mention_reach_whom_they_name(seller, browser):
    """Duties become tasks once; a task by hand and a mention are notices of that person alone; done is done."""
    seller.as_("zhouning", browser)
    deal = seller.deal(
        deal={"structure": "merger"},
        seller={"jurisdiction": "CN"},
        buyer={"jurisdiction": "CN"},
        event={"kind": "closing_handover", "data_leaves_entity": True},
    )
    at = seller.as_("suhe", browser)
    at.go(f"/deals/{deal}/together")
    at.press("把欠缺的义务列成任务")
    made = len(at.driver.find_elements(By.CSS_SELECTOR, ".acts form"))
    at.press("把欠缺的义务列成任务")
    assert len(at.driver.find_elements(By.CSS_SELECTOR, ".acts form")) == made
    at.type("title", "请物业确认仓库里没有纸质名册")
    Select(at.find("[name=whose]")).select_by_value("zhouning")
    at.press("添加任务")
    at.type("text", "@zhouning 评估报告请看第三节")
    at.press("发表")
    at.shot("together")
    other = seller.as_("zhouning", browser)
    other.go("/inbox")
    assert "请物业确认仓库里没有纸质名册" in other.text()
    assert "suhe 提到了您" in other.text()
    other.shot("inbox")
    other.press("都看过了")
    other.says("没有新的提醒")
    other.submit(other.find(".acts form"))
    other.find(".tl")
    assert "请物业确认仓库里没有纸质名册" not in other.find(".acts").text
    assert not other.faults, "\n".join(other.faults)


def test_e5_the_parties_see_progress_and_nothing_else(seller, browser):
    """The link opens without signing in, names nobody, is kept as a digest alone, and is shut by one press."""
    at = seller.as_("suhe", browser)
    at.go(f"/deals/{DEAL}/together")
    at.type("whom", "买方律师")
    at.press("生成链接")
    link = at.find("#window").text
    stranger = Visitor(seller.served.base)
    page = stranger.get(link.removeprefix(seller.served.base))
    assert stranger.status == 200
    assert DEAL in page
    for name in ("suhe", "zhouning", "songwen", "sub_", "/deals/"):
        assert name not in page, name
    data = b"".join(path.read_bytes() for path in seller.served.home.glob("console.db*"))
    assert link.rsplit("/", 1)[1].encode() not in data
    at.go(link.removeprefix(seller.served.base))
    at.shot("progress")
    at.go(f"/deals/{DEAL}/together")
    at.press("关闭 买方律师")
    stranger.get(link.removeprefix(seller.served.base))
    assert stranger.status == 404
    assert not at.faults, "\n".join(at.faults)
