"""Acts that are killed at each of their points, by name: what customers and colleagues do to a company whose package is shipped, and after its release."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from custody import wiring
from custody.acts.correcting import Place
from custody.acts.desk import Desk
from custody.ports.files import Files
from custody.services.access_by import access_by
from custody.services.access_of import access_of
from custody.services.answers_take import answers_take
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_new import campaign_new
from custody.services.campaign_print import campaign_print
from custody.services.campaign_settle import campaign_settle
from custody.services.correction_new import correction_new
from custody.services.correction_send import correction_send
from custody.services.correction_take import correction_take
from custody.services.portal_answer import portal_answer
from custody.services.portal_correct import portal_correct
from custody.services.portal_prove import portal_prove
from custody.services.portal_request import portal_request
from custody.services.principal_new import principal_new
from custody.services.principal_reset import principal_reset
from custody.services.request_answer import request_answer
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_status import request_status
from custody.services.request_take import request_take
from custody.services.suppress import suppress_add, suppress_lift
from custody.services.timer_new import timer_new
from custody.services.token_new import token_new
from tests.portal.campaigns import contents

DEAL, LAWS = "D-2026-0001", wiring.laws()
ASKED = {"kind": "copy", "channel": "desk", "proof": "in-person", "note": ""}
CAMPAIGN = {
    "sender": "privacy@qinghe.example", "subject": "您的信息 Your information", "text": "青禾书屋\nQinghe Books\n{contents}",
    "pages": "https://you.qinghe.example", "page_line": "您的页面 Your page:",
}  # fmt: skip
NEW = "13987654321"
Told = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Play:
    """Who does it, at which stage, what; whether doing it twice is told twice (its entries and copies are then more)."""

    do: Callable[[Desk, Told, Path], object]
    who: str = "zhouning"
    stage: str = "shipped"
    twice: bool = False


def _out(where: Path) -> Files:
    return wiring.folder(where / "handover")


def _print(desk: Desk, told: Told, where: Path) -> object:
    def keep(name: str, pdf: bytes) -> None:
        wiring.folder(where / "letters").write(name, pdf, secret=True)

    return campaign_print(desk, lambda _template, _shown: b"%PDF-", keep, told["campaign"], {"batch": "20"})


def _listed(desk: Desk, told: Told, _: Path) -> object:
    """Noes that came by list: evidence in one transaction, their answers and requests in the next."""
    return answers_take(
        desk, LAWS, DEAL, f"subject,answer\n{told['who']},withdrawal\n{told['who']},objection\n".encode()
    )


PLAYS: Mapping[str, Play] = {
    "answers_take": Play(_listed, twice=True),
    "portal_answer": Play(
        lambda desk, told, _: portal_answer(
            desk, LAWS, told["silent"], "", {"question": "consent.separate", "act": "refused", "lang": "zh"}
        ),
        "portal",
    ),
    "portal_request": Play(
        lambda desk, told, _: portal_request(desk, LAWS, told["link"], told["proof"], {"kind": "copy", "note": ""}),
        "portal",
        twice=True,
    ),
    "portal_correct": Play(
        lambda desk, told, _: portal_correct(
            desk, LAWS, told["link"], told["proof"], {"class": "contact.phone", "which": "0", "value": NEW}
        ),
        "portal",
        twice=True,
    ),
    "portal_prove": Play(
        lambda desk, told, _: portal_prove(desk, LAWS, told["link"], "customer-number", told["number"]),
        "portal",
        twice=True,
    ),
    "request_new": Play(lambda desk, told, _: request_new(desk, LAWS, DEAL, told["who"], ASKED), twice=True),
    "request_close": Play(lambda desk, told, _: request_close(desk, LAWS, told["request"], "granted", "")),
    "request_answer": Play(lambda desk, told, _: request_answer(desk, LAWS, told["request"], "", ""), twice=True),
    "correction_new": Play(
        lambda desk, told, _: correction_new(
            desk,
            told["who"],
            Place("会员", None, told["column"]),
            {"proof": "in-person", "value": NEW, "channel": "desk"},
            None,
        ),
        twice=True,
    ),
    "suppress_add": Play(
        lambda desk, _, __: suppress_add(desk, ["13900002222", "a@b.example"], None, "import", "asked.1", None)
    ),
    "suppress_lift": Play(lambda desk, _, __: suppress_lift(desk, "13900003333", "asked.1")),
    "campaign_new": Play(
        lambda desk, _, where: campaign_new(
            desk, LAWS, DEAL, {**CAMPAIGN, "subject": "您的信息 Of another day"}, contents(desk, where)
        ),
        twice=True,
    ),
    "campaign_letters": Play(lambda desk, told, _: campaign_letters(desk, told["campaign"]), twice=True),
    "campaign_print": Play(_print, twice=True),
    "campaign_settle": Play(lambda desk, told, _: campaign_settle(desk, told["campaign"], None, 120), twice=True),
    "principal_new": Play(
        lambda desk, _, __: principal_new(desk, "newcomer", ["auditor"], b"a passphrase of newcomer"), "suhe"
    ),
    "timer_new": Play(lambda desk, _, __: timer_new(desk), "suhe"),
    "principal_reset": Play(
        lambda desk, _, __: principal_reset(desk, "limo", b"a passphrase that works once"), "suhe", twice=True
    ),
    "token_new": Play(lambda desk, _, __: token_new(desk, "bank", ["requests"], "2026-05-01"), "suhe", twice=True),
    "correction_send": Play(lambda desk, _, where: correction_send(desk, DEAL, _out(where)), stage="released"),
    "request_pass": Play(lambda desk, _, where: request_pass(desk, DEAL, _out(where)), stage="released"),
    "request_status": Play(lambda desk, _, where: request_status(desk, DEAL, _out(where)), stage="passed", twice=True),
    "access_of": Play(lambda desk, told, where: access_of(desk, told["who"], _out(where)), twice=True),
    "access_by": Play(lambda desk, _, where: access_by(desk, "zhouning", _out(where)), twice=True),
    "correction_take": Play(lambda desk, _, where: correction_take(desk, DEAL, _out(where)), "fanyuan", "passed"),
    "request_take": Play(lambda desk, _, where: request_take(desk, LAWS, DEAL, _out(where)), "fanyuan", "passed"),
}


def perform(play: Play, where: Path, told: Told) -> None:
    """Do it at the desk of whoever does it."""
    home = where / ("buyer" if play.who == "fanyuan" else "seller")
    with wiring.desk(home, play.who, home / "keys" / "principals" / f"{play.who}.pass") as desk:
        play.do(desk, told, where)
