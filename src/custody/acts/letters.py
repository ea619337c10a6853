"""Letters to those whom no message reaches: who gets one, a link and a code that went by post, what stands on the page (spec/campaigns.md §6)."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import segno

from custody.acts import addressed, in_clear, links
from custody.acts.barred import BATCH, barred, refusers
from custody.acts.campaign_approval import held
from custody.acts.campaigning import (
    BOUNCED,
    ELSEWHERE,
    NO_ADDRESS,
    PRINTED,
    REFUSED,
    SUPPRESSED,
    approved_content,
    campaign,
    words,
)
from custody.acts.contacts import Contact, contacts, spoken_to
from custody.acts.deaths import dead
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.going import require_going
from custody.acts.link_lives import life, renew
from custody.acts.links import Link
from custody.acts.same_words import told_by_others
from custody.acts.terms import Term, let_out
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.ports.store import Row, Transaction, one

BY_POST: Final = (NO_ADDRESS, BOUNCED, REFUSED, PRINTED)
CHANNEL: Final = "letter"
_NUMBER: Final = re.compile(r"N-\d{4}-\d{4,9}-[0-9A-HJKMNP-TV-Z]{8}")


def by_post(tx: Transaction, row: Row) -> list[Row]:
    """Those of a campaign who are reached by post, if at all."""
    return [
        each for state in BY_POST for each in tx.find("sending", order=("place",), campaign=str(row["id"]), state=state)
    ]


def number(row: Row, sending: Row) -> str:
    """What a letter is called, on its page and when it comes back."""
    digest = bytes.fromhex(str(sending["message_id"]).lstrip("<")[:10])
    return f"{row['ref']!s}-{ids.short(digest)}"


def numbers(data: bytes) -> list[str]:
    """The numbers of letters in a list of them, one a line; nothing when it is anything else."""
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").upper().splitlines() if line.strip()]
    except UnicodeDecodeError:
        return []
    return lines if lines and all(_NUMBER.fullmatch(line) for line in lines) else []


def waiting(desk: Desk, tx: Transaction, row: Row, how: str) -> dict[str, Json]:
    """What would leave, and what a second person approves first: that many leave in clear, `also` the campaign where its own approval ran out. Nothing is written."""
    require_going(tx, row)
    people = _whom(tx, row)
    bound = in_clear.letters(desk, tx, row, how, people)
    asks: list[Json] = [[in_clear.LETTERS, bound]] if bound and not in_clear.used(desk, tx, bound, in_clear.LETTERS) else []  # fmt: skip
    asks += [] if _may_go(desk, tx, row) else [["campaign", approved_content(tx, row)]]
    would: dict[str, Json] = dict(zip(("approve", "also"), asks, strict=False))
    return {"campaign": str(row["ref"]), "letters": len(people), **({"would": would} if would else {})}


def require(desk: Desk, ref: str, how: str) -> None:
    """Of letters that one person makes alone: that the access policy lets them. Raises Denied `reveal.denied`."""
    with desk.store.read() as tx:
        row = campaign(desk, tx, ref)
        people = _whom(tx, row)
        alone = _may_go(desk, tx, row) and not in_clear.letters(desk, tx, row, how, people)
    if alone:
        addressed.require(desk, row, people)


def _may_go(desk: Desk, tx: Transaction, row: Row) -> bool:
    try:
        held(desk, tx, row)
    except Refused:
        return False
    return True


def _whom(tx: Transaction, row: Row) -> list[bytes]:
    return [cast("bytes", sending["subject"]) for sending in by_post(tx, row)]


def _approved(desk: Desk, tx: Transaction, row: Row, how: str) -> str:
    """The approval of a second person, where many leave in clear; whoever used it goes on with what was cut short. Raises Refused `act.unapproved`."""
    bound = in_clear.letters(desk, tx, row, how, _whom(tx, row))
    return in_clear.used(desk, tx, bound, in_clear.LETTERS) or in_clear.approved(desk, tx, bound, in_clear.LETTERS)


def entered(desk: Desk, tx: Transaction, row: Row, how: str) -> tuple[Mapping[bytes, Link], int]:
    """({person: their link by post}, position): entered before a value leaves, with the approval of a second person where that is many.

    A link that went another way, and did not arrive, is shut. Raises Refused `act.unapproved`.
    """
    require_going(tx, row)
    approval = _approved(desk, tx, row, how)
    if not approval:
        addressed.look(desk, tx, row, _whom(tx, row))
    _keep_silent(desk, tx, row)
    listed = by_post(tx, row)
    links.prepare(desk)
    lives = life(desk, tx, str(row["matter"]))
    found, made = dict[bytes, Link](), list[Link]()
    for sending in listed:
        who, old = cast("bytes", sending["subject"]), cast("Row", one(tx, "link", id=sending["link"]))
        if _posted(desk, old):
            renew(desk, tx, str(row["matter"]), [cast("bytes", old["id"])])
            found[who] = links.linked(cast("Row", one(tx, "link", id=old["id"])))
            continue
        found[who] = links.fresh(desk, str(row["matter"]), who, CHANNEL, lives)
        made.append(found[who])
        tx.change("link", {"revoked_at": stamp(desk.clock.now())}, id=old["id"])
        tx.change("sending", {"link": found[who].id}, campaign=str(row["id"]), subject=who)
    tx.add("link", [links.kept(desk, link) for link in made])
    links.keep_typed(desk, tx, found.values())
    says: dict[str, Json] = {
        "campaign": str(row["id"]),
        "letters": len(listed),
        "as": how,
        "principal": desk.principal.id,
        **({"approval": approval} if approval else {}),
    }
    return found, append(
        tx, desk.space, stamp(desk.clock.now()), "letters-listed", says, detail={"matter": str(row["matter"])}
    )


def kept_as_copy(desk: Desk, tx: Transaction, row: Row, term: Term) -> str:
    """Names and addresses that are about to leave stand on the list of copies first; the name there."""
    vault = str(cast("Row", one(tx, "matter", id=str(row["matter"])))["vault"])
    return let_out(desk, tx, vault, {"kind": "letters", "name": f"{row['ref']!s}-letters", "sha256": ""}, term)


def _keep_silent(desk: Desk, tx: Transaction, row: Row) -> None:
    """Whoever said by now that nobody may contact them, or has died, or is told the same by another campaign, gets no letter either."""
    matter = cast("Row", one(tx, "matter", id=str(row["matter"])))
    people = [cast("bytes", sending["subject"]) for sending in by_post(tx, row)]
    told, silent = set[bytes](), dead(tx, str(matter["vault"]), people) | refusers(tx, row)
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        silent |= barred(desk, tx, str(matter["vault"]), some, reached(desk, tx, row, some))
        told |= told_by_others(desk, tx, row, some)
    for who in people:
        if who in silent or who in told:
            state = SUPPRESSED if who in silent else ELSEWHERE
            tx.change("sending", {"state": state}, campaign=str(row["id"]), subject=who)


def _posted(desk: Desk, row: Row) -> bool:
    """Whether a link is a letter's, and alive."""
    return row["channel"] == CHANNEL and not row["revoked_at"] and str(row["expires_at"]) > stamp(desk.clock.now())


def reached(desk: Desk, tx: Transaction, row: Row, people: Sequence[bytes]) -> Mapping[bytes, Contact]:
    """Names and addresses, which live in memory alone."""
    matter = cast("Row", one(tx, "matter", id=str(row["matter"])))
    names = ("subject", "guardian")
    rows = tx.among("sending", names, "subject", people, campaign=str(row["id"]))
    return spoken_to(
        contacts(desk, tx, str(matter["vault"]), people), (dict(zip(names, cells, strict=True)) for cells in rows)
    )


def page(row: Row, name: str, contact: Contact, way: tuple[str, str], head: Mapping[str, str]) -> dict[str, Any]:
    """What one letter shows; in place of a text message, all that the message's page shows. `way` is the token of its link and the code to type; `head`: the day, whether it is a rehearsal, the line to send it back to."""
    lang = contact.language
    told, say = words(row, lang), _SAY[lang]
    base = told["pages"].rstrip("/")
    return {
        "lang": lang, "number": name, "to": contact.window(), "back": head[f"back_{lang}"], "date": head["on"],
        "rehearsal": say["rehearsal"] if head["rehearsal"] else "", "title": told["subject"], "hello": say["hello"].format(name=contact.called),
        "lines": (told["notice"] or told["text"]).strip().split("\n"), "page_line": told["page_line"].strip(), "how": say["how"], "at": f"{base}/code" if base else "", "code": way[1],
        "code_said": say["code"], "page": say["page"], "number_said": say["number"], "qr": _qr(f"{base}/t/{way[0]}") if base else "",
    }  # fmt: skip


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=0)
    return out.getvalue().decode()


_SAY: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "hello": "{name}：", "how": "用手机扫描，或者打开下面的网址，输入代码。不用注册，不收费。", "code": "您的代码", "page": "第", "number": "信件编号",
        "rehearsal": "演练，不是真实信件",
    },
    "en": {
        "hello": "Dear {name},", "how": "Scan this, or open the address below and type the code. No account, no charge.", "code": "Your code", "page": "Page",
        "number": "Letter", "rehearsal": "Rehearsal: not a real letter",
    },
}  # fmt: skip
