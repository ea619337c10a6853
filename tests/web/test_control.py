"""A share deal by browser: those who leave sign, two people hand control over, the sheets are shown once, the deal is closed (C9, A4)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from custody import wiring
from custody.cli.rehearsal.demo import Rehearsal
from custody.cli.rehearsal.half import Out
from custody.cli.rehearsal.share import ShareTransfer
from tests.line.conftest import act, custody
from tests.web.actor import Actor
from tests.web.conftest import chromium
from tests.web.serving import serve
from tests.web.visitor import Visitor

pytestmark = pytest.mark.part("browser")
DEAL = "D-2026-0001"


class ReadyError(Exception):
    """The company is told and the incoming people are in; the console does the rest."""


class UpToControl(ShareTransfer):
    """Everything before control is handed over."""

    def _control(self, deal: str) -> Out:
        raise ReadyError(deal)


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The company's console and its people."""
    where = tmp_path_factory.mktemp("control") / "demo"
    with pytest.raises(ReadyError):
        Rehearsal(where, None, 60, "en", lambda _: None).run(UpToControl)
    downloads = where / "downloads"
    downloads.mkdir()
    with ExitStack() as stack:
        served = stack.enter_context(serve(where / "seller"))
        browser = stack.enter_context(chromium(served.base, downloads))
        people = {}
        for name in ("limo", "fanyuan", "zhouning"):
            secret = served.home / "keys" / "principals" / f"{name}.pass"
            people[name] = Actor(browser, served.base, name, secret.read_text(encoding="utf-8").strip())
            people[name].turn().go("/account/login/")
            browser.type("login", name)
            browser.type("password", people[name].passphrase)
            browser.press("登录")
            if name != "limo":
                people[name].second_factor()
        yield SimpleNamespace(where=where, browser=browser, served=served, **people)


def test_c9_a_share_deal_from_its_leavers_to_its_closing_statement(cast):
    """Who leaves signs and is locked out, the new holders' sheets open the vault, the statement verifies, the deal is closed."""
    browser = cast.limo.turn()
    browser.go(f"/deals/{DEAL}/control")
    browser.find("[name=copies] option[value=returned]").click()
    browser.press("签署声明")
    browser.shot("control-leaver")
    sheets = hand_over(cast)
    assert [name for name, _ in sheets] == [f"recovery-main-g2-{who}" for who in ("fanyuan", "yeqing", "zhouning")]
    assert opens(cast, sheets)
    for name in ("suhe", "limo"):
        visitor = Visitor(cast.served.base)
        visitor.sign_in(
            name, (cast.served.home / "keys" / "principals" / f"{name}.pass").read_text(encoding="utf-8").strip()
        )
        assert "/account/login/" in visitor.at
    cast.limo.turn().go("/")
    assert "/account/login/" in browser.driver.current_url
    browser = cast.fanyuan.turn()
    browser.go(f"/deals/{DEAL}/control")
    assert not [path for path in (cast.served.home / "tmp").iterdir() if "sheets" in path.name]
    code, out = custody("verify", browser.download("控制权移交"))
    assert (code, out["ok"], out["kind"]) == (0, True, "statement"), out
    closed(cast)
    assert not browser.faults, "\n".join(browser.faults)


def hand_over(cast) -> list[tuple[str, str]]:
    """The incoming owner names who leaves and who holds, the privacy officer confirms, the owner does it."""
    browser = cast.fanyuan.turn()
    browser.go(f"/deals/{DEAL}/control")
    assert browser.find("#od").text == "按这个次序"
    browser.press("先试运行")
    assert "由新任所有者执行" in browser.find("[data-slug]").text
    assert "--" not in browser.find("[data-slug]").text
    for name, handles in (("leaver", ("suhe", "limo")), ("holder", ("fanyuan", "yeqing", "zhouning"))):
        for handle in handles:
            browser.find(f"[name={name}][value={handle}]").click()
    browser.press("先试运行")
    browser.shot("control-rehearsed")
    browser.press("请第二个人确认")
    browser = cast.zhouning.turn()
    browser.go(f"/deals/{DEAL}/control")
    browser.shot("control-second")
    assert not browser.find("[name=copies]").is_displayed()
    browser.type("code", cast.zhouning.code())
    browser.press("我确认")
    browser = cast.fanyuan.turn()
    browser.go(f"/deals/{DEAL}/control")
    browser.type("code", cast.fanyuan.code())
    browser.type("ref", DEAL)
    with busy(cast.served.home, "fanyuan"):
        browser.submit(browser.find("#act"), "button.btn[value=do]")
        browser.says("正在移交控制权")
    browser.says("公司已经易主")
    assert not clear(cast.served.home)
    stranger = cast.zhouning.turn()
    stranger.go(f"/deals/{DEAL}/control")
    assert not stranger.driver.find_elements("css selector", "[value=sheets]")
    browser = cast.fanyuan.turn()
    browser.go(f"/deals/{DEAL}/control")
    browser.shot("control-ready")
    browser.press("显示恢复单")
    browser.find(".sheet")
    browser.shot("control-sheets")
    found = browser.driver.execute_script(
        "return Array.from(document.querySelectorAll('.sheet')).map(one => [one.getAttribute('aria-label'), one.querySelector('pre').textContent]);"
    )
    return [(name, text) for name, text in found]


def clear(home: Path) -> list[Path]:
    """Files of the home in which one of the new sheets stands, before anybody has seen the sheets."""
    return [path for path in home.rglob("*") if path.is_file() and b"main, g2" in path.read_bytes()]


@contextmanager
def busy(home: Path, who: str) -> Iterator[None]:
    """Somebody else writes the store: whoever writes too waits for their turn."""
    with wiring.desk(home, who, home / "keys" / "principals" / f"{who}.pass") as desk, desk.store.write():
        yield


def opens(cast, sheets: list[tuple[str, str]]) -> bool:
    """Any two of the printed sheets bring the vault's key back."""
    paths: list[Path] = []
    for name, text in sheets[1:]:
        paths.append(cast.where / f"{name}.txt")
        paths[-1].write_text(text, encoding="utf-8")
    code, out = act(cast.where, "seller", "fanyuan", "recovery", "test", *paths)
    return code == 0 and out["opens"]


def closed(cast) -> None:
    """The closing statement, by two people as well."""
    path = f"/deals/{DEAL}/ends/deal-close"
    browser = cast.fanyuan.turn()
    browser.go(f"/deals/{DEAL}/control")
    browser.press("了结交易")
    assert "份副本没有交代" not in browser.text(), "a company that stays keeps its own copies"
    browser.press("先试运行")
    browser.press("请第二个人确认")
    browser = cast.zhouning.turn()
    browser.go(path)
    browser.type("code", cast.zhouning.code())
    browser.press("我确认")
    browser = cast.fanyuan.turn()
    browser.go(path)
    browser.type("code", cast.fanyuan.code())
    browser.type("ref", DEAL)
    browser.press("了结这笔交易")
    browser.says("这笔交易已了结")
    browser.go(f"/deals/{DEAL}/control")
    assert {"控制权移交", "了结声明"} <= set(browser.find("main aside").text.splitlines())
    code, out = act(cast.where, "seller", "fanyuan", "deal", "show", DEAL)
    assert (code, out["state"]) == (0, "closed"), out
