"""A file that two encodings fit is read as somebody says who saw both readings, and no page advises a command line (A2)."""

import re
import zipfile
from html import unescape
from pathlib import Path

from tests.web.company import Company
from tests.web.test_quarantine import scanned
from tests.web.visitor import Visitor

TEXT = "id,name,city,mobile\n1,André,巴黎,13800138001\n2,Zoé,里昂,13800138002\n"
"""Its header is ASCII, its few odd bytes read as Chinese of either kind."""


def brought(owner: Visitor, file: Path) -> str:
    """The page of a file that is read."""
    owner.get("/data")
    owner.upload("/data", "files", file)
    owner.led_on()
    return re.sub(r"[?#].*", "", owner.at.removeprefix(owner.base))


def test_a2_two_readings_are_shown_and_one_is_chosen(seller: Company, tmp_path: Path):
    """Both stand on the page, with what tells them apart; the chosen one is the map's; a second reading asks nobody again; the other can be taken."""
    owner, file = seller.visitor("suhe"), tmp_path / "guests.csv"
    file.write_bytes(TEXT.encode("gb18030"))
    page = brought(owner, file)
    assert "--encoding" not in owner.page
    assert {"big5", "gb18030"} == set(re.findall(r'name="encoding" value="(\w+)"', owner.page))
    assert "é" in unescape(owner.page)
    assert "André" not in unescape(owner.page)  # letters, and nobody's name
    owner.post(f"{page}/read", file="guests.csv", encoding="gb18030")
    owner.led_on()
    assert 'data-column="mobile"' in owner.get(f"{page}?show=all")
    assert "encoding.ambiguous" not in owner.page
    shown = owner.get(f"{page}?show=all")
    assert re.search(r'value="gb18030" disabled', shown)
    assert re.search(r'value="big5">', shown)
    owner.post(f"{page}/read", file="guests.csv", encoding="gb18030")  # said twice
    assert owner.at.endswith(page)
    owner.post(f"{page}/read", file="guests.csv", encoding="latin-1")
    assert "console.encoding" in owner.page
    owner.get(page)
    owner.upload(f"{page}/mend", "files", _mended(file))
    owner.led_on()
    assert 'name="encoding"' not in owner.get(f"{page}?show=all")  # of other bytes nothing was said
    owner.get(page)
    owner.post(f"{page}/discard")


def _mended(file: Path) -> Path:
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_a2_a_header_that_tells_is_shown_and_a_member_of_an_archive_is_asked_of_too(seller: Company, tmp_path: Path):
    """The first cells in either reading, of a file inside an archive."""
    owner, packed = seller.visitor("suhe"), tmp_path / "guests.zip"
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("list.csv", "no,Zoé,里昂\n1,2,3\n".encode("gb18030"))
    page = brought(owner, packed)
    told = re.findall(r'<p class="brk">([^<]*)</p>', unescape(owner.page))
    assert len(set(told)) == len(told) == 2
    assert "no · Zoé · 里昂" in told
    owner.post(f"{page}/read", file="guests.zip/list.csv", encoding="gb18030")
    owner.led_on()
    assert "里昂" in unescape(owner.get(f"{page}?show=all"))
    owner.post(f"{page}/discard")


def test_a2_the_choice_in_a_browser(seller, browser, tmp_path):
    """Two buttons, and what each makes of the file; no file has to be saved anew."""
    at, file = seller.as_("limo", browser), tmp_path / "guests.csv"
    file.write_bytes(TEXT.encode("gb18030"))
    at.go("/data")
    at.type("files", str(file))
    at.press("开始扫描")
    scanned(at)
    at.shot("intake-two-readings")
    assert "另存为 CSV" not in at.text()
    at.submit(at.find("form[action$=read]"), "button[value=gb18030]")
    scanned(at)
    at.shot("intake-read-as")
    assert "按您说的读法读了" in at.text()
    at.press("不要了，删掉文件")
    assert not at.faults, "\n".join(at.faults)
