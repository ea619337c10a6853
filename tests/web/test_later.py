"""After the first release, by browser at both sides: who is cleared late follows, who withdraws is called back, each answered (C6, C7)."""

import csv
import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from selenium.webdriver.common.by import By

from custody import wiring
from custody.cli.rehearsal.half import Out
from tests.line.conftest import act
from tests.line.told import YES, Told, play
from tests.web.actor import Actor
from tests.web.conftest import chromium
from tests.web.serving import serve

pytestmark = pytest.mark.part("browser")
DEAL = "D-2026-0001"


class ReadyError(Exception):
    """The first release is received; what follows is left to the consoles."""


class FirstRelease(Told):
    """Three people agree late; nothing is released to them yet."""

    late: tuple[str, ...] = ()

    def cleared(self, people: Iterable[str]) -> Out:
        FirstRelease.late = tuple(people)
        self.answer(FirstRelease.late, YES)
        self.seller.run("zhouning", "gate", self.deal)
        raise ReadyError


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[SimpleNamespace]:
    """Two consoles and the people of both, each with what came lying in its own home."""
    where = tmp_path_factory.mktemp("later") / "demo"
    with pytest.raises(ReadyError):
        play(where, FirstRelease, draw)
    _, came = act(where, "buyer", "fanyuan", "arrival")
    matter = came["arrivals"][0]["id"]
    for home in (where / "seller" / "matters" / DEAL, where / "buyer" / "matters" / matter):
        shutil.copytree(where / "handover", home / "handover")
    downloads = where / "downloads"
    downloads.mkdir()
    with ExitStack() as stack:
        seller, buyer = (stack.enter_context(serve(where / name)) for name in ("seller", "buyer"))
        browser = stack.enter_context(chromium(seller.base, downloads))
        people = {}
        for served, names in ((seller, ("suhe", "zhouning")), (buyer, ("fanyuan", "yeqing"))):
            for name in names:
                secret = served.home / "keys" / "principals" / f"{name}.pass"
                people[name] = Actor(browser, served.base, name, secret.read_text(encoding="utf-8").strip())
                people[name].sign_in()
        yield SimpleNamespace(
            where=where, matter=matter, browser=browser, seller=seller, late=FirstRelease.late, **people
        )


def test_c6_c7_what_follows_the_first_release(cast):
    """A later release adds three, a recall takes one back; both sides' pages say the same, and every row is accounted for."""
    assert len(cast.late) == 3
    browser = cast.suhe.turn()
    browser.go(f"/deals/{DEAL}/releases")
    browser.press("现在裁定一遍，看看谁变了")
    assert figures(browser) == ["3", "0", "0"]
    browser.shot("releases-moved")
    assert set(moved(cast)) == set(cast.late)
    two(cast, "delta", "/deals", cast.suhe, cast.zhouning)
    take(cast, browser.download("下载 2"))
    browser.press("先看会收下什么")
    browser.says("青禾书屋")
    assert "什么也没有写" in browser.text()
    browser.press("接收这次放行")
    browser.says("青禾书屋")
    browser.shot("arrival-later")
    answered(cast, browser.download("买方回执 2"), 2)
    withdraws(cast, cast.late[0])
    two(cast, "recall", "/deals", cast.suhe, cast.zhouning)
    overdue(cast)
    recalled(cast)
    assert not browser.faults, "\n".join(browser.faults)


def figures(browser) -> list[str]:
    return [one.text for one in browser.driver.find_elements(By.CSS_SELECTOR, ".figs b")]


def moved(cast) -> list[str]:
    """The same people as a table."""
    fetch = "const [path, done] = arguments; fetch(path).then(told => told.text()).then(done);"
    page = cast.browser.driver.execute_async_script(fetch, f"/deals/{DEAL}/releases?look=1&as=csv")
    return [row[0] for row in list(csv.reader(io.StringIO(page.removeprefix("\ufeff"))))[1:]]


def two(cast, act: str, place: str, first: Actor, second: Actor) -> None:
    """The first asks, the second confirms with six digits, the first does it."""
    path = f"{place}/{DEAL if place == '/deals' else cast.matter}/{act}"
    first.turn().go(path)
    cast.browser.press("请第二个人确认")
    second.turn().go(path)
    cast.browser.shot(f"{act}-second{place.replace('/', '-')}")
    cast.browser.type("code", second.code())
    cast.browser.press("我确认")
    first.turn().go(path)
    cast.browser.type("ref", DEAL)
    cast.browser.type("code", first.code())
    cast.browser.submit(cast.browser.find("#act"), "button.btn[value=do]")
    cast.browser.find("h1")


def take(cast, file: Path) -> None:
    browser = cast.fanyuan.turn()
    browser.go(f"/arrivals/{cast.matter}")
    browser.type("file", str(file))
    browser.press("放入")
    browser.says("青禾书屋")


def answered(cast, receipt: Path, n: int) -> None:
    """The seller puts the answer in beside its release; the rows of all releases add up."""
    browser = cast.suhe.turn()
    browser.go(f"/deals/{DEAL}/account")
    browser.type("receipt", str(receipt))
    browser.press("放入并对账")
    browser.says("差异 0")
    browser.go(f"/deals/{DEAL}/releases")
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, "td .pill.is-ok")) == n


def withdraws(cast, who: str) -> None:
    path = cast.where / "withdrawn.csv"
    path.write_text(f"subject,answer\n{who},withdrawal\n", encoding="utf-8")
    browser = cast.zhouning.turn()
    browser.go(f"/deals/{DEAL}/answers")
    browser.type("answers", str(path))
    browser.press("录入")
    cast.suhe.turn().go(f"/deals/{DEAL}/releases?look=1")
    assert figures(browser) == ["0", "1", "0"]


def overdue(cast) -> None:
    """A recall runs as a clock; after its seven days the deal, the board and the due list say that it is late."""
    browser = cast.browser
    browser.go("/due")
    assert "recall-answer" in browser.text()
    wiring.move_clock(cast.seller.home, "2026-06-30T09:00:00+08:00")
    browser.go(f"/deals/{DEAL}/releases")
    browser.says("1 次召回逾期未答复")
    browser.shot("releases-late")
    browser.go(f"/deals/{DEAL}")
    assert "1 次召回逾期未答复" in browser.find("[role=alert]").text
    for path in ("/", "/due"):
        browser.go(path)
        assert browser.find(".is-late").text.startswith("逾期" if path == "/" else "")


def recalled(cast) -> None:
    cast.suhe.turn().go(f"/deals/{DEAL}/releases")
    take(cast, cast.browser.download("下载 3"))
    two(cast, "recall", "/arrivals", cast.fanyuan, cast.yeqing)
    cast.browser.shot("arrival-recalled")
    answered(cast, cast.browser.download("对召回的答复 3"), 3)
    code, out = act(cast.where, "seller", "suhe", "deal", "due")
    assert code == 0, out
    assert not [one for one in out["due"] if one["rule"] == "recall-answer"]
