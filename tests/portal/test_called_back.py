"""C7, B3: who was called back reads that, and when the buyer confirmed it, on the page and on the receipt's check; let go again, that it moved."""

import re
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from custody import wiring
from custody.services.approve import approve
from custody.services.gate import gate
from custody.services.recall import recall
from custody.services.receipt_check import receipt_check
from custody.services.reconcile import reconcile
from custody.services.release import release
from custody.services.release_delta import release_delta
from tests.line.conftest import act
from tests.portal.answering import AGREED, answer, page
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.serving import portal
from tests.portal.tokens import token

BACK = "called-back"
SAYS = {"en": ("called back from", "It has not confirmed it yet"), "zh": ("收回您的信息", "还没有确认")}


def by_two(where: Path, verb) -> Mapping:
    """What a second person approves after a dry run."""
    folder = wiring.folder(where / "handover")
    with at(where, "zhouning") as desk:
        dry = verb(desk, laws(where), DEAL, folder, dry_run=True)
    with at(where, "suhe") as desk:
        approve(desk, *dry["would"]["approve"])
    with at(where, "zhouning") as desk:
        return verb(desk, laws(where), DEAL, folder)


def taken(where: Path) -> None:
    """The buyer takes what lies there, a recall by two."""
    words = ("receive", DEAL, "--at", where / "handover")
    code, dry = act(where, "buyer", "fanyuan", *words, "--dry-run")
    assert code == 0, dry
    if asks := dry["would"].get("approve"):
        assert act(where, "buyer", "yeqing", "approve", *asks)[0] == 0
    code, told = act(where, "buyer", "fanyuan", *words)
    assert code == 0, told


def steps(shown: dict) -> dict[str, tuple[str, str]]:
    return {one["step"]: (one["state"], one["at"][:10]) for one in shown["steps"]}


def checked(where: Path, number: str) -> Mapping:
    with at(where) as desk:
        return receipt_check(desk, laws(where), number)


def reads(where: Path, text: str) -> dict[str, str]:
    """The page's own words, tags out."""
    found = {}
    with portal(where) as base:
        for lang in SAYS:
            with urllib.request.urlopen(f"{base}/{lang}/t/{text}") as answered:
                found[lang] = re.sub(r"<[^>]+>", " ", answered.read().decode().split("<main")[1])
    return found


def test_c7_who_was_called_back_reads_that_and_when_the_buyer_confirmed_it(played: Path):
    """Released, called back, not confirmed; confirmed; let go again by a delta."""
    who = somebody(played, *AGREED, lacks=("objection", "consent.refused", "withdrawal"))
    text = token(played, who)
    approved(played)
    with at(played, "zhouning") as desk:
        release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
    taken(played)
    before = page(played, text)
    assert before["outlook"].startswith("moved")
    moved = steps(before)["moves"]
    assert moved[0] == "done"
    number = str(answer(played, text, "objection", "objected")["record"])

    by_two(played, recall)
    shown = page(played, text)
    assert shown["outlook"] == BACK
    assert shown["objection"]["wording"] != before["objection"]["wording"], "nothing of theirs is there to be used"
    told = steps(shown)
    assert (told["moves"], told[BACK]) == (moved, ("now", ""))
    assert "destroyed" not in told
    check = checked(played, number)
    assert (check["outlook"], check["moved_at"][:10], check["called_back_at"], check["destroyed_at"]) == (
        BACK,
        moved[1],
        "",
        "",
    )
    for lang, words in reads(played, text).items():
        assert all(one in words for one in SAYS[lang]), lang

    taken(played)
    with at(played, "limo") as desk:
        assert reconcile(desk, DEAL, wiring.folder(played / "handover"))["ok"]
    shown, check = page(played, text), checked(played, number)
    confirmed = steps(shown)[BACK]
    assert confirmed[0] == "done"
    assert confirmed[1] == check["called_back_at"][:10] >= moved[1]
    for lang, words in reads(played, text).items():
        assert SAYS[lang][0] in words, lang
        assert SAYS[lang][1] not in words, lang

    answer(played, text, "objection", "lifted")
    assert page(played, text)["outlook"] == BACK, "a word of theirs moves nothing by itself"
    with at(played, "zhouning") as desk:
        gate(desk, laws(played), DEAL)
    by_two(played, release_delta)
    again = page(played, text)
    assert again["outlook"] == before["outlook"]
    assert BACK not in steps(again)
    assert checked(played, number)["called_back_at"] == ""
