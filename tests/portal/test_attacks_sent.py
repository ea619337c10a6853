"""B1, B3, B4: hostile names and addresses on their way out: through a real relay, into letters and lists, onto a page in a browser."""

import csv
import io
import re
import shutil
import sqlite3
import zlib
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from custody import wiring
from custody.acts.contacts import contacts
from custody.acts.spreadsheets import LEADS
from custody.base import ids
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_print import campaign_print
from custody.services.portal_prove import portal_prove
from custody.services.request_list import request_figures
from custody.services.request_new import request_new
from custody.services.revise import Correction
from tests.driven import driven, opened
from tests.portal.campaigns import planned, relay, sending, taken, untold
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.serving import portal
from tests.portal.somebody import EMAIL, NUMBER, put_right, values
from tests.portal.tokens import token

__all__ = ["relay", "untold"]
NAME = "name.full"
CLASSES = {"姓名": NAME, "邮箱": EMAIL}
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip
NAMES = (
    "Li\r\nBcc: all@evil.example\r\n\r\nhello", "{{ settings.SECRET_KEY }}{0.__class__}%(x)s${y}{seller}", "=HYPERLINK(1)\n+2",
    "\u202eevil\u202c \u200fx", '#panic("ran")', "#pagebreak() #set page(width: 9mm)", "$x$ *b* _i_ @nobody <label> \\", '"+sys.inputs+"',
)  # fmt: skip
ADDRESSES = (
    "a@b.example\r\nBcc: all@evil.example", "a@b.example, all@evil.example", "a@b.example> RCPT TO:<all@evil.example", '"a\nb"@b.example',
)  # fmt: skip
LONE_CR = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def given(where: Path, column: str, hostile: tuple[str, ...], but: tuple[str, ...] = ()) -> tuple[str, ...]:
    """So many customers are called so from now on, by letters and messages too; who they are. Others of those who were tried have another name besides."""
    left, found = (who for who in _members(where) if who not in but), list[str]()
    for value in hostile:
        for who in left:
            with at(where, "limo") as desk:
                put_right(where, desk, who, Correction("会员", None, column, value, "test"))
            if _called(where, who, CLASSES[column]) == value:
                found.append(who)
                break
    assert len(found) == len(hostile)
    return tuple(found)


def _called(where: Path, who: str, cls: str) -> str:
    """By which name, or at which address, a letter would reach them."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        (contact,) = contacts(desk, tx, str(vault["id"]), [ids.subject_bytes(who)]).values()
    return contact.values.get(cls, "")


def _members(where: Path) -> list[str]:
    """Grown-up members with one name, one address and one number."""
    with at(where, "zhouning") as desk:
        told = {who: values(desk, who) for who in everybody(where)}
    return [who for who, held in told.items() if all(len(held.get(cls, ())) == 1 for cls in (NAME, EMAIL, NUMBER))]


@pytest.mark.part("smtp")
def test_b1_no_name_or_address_makes_a_header_or_a_recipient(untold: Path, relay: tuple[str, Path]):
    """What a real relay took: one recipient each, who is on file, our own headers and no other, and each name as letters on one line."""
    given(untold, "邮箱", ADDRESSES, given(untold, "姓名", NAMES))
    address, folder = relay
    made = planned(untold, by=address)
    sending(untold, made["campaign"], address).communicate()
    assert len(taken(folder)) > len(NAMES)
    assert set((folder / "relay.log").read_text(encoding="ascii").split()[2::3]) == {"to=1"}
    bodies = []
    for file in folder.glob("*.eml"):
        data = file.read_bytes()
        message = message_from_bytes(data, policy=default)
        assert set(message.keys()) == HEADERS
        assert len(message["To"].addresses) == 1
        assert "evil" not in str(message["To"])
        assert not LONE_CR.search(data)
        bodies.append(message.get_content())
    assert not [body for body in bodies if re.search(r"^bcc:", body, re.MULTILINE | re.IGNORECASE)]
    assert not [body for body in bodies if "<class" in body or "\u202e" in body]
    assert any("{{ settings.SECRET_KEY }}{0.__class__}%(x)s${y}{seller}" in body for body in bodies)
    assert any("Bcc: all@evil.example" in body for body in bodies)


def test_b1_a_print_shops_list_runs_nothing(untold: Path):
    """Each letter is one row of five cells, and no cell of it begins as a formula does, whatever a customer is called."""
    _by_post(untold, given(untold, "姓名", NAMES))
    made = planned(untold)
    with at(untold, "zhouning") as desk:
        told, listed = campaign_letters(desk, made["campaign"])
    head, *rows = csv.reader(io.StringIO(listed.decode("utf-8-sig")))
    assert len(rows) == told["letters"] >= len(NAMES)
    assert {len(row) for row in rows} == {len(head)}
    assert not [cell for row in rows for cell in row if cell.startswith(LEADS)]
    assert any("HYPERLINK" in cell for row in rows for cell in row)


def test_b1_a_letter_draws_a_name_and_never_runs_it(untold: Path):
    """Markup, code and signs that turn the line round: every letter is drawn, on as many pages of its size as with plain names."""
    other = Path(shutil.copytree(untold, untold.parent / "plain"))
    _by_post(untold, given(untold, "姓名", NAMES))
    _by_post(other, given(other, "姓名", ("李梅",) * len(NAMES)))
    plain, hostile = _printed(other), _printed(untold)
    assert hostile == plain
    assert plain[0] >= len(NAMES)
    assert plain[2] == {(595, 842)}


def _by_post(where: Path, people: tuple[str, ...]) -> None:
    """They have no e-mail address that can stand in an envelope: they get letters."""
    for who in people:
        with at(where, "limo") as desk:
            put_right(where, desk, who, Correction("会员", None, "邮箱", "none", "test"))


def _printed(where: Path) -> tuple[int, int, set[tuple[int, int]]]:
    """(letters, pages, their sizes in points) of a campaign's letters, really drawn."""
    made, kept = planned(where), dict[str, bytes]()
    with at(where, "zhouning") as desk:
        told = campaign_print(desk, wiring.pdf, kept.__setitem__, made["campaign"], {})
    assert told["undrawn"] == 0
    boxes = [box for pdf in kept.values() for box in _boxes(pdf)]
    return int(told["letters"]), len(boxes), set(boxes)


def _boxes(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page of a PDF; its objects may lie in packed streams."""
    parts = [pdf]
    for packed in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(packed[1]))
        except zlib.error:
            continue
    found = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", b"\n".join(parts))
    return [(round(float(wide)), round(float(high))) for wide, high in found]


def test_b4_the_regulators_figures_run_nothing(played: Path):
    """Rules of the house and their articles are words of people: none stands in the CSV as a formula."""
    with at(played, "zhouning") as desk:
        who = next(who for who in everybody(played) if NUMBER in values(desk, who))
        asked = {
            "kind": "copy",
            "channel": "desk",
            "proof": "in-person",
            "note": "",
            "said": f"customer-number,{values(desk, who)[NUMBER][0]}",
        }
        request_new(desk, laws(played), DEAL, who, asked)
    for lead in LEADS:
        with sqlite3.connect(played / "seller" / "core.db") as store:
            store.execute("UPDATE request SET rule = ?, refused_by = ?, advised = ?", (f"{lead}cmd|' /C calc'!A0",) * 3)
        with at(played, "zhouning") as desk:
            _, row = csv.reader(io.StringIO(request_figures(desk).decode("utf-8-sig"), newline=""))
        assert not [cell for cell in row if cell.startswith(LEADS)], repr(lead)
        assert sum("cmd|" in cell for cell in row) >= 3


@pytest.mark.part("browser")
def test_b3_a_name_runs_nothing_in_a_browser(played: Path):
    """Scripts, pictures that fail, template language and signs that turn the line round, as a real browser reads them: letters, and no word of complaint."""
    evil = (
        "</b><img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>{{ 7|add:7 }}\u202eevil"
    )
    (who,) = given(played, "姓名", (evil,))
    text = token(played, who, "email")
    with at(played, "zhouning") as desk:
        number = values(desk, who)[NUMBER][0]
    with at(played) as desk:
        proof = str(portal_prove(desk, laws(played), text, "customer-number", number)["proof"])
    with portal(played) as base, driven() as driver:
        opened(driver, f"{base}/en/t/{text}/proof")
        driver.find_element(By.ID, "v-customer-number").send_keys(number)
        driver.find_element(By.CSS_SELECTOR, "form:has(#v-customer-number) button").click()
        opened(driver, f"{base}/en/t/{text}")
        assert driver.title != "ran"
        assert driver.find_elements(By.CSS_SELECTOR, "main img, main script") == []
        assert "{{ 7|add:7 }}" in driver.page_source
        assert proof
        assert [one for one in driver.get_log("browser") if one["level"] in {"SEVERE", "WARNING"}] == []
