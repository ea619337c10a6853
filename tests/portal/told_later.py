"""Somebody whose notice came back before the release, whom it left out, and who was told since."""

from pathlib import Path

from custody import wiring
from custody.services.answers_take import answers_take
from custody.services.approve import approve
from custody.services.release import release
from tests.portal.answering import page
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.tokens import token

NOES = ("objection", "consent.refused", "withdrawal")


def listed(where: Path, who: str, word: str) -> None:
    """One line of the call centre's list; that somebody was told is the word of two."""
    lines = f"subject,answer\n{who},{word}\n".encode()
    with at(where, "zhouning") as desk:
        made = answers_take(desk, laws(where), DEAL, lines)
    if asks := made.get("approve"):
        with at(where, "suhe") as desk:
            approve(desk, *asks)
        with at(where, "zhouning") as desk:
            made = answers_take(desk, laws(where), DEAL, lines)
    assert made["recorded"], made


def let_go(where: Path) -> int:
    """A release by two; how many went."""
    approved(where)
    with at(where, "zhouning") as desk:
        return int(release(desk, laws(where), DEAL, wiring.folder(where / "handover"))["subjects"])


def left_out(where: Path) -> tuple[str, str]:
    """Who moves for nothing but having been told, their link; their notice came back and the release went without them."""
    who, text = next(
        (who, text)
        for who in everybody(where, "notice.delivered", lacks=NOES)
        if (text := token(where, who)) and page(where, text)["outlook"] == "moves"
    )
    listed(where, who, "notice.bounced")
    let_go(where)
    return who, text
