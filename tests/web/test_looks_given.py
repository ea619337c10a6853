"""D4, C10 in the console: who saw a customer and what a person saw, signed for a court; a deal's part of the ledger for its other side."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from tests.access.test_access import verified
from tests.web.company import DEAL
from tests.web.roles import join

WHY = ("--purpose", "service", "--reason", "complaint of today")


@pytest.fixture
def who(seller) -> str:
    """A customer at whom somebody looked, and somebody else was refused."""
    found = str(seller.told("suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"])
    seller.told("limo", "reveal", found, *WHY)
    return found


def unpacked(data: bytes, folder: Path) -> Path:
    """The one folder of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (top,) = {name.partition("/")[0] for name in archive.namelist()}
        archive.extractall(folder)
    return folder / top


def test_d4_both_questions_are_pages_and_folders_that_anybody_can_check(seller, who, tmp_path):
    """The page lists the look with its reason; the zip verifies offline, holds that look, and is entered as given."""
    owner = seller.visitor("suhe")
    for path, name in ((f"/customers/{who}/looks", "of"), ("/access/by/limo", "by")):
        assert "complaint of today" in owner.get(path)
        folder = unpacked(owner.file(path, posted=True), tmp_path / name)
        told = verified(folder)
        assert told["ok"], told
        account = json.loads((folder / "account.dsse.json").read_text())
        assert account["payload"]
        newest = seller.told("suhe", "ledger", "list", "--most", "1")["entries"][0]
        assert newest["kind"] == "account-given"


def test_d4_a_folder_for_a_court_is_given_by_those_who_see_every_deal(seller, who):
    """A lawyer reads the page and is offered no download; who checks nothing reads neither."""
    lawyer, hand = seller.visitor("songwen"), seller.visitor("limo")
    assert "complaint of today" in lawyer.get(f"/customers/{who}/looks")
    assert 'method="post"' not in lawyer.page.partition("<main")[2]
    lawyer.post(f"/customers/{who}/looks")
    assert lawyer.status == 403
    hand.get(f"/customers/{who}/looks")
    assert hand.status == 403
    assert f"/customers/{who}/looks" not in hand.get(f"/customers/{who}")
    assert f"/customers/{who}/looks" in lawyer.get(f"/customers/{who}")


def test_c10_the_other_sides_part_of_the_ledger_is_downloaded_on_the_deals_page(seller, tmp_path):
    """It verifies as a part; who may not give it is not offered it."""
    lawyer, hand = seller.visitor("songwen"), seller.visitor("limo")
    path = f"/deals/{DEAL}/ledger-part.zip"
    assert path in lawyer.get(f"/deals/{DEAL}")
    folder = unpacked(lawyer.file(path), tmp_path)
    assert {one.name for one in folder.iterdir()} >= {"part.jsonl", "part.txt", "identity.json"}
    assert verified(folder)["ok"]
    assert path not in hand.get(f"/deals/{DEAL}")
    hand.get(path)
    assert hand.status == 403


def test_a3_whoever_was_refused_is_led_to_why_and_reads_it(seller, who):
    """The refusal and the card's history lead a clerk to why they were refused, and no further: another's look is not theirs to read."""
    join(seller, "hejing", "department")
    hand = seller.visitor("hejing")
    hand.get(f"/customers/{who}")
    hand.post(f"/customers/{who}/reveal", purpose="service", reason="refused and told why", all="1")
    assert hand.status == 403
    led = re.search(r'href="(/access/why/\d+)"', hand.page.partition("<main")[2])
    assert led is not None
    assert "department" in hand.get(led[1])
    assert hand.status == 200
    seller.told("suhe", "reveal", who, *WHY)
    card = hand.get(f"/customers/{who}")
    offered = re.findall(r'href="(/access/why/\d+)"', card)
    assert led[1] in offered
    assert [hand.get(path) and hand.status for path in offered] == [200] * len(offered)
    assert len(offered) < card.count('class="mono tiny faint"')
