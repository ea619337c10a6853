"""What some people of a campaign would read, on their real records, with name and address covered: a part of either would be a look (B1, A3)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.approval import APPROVERS
from custody.acts.campaigning import PLANNED, campaign, letter, mailed, short, texts, words
from custody.acts.contacts import SMS, Contact, contacts, spoken_to
from custody.acts.desk import Desk
from custody.acts.letters import CHANNEL
from custody.acts.letters import by_post as letters
from custody.acts.veil import covered
from custody.base import ids
from custody.base.canonical import Json
from custody.ports.store import Row, one

MOST: Final = 20


def campaign_preview(desk: Desk, ref: str, most: int, *, by_post: bool = False) -> Mapping[str, Json]:
    """The first `most` that would go out, or get a letter. No link is shown: a preview is read by many."""
    desk.require(APPROVERS | {"data"})
    with desk.store.read() as tx:
        row = campaign(desk, tx, ref)
        matter = one(tx, "matter", id=str(row["matter"]))
        assert matter is not None
        rows = letters(tx, row) if by_post else tx.scan("sending", order=("place",), campaign=str(row["id"]), state=PLANNED)  # fmt: skip
        some = [sending for _, sending in zip(range(min(most, MOST)), rows, strict=False)]
        who = [cast("bytes", sending["subject"]) for sending in some]
        found = spoken_to(contacts(desk, tx, str(matter["vault"]), who), some)
    told: list[Json] = [
        {
            "subject": ids.subject_text(subject), "to": _to(contact, CHANNEL if by_post else str(row["channel"])), "title": words(row, contact.language)["subject"],
            "text": letter(row, _covered(contact), _page(row)) if by_post else _text(row, contact, _page(row)),
        }
        for subject, contact in found.items()
    ]  # fmt: skip
    return {"campaign": ref, "messages": told}


def _page(row: Row) -> str:
    base = texts(row)["pages"].rstrip("/")
    return f"{base}/t/…" if base else ""


def _to(contact: Contact, channel: str) -> str:
    return covered(contact.postal if channel == CHANNEL else contact.reached(channel))


def _text(row: Row, contact: Contact, page: str) -> str:
    return (
        short(row, {"message_id": ""}, contact, page).words
        if row["channel"] == SMS
        else mailed(row, _covered(contact), page)
    )


def _covered(contact: Contact) -> Contact:
    return Contact(
        {"name.full": covered(contact.name)},
        contact.region,
        contact.residence,
        child=contact.child,
    )
