"""A deal that is broken off, by browser at both sides: ended by two, given back by two of the bidder, closed by two (C1)."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from selenium.webdriver.support.ui import Select

from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Out
from tests.drawn import drawn
from tests.line.conftest import act
from tests.web.actor import Actor
from tests.web.conftest import chromium
from tests.web.serving import serve

pytestmark = pytest.mark.part("browser")
DEAL = "D-2026-0001"


class ReadyError(Exception):
    """The ciphertext is at the bidder; the rest is left to the consoles."""


class UpToRelease(Play):
    """Shipped by command; before the keys go, the deal falls through."""

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:
        if act != "ship":
            raise ReadyError(deal)
        return super()._approved(who, second, act, deal)


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[SimpleNamespace]:
    """Two consoles and two people of each side, what was shipped lying in both homes."""
    where = tmp_path_factory.mktemp("off") / "demo"
    with pytest.raises(ReadyError):
        drawn(where, 60, draw).run(UpToRelease)
    _, came = act(where, "buyer", "fanyuan", "arrival")
    matter = came["arrivals"][0]["id"]
    for home in (where / "seller" / "matters" / DEAL, where / "buyer" / "matters" / matter):
        shutil.copytree(where / "handover", home / "handover", dirs_exist_ok=True)
    (where / "downloads").mkdir()
    with ExitStack() as stack:
        served = {side: stack.enter_context(serve(where / side)) for side in ("seller", "buyer")}
        browser = stack.enter_context(chromium(served["seller"].base, where / "downloads"))
        people = {}
        for side, name in (("seller", "suhe"), ("seller", "zhouning"), ("buyer", "fanyuan"), ("buyer", "yeqing")):
            secret = where / side / "keys" / "principals" / f"{name}.pass"
            people[name] = Actor(browser, served[side].base, name, secret.read_text(encoding="utf-8").strip())
            people[name].sign_in()
        yield SimpleNamespace(where=where, matter=matter, browser=browser, **people)


def two(cast, path: str, first: Actor, second: Actor) -> None:
    """Rehearsed by the first already: the second confirms with six digits, the first does it."""
    cast.browser.press("请第二个人确认")
    second.turn().go(path)
    cast.browser.type("code", second.code())
    cast.browser.press("我确认")
    first.turn().go(path)
    cast.browser.type("code", first.code())
    cast.browser.type("ref", DEAL)
    cast.browser.submit(cast.browser.find("#act"), "button.btn[value=do]")
    cast.browser.find("h1")


def test_c1_a_deal_that_falls_through_is_given_back_and_closed(cast):
    """The seller says why, the bidder accounts for every copy, the seller closes; each side finds its way by the pages alone."""
    breaks_off(cast)
    aborted = paper(cast, "下载声明 交易终止")
    gives_back(cast, aborted)
    returned = paper(cast, "下载声明 退还或销毁的答复")
    closes(cast, returned)
    assert not cast.browser.faults, "\n".join(cast.browser.faults)


def paper(cast, words: str) -> Path:
    """The statement of this end, downloaded from the page where it was made."""
    return cast.browser.download(words)


def breaks_off(cast) -> None:
    browser, path = cast.suhe.turn(), f"/deals/{DEAL}/ends/deal-abort"
    browser.go(f"/deals/{DEAL}/ends")
    browser.press("终止这笔交易")
    browser.find("input[value=financing]").click()
    browser.press("先试运行")
    two(cast, path, cast.suhe, cast.zhouning)
    browser.shot("off-aborted")


def gives_back(cast, aborted: Path) -> None:
    browser, path = cast.fanyuan.turn(), f"/deals/{cast.matter}/ends/deal-return"
    browser.go(f"/arrivals/{cast.matter}")
    browser.shot("off-arrival")
    browser.go(f"/deals/{DEAL}")
    assert browser.driver.current_url.endswith(f"/arrivals/{cast.matter}")
    browser.press("答复终止：返还或销毁")
    browser.type("name", "收到移交包的 U 盘")
    browser.press("先试运行")
    assert "由卖方终止" in browser.find("main").text
    assert browser.find("[name=name]").get_attribute("value") == "收到移交包的 U 盘", "a refusal takes nothing away"
    browser.type("paper", str(aborted))
    browser.press("放入")
    browser.type("name", "收到移交包的 U 盘")
    Select(browser.find("[name=state]")).select_by_value("stays")
    Select(browser.find("[name=stays]")).select_by_value("claim")
    browser.shot("off-return-form")
    browser.press("先试运行")
    browser.shot("off-return-look")
    two(cast, path, cast.fanyuan, cast.yeqing)
    browser.shot("off-returned")


def closes(cast, returned: Path) -> None:
    browser, path = cast.suhe.turn(), f"/deals/{DEAL}/ends/deal-close"
    browser.go(f"/deals/{DEAL}")
    assert "把这份声明发给买方" in browser.find("main").text
    browser.press("放入买方的答复，了结")
    browser.type("paper", str(returned))
    browser.press("放入")
    browser.press("先试运行")
    two(cast, path, cast.suhe, cast.zhouning)
    browser.shot("off-closed")
    code, out = act(cast.where, "seller", "suhe", "deal", "plan", DEAL)
    assert code == 0, out
    assert [(one["stage"], one["state"]) for one in out["steps"]] == [
        ("aborted", "done"),
        ("returned", "done"),
        ("closed", "done"),
    ]
