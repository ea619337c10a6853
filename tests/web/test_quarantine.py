"""A2, C8: what was set aside, in the console: the sum, the reasons, the lines, dismissing by tick and by reason, mending before sealing."""

import os
import shutil

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.part("browser")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def listed(seller, *words: str) -> dict:
    return seller.told("limo", "quarantine", "list", *words)


def chosen(at, why: str) -> None:
    at.driver.execute_script("document.querySelector('[name=why]').value = arguments[0]", why)


def test_c8_the_page_adds_up_and_a_line_is_dismissed_with_a_reason(seller, browser):
    """The table's sum is the service's; a ticked line is dismissed by keys alone, and says by whom."""
    before = listed(seller)
    at = seller.as_("limo", browser)
    at.go("/data")
    at.press(f"{before['open'] + before['dismissed']:,}")
    at.says(f"{before['open']:,} 行还没有着落")
    assert at.find("tfoot").text.split()[1:] == [
        f"{before[name]:,}" for name in ("rows", "sealed", "dismissed", "open", "difference")
    ]
    assert before["difference"] == 0
    at.shot("quarantine")
    box = at.find("input[name=number]")
    at.driver.execute_script("arguments[0].focus()", box)
    box.send_keys(Keys.SPACE)
    assert box.is_selected()
    chosen(at, "not-needed")
    at.press("不要勾选的行")
    after = listed(seller)
    assert (after["open"], after["dismissed"]) == (before["open"] - 1, before["dismissed"] + 1)
    at.go("/quarantine?state=dismissed")
    assert "limo" in at.find("#lines").text
    at.shot("quarantine-dismissed")
    assert not at.faults, "\n".join(at.faults)


def test_c8_all_of_one_reason_are_dismissed_at_once_in_english(seller, browser):
    """From the reason to its lines, and all of them at once; nothing ticked is refused and says what to do."""
    group = next(one for one in listed(seller)["groups"] if one["looked_at"] and one["open"])
    at = seller.as_("limo", browser)
    at.go("/lang/en?next=/quarantine")
    chosen(at, "duplicate")
    at.press("Dismiss the ticked lines")
    assert at.find("[data-slug]").get_attribute("data-slug") == "quarantine.which"
    at.complaints()
    at.go(f"/quarantine?table={group['table']}&reason={group['reason']}")
    at.shot("quarantine-en")
    chosen(at, "duplicate")
    at.follow(at.find("button[value=all]"))
    assert all(
        one["open"] == 0
        for one in listed(seller)["groups"]
        if (one["table"], one["reason"]) == (group["table"], group["reason"])
    )
    at.go("/lang/zh?next=/")
    assert not at.faults, "\n".join(at.faults)


def test_a3_who_handles_no_rows_sees_places_and_reasons_alone(seller, browser):
    """A lawyer is told who decides, and no shape of any value."""
    seller.visitor("songwen")
    at = seller.as_("songwen", browser)
    at.go("/quarantine")
    assert not at.driver.find_elements(By.CSS_SELECTOR, "#lines .masked, #lines input[type=checkbox]")
    assert "只有经手的人看得到样子" in at.text()
    assert "由所有者、隐私负责人或数据岗处理" in at.text()


def test_a2_the_sheet_holds_places_and_nothing_of_what_stood_there(seller):
    """Each line with its reason in words; no shape, masked or not."""
    sheet = seller.visitor("limo").get("/quarantine?as=csv")
    assert sheet.count("\n") == listed(seller)["total"] + 1
    assert "某" not in sheet


def test_a2_a_mended_file_takes_the_place_of_the_broken_one_and_decisions_stay(seller, browser, tmp_path):
    """A ragged line is told; the mended file is scanned under the same name, the line is a row, and what was confirmed is still confirmed; another name is refused."""
    at, file = seller.as_("limo", browser), tmp_path / "readers.csv"
    file.write_text("reader_no,name,mobile\nR1,王芳,13800138001\nR2,李雷\nR3,韩梅,13800138003\n", encoding="utf-8")
    at.go("/data")
    at.type("files", str(file))
    at.press("开始扫描")
    intake = scanned(at)
    assert "列数与表头不符" in at.text()
    at.go(f"{intake}?show=all")
    at.submit(at.find("[data-column=mobile] form.nowrap"), "button[value=confirm]")
    at.shot("intake-mend")
    other = tmp_path / "others.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    at.type("files", str(other))
    at.press("替换并重新扫描")
    assert "这不是刚才读过的文件" in at.text()
    at.complaints()
    file.write_text(
        "reader_no,name,mobile\nR1,王芳,13800138001\nR2,李雷,13800138002\nR3,韩梅,13800138003\n", encoding="utf-8"
    )
    at.go(f"{intake}?show=all")
    at.type("files", str(file))
    at.press("替换并重新扫描")
    assert scanned(at) == intake
    at.go(f"{intake}?show=all")
    assert "列数与表头不符" not in at.text()
    assert at.find("[data-column=mobile] button[value=confirm]").get_attribute("disabled")
    at.press("不要了，删掉文件")
    assert not at.faults, "\n".join(at.faults)


def test_a2_files_that_nobody_sealed_in_a_week_are_gone_and_the_page_says_so(seller, browser, tmp_path):
    """Whoever looks at them keeps them for another one; when they went they are discarded, and given again."""
    at, file = seller.as_("limo", browser), tmp_path / "late.csv"
    file.write_text("reader_no,name,mobile\nR1,王芳,13800138001\n", encoding="utf-8")
    at.go("/data")
    at.type("files", str(file))
    at.press("开始扫描")
    intake = scanned(at)
    kept = seller.where / "seller" / "tmp" / "intake" / intake.rpartition("/")[2]
    os.utime(kept, (0, 0))
    at.go(intake)
    assert kept.stat().st_mtime > 0
    shutil.rmtree(kept)
    at.go(intake)
    assert at.find("[data-slug]").get_attribute("data-slug") == "console.unsealed"
    assert "一星期没有人看过" in at.text()
    at.complaints()
    at.shot("intake-gone")
    at.press("不要了，删掉文件")
    assert not at.faults, "\n".join(at.faults)


def scanned(at) -> str:
    """Wait for the scan, go on, and say where the map is."""
    at.patience(60, lambda: at.driver.find_elements(By.CSS_SELECTOR, "a#work-go") or "/data/" in at.driver.current_url)
    if "/work/" in at.driver.current_url:
        at.follow(at.find("a#work-go"))
    return at.driver.current_url.removeprefix(at.base).split("?")[0]
