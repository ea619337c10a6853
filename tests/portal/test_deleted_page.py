"""B3, A9: whose data was deleted before anything moved is told of no move; whoever closed their account is told that they are on the list; what stays has no day of moving."""

import re
import urllib.request
from pathlib import Path

from custody import wiring
from custody.services.erase import erase
from custody.services.portal_show import portal_show
from custody.services.receipt_check import receipt_check
from custody.services.release import release
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from tests.line.told import read_card
from tests.portal.answering import answer
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.requesting import ASKED
from tests.portal.serving import portal
from tests.portal.tokens import token

FREE = ("objection", "consent.refused", "withdrawal")


def erased(where: Path, who: str, kind: str) -> None:
    """They asked for it, and it was done."""
    with at(where, "zhouning") as desk:
        ref = str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": kind})["ref"])
        erase(desk, [who], None)
        assert request_close(desk, laws(where), ref, "granted", "")["state"] == "granted"


def shown(where: Path, text: str) -> dict:
    with at(where) as desk:
        return dict(portal_show(desk, laws(where), text, "", "en"))


def steps(page: dict) -> list[str]:
    return [one["step"] for one in page["steps"]]


def test_b3_who_was_deleted_before_the_sale_is_told_of_no_move(played: Path):
    """Neither before it nor after: nothing went to anybody. Whoever closed their account reads that a mark of them stays, whoever asked for deletion alone does not."""
    closed, deleted = [one for one, _ in zip(everybody(played, lacks=FREE), range(2), strict=False)]
    texts = {who: token(played, who) for who in (closed, deleted)}
    erased(played, closed, "deregister")
    erased(played, deleted, "delete")
    for after in (False, True):
        if after:
            approved(played)
            with at(played, "zhouning") as desk:
                release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
        for who, text in texts.items():
            page = shown(played, text)
            assert (page["outlook"], page["silent"]) == ("deleted", who == closed)
            assert set(steps(page)) <= {"told"}
    buyer = read_card(played, "buyer")
    with portal(played) as base:
        for lang, name in (("en", buyer.name_en), ("zh", buyer.name_zh)):
            with urllib.request.urlopen(f"{base}/{lang}/t/{texts[closed]}") as answered:
                main = re.sub(r"<[^>]+>", " ", answered.read().decode().split("<main")[1])
            assert name not in re.sub(r"<details.*?</details>", "", main, flags=re.DOTALL)
            assert ("we keep a mark" in main) or ("认不出您的标记" in main)


def test_b3_who_was_deleted_after_the_sale_is_told_whom_to_ask(played: Path):
    """What was handed over is with the buyer: that page names it, as before."""
    who = somebody(played, "consent.separate", lacks=FREE)
    text = token(played, who)
    approved(played)
    with at(played, "zhouning") as desk:
        release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
        erase(desk, [who], None)
    page = shown(played, text)
    assert (page["outlook"], page["silent"]) == ("gone", False)
    assert "moves" in steps(page)


def test_b3_what_stays_has_no_day_of_moving(played: Path):
    """Objected before the closing: neither the page nor the check by number says "it moves", before the release or after."""
    who, other = [one for one, _ in zip(everybody(played, "consent.separate", lacks=FREE), range(2), strict=False)]
    text = token(played, who)
    number = str(answer(played, text, "objection", "objected")["record"])
    assert steps(shown(played, text)) == ["told", "answer"]
    assert "moves" in steps(shown(played, token(played, other)))
    approved(played)
    with at(played, "zhouning") as desk:
        release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
    page = shown(played, text)
    assert (page["outlook"], steps(page)) == ("stayed", ["told", "answer"])
    with at(played) as desk:
        told = receipt_check(desk, laws(played), number)
    assert (told["outlook"], told["moved_at"], told["destroyed_at"]) == ("stayed", "", "")


def test_b3_who_stayed_or_was_erased_unasked_before_the_sale_is_sent_to_nobody(played: Path):
    """Objected, stayed, erased after the sale; and erased by the company itself before it: nothing of either went, on the page and by number."""
    stayed, unasked = [one for one, _ in zip(everybody(played, "consent.separate", lacks=FREE), range(2), strict=False)]
    texts = {who: token(played, who) for who in (stayed, unasked)}
    numbers = {who: str(answer(played, text, "objection", "objected")["record"]) for who, text in texts.items()}
    with at(played, "zhouning") as desk:
        erase(desk, [unasked], None)
    approved(played)
    with at(played, "zhouning") as desk:
        release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
        assert shown(played, texts[stayed])["outlook"] == "stayed"
        erase(desk, [stayed], None)
    for who, text in texts.items():
        page = shown(played, text)
        assert (page["outlook"], set(steps(page)) <= {"told"}) == ("deleted", True)
        with at(played) as desk:
            told = receipt_check(desk, laws(played), numbers[who])
        assert (told["outlook"], told["moved_at"], told["destroyed_at"]) == ("deleted", "", "")
