"""Campaigns: messages to many, each journalled before and after it is handed to a relay (spec/campaigns.md).

A message is `planned`, then `sending` (committed before the relay hears of it), then `sent` or `refused`. What a crash leaves in
`sending` is in doubt and never sent again by itself: there is at most one for each open connection.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from custody.acts.approval import content_hash
from custody.acts.contacts import SMS, Contact, one_line
from custody.acts.desk import Desk
from custody.acts.links import linked, token
from custody.acts.members import concerns
from custody.acts.vaults import sha256
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing, Refused
from custody.model.way import SMTP as BY_RELAY
from custody.model.way import Way
from custody.ports.store import Row, Transaction, one
from custody.ports.texts import Text

PLANNED: Final = "planned"
SENDING: Final = "sending"
SENT: Final = "sent"
DELIVERED: Final = "delivered"
BOUNCED: Final = "bounced"
REFUSED: Final = "refused"
NO_ADDRESS: Final = "no-address"
SUPPRESSED: Final = "suppressed"
PRINTED: Final = "printed"
POSTED: Final = "posted"
ELSEWHERE: Final = "elsewhere"
"""Another campaign tells them the same (`same_words`)."""
ABOUT: Final = "about"
OTHERS: Final = "others"
"""What is kept of whom a campaign's words do not tell all that law wants told: how many, by which rules."""
INCIDENT: Final = "incident"
STATES: Final = (
    PLANNED,
    SENDING,
    SENT,
    DELIVERED,
    BOUNCED,
    REFUSED,
    NO_ADDRESS,
    SUPPRESSED,
    PRINTED,
    POSTED,
    ELSEWHERE,
)
UNREAD: Final = "unread"
"""What stands as the reply of whoever is reached by nothing because a record of theirs cannot be read."""
WENT: Final = (SENT, DELIVERED, BOUNCED, POSTED)
"""What a message is that left the house."""
_READ: Final = (SENDING, PRINTED, *WENT)
_LINK: Final = ("id", "matter", "subject", "channel", "expires_at")
WORK: Final = (SENDING, BOUNCED, REFUSED, NO_ADDRESS, PRINTED, SUPPRESSED)
"""What somebody must see to: by another channel, or by the relay's log."""


def campaign(desk: Desk, tx: Transaction, ref: str) -> Row:
    """The campaign with this reference, which the acting person sees. Raises Missing `campaign.unknown`."""
    row = one(tx, "campaign", party=desk.space, ref=ref)
    if row is None or not told_to(desk, tx, row):
        raise Missing("campaign.unknown", "There is no such campaign.", next="custody campaign list")
    return row


def told_to(desk: Desk, tx: Transaction, row: Row) -> bool:
    """Whether the acting person sees a campaign: one of a deal as they see the deal; what tells people of something else is the company's."""
    return is_apart(row) or concerns(desk, tx, row)


def deal_of(row: Row) -> str:
    """The deal whose members it concerns, '' for what is the company's."""
    return "" if is_apart(row) else str(row["matter"])


def texts(row: Row) -> Mapping[str, str]:
    """What is written to everybody: subject and text, sender, the address of the pages."""
    return _texts(cast("bytes", row["texts"]))


@lru_cache(maxsize=8)
def _texts(kept: bytes) -> Mapping[str, str]:
    """The words of a campaign are the same for everybody: they are read once."""
    return MappingProxyType(cast("dict[str, str]", canonical.decode(kept)))


def is_apart(row: Row) -> bool:
    """Whether it is no notice of the deal: a yearly question, or what an incident makes the law want told. It is no evidence for the gate, and goes on whatever became of the deal."""
    return ABOUT in texts(row)


def is_of_incident(row: Row) -> bool:
    """Whether it tells people of an incident: also those who object to the deal."""
    return texts(row).get(ABOUT) == INCIDENT


def others(row: Row) -> list[Json]:
    """Whom the words do not tell, as counted when it was planned: [{rules, people}]."""
    return cast("list[Json]", canonical.decode(texts(row).get(OTHERS, "[]").encode()))


def words(row: Row, lang: str) -> Mapping[str, str]:
    """The same as one person reads it: in their language, where the campaign has it."""
    told = texts(row)
    named = ("sender", "subject", "text", "pages", "page_line")
    return {name: told.get(f"{name}_{lang}") or told[name] for name in named} | {
        "notice": told.get(f"notice_{lang}") or told.get("notice", "")
    }


def approved_content(tx: Transaction, row: Row) -> str:
    """What a second person approves: these words by this channel to exactly these people, and by the way that was said, which letters need not."""
    return _content(row, people_of(tx, row))


def shown_content(tx: Transaction, row: Row) -> str:
    """The same by the digest of the people that was kept when they were planned: a page does not read them all. What acts asks `approved_content`, so that a digest that were wrong would fit nothing."""
    return _content(row, str(row["people"]) or people_of(tx, row))


def people_of(tx: Transaction, row: Row) -> str:
    """The digest of exactly these people, as they stand in the work list."""
    people = hashlib.sha256()
    for (subject,) in tx.columns("sending", ("subject",), order=("subject",), campaign=str(row["id"])):
        people.update(cast("bytes", subject))
    return people.hexdigest()


def _content(row: Row, people: str) -> str:
    told: dict[str, Json] = {
        "act": "campaign", "campaign": str(row["id"]), "texts": sha256(cast("bytes", row["texts"])), "people": people,
    }  # fmt: skip
    way = way_of(row)
    return content_hash(told if way is None else {**told, "way": {**way._asdict()}})


def way_of(row: Row) -> Way | None:
    """The relay or gateway by which it goes; None as long as nobody said."""
    kept = str(row["way"] or "")
    return Way.of(cast("dict[str, str]", canonical.decode(kept.encode()))) if kept else None


def keep_way(tx: Transaction, row: Row, way: Way) -> Row:
    """The row of a campaign that goes by this way from now on."""
    kept = canonical.encode({**way._asdict()}).decode()
    tx.change("campaign", {"way": kept}, id=str(row["id"]))
    return {**row, "way": kept}


def require_channel(row: Row, way: Way) -> None:
    """Raises Malformed `campaign.channel` for a relay of a campaign by text messages, or a gateway of one by e-mail."""
    if (row["channel"] == SMS) == (way.kind == BY_RELAY):
        raise Malformed("campaign.channel", "This campaign goes by another channel.",
                        next="--relay for e-mail, --gateway for text messages")  # fmt: skip


def require_way(row: Row, way: Way) -> None:
    """Whoever presses send chooses nothing: it goes by the way that two people saw. Raises Malformed `campaign.channel`, Refused `campaign.no-relay`, `campaign.other-relay`."""
    require_channel(row, way)
    kept = way_of(row)
    if kept is None:
        raise Refused("campaign.no-relay", "Nobody has said by which relay or gateway this campaign goes, so nobody has approved it.",
                      next=f"custody campaign relay {row['ref']!s} --relay HOST:PORT, or --gateway FILE; then it is approved")  # fmt: skip
    if kept != way:
        raise Refused("campaign.other-relay", "This campaign is approved for another relay or gateway, or another account there.", where={"relay": kept.server, "security": kept.security},
                      next="Send it by the one that was approved, or say the other one with custody campaign relay and have it approved again.")  # fmt: skip


def counts(tx: Transaction, row: Row) -> dict[str, Json]:
    """{state: how many}, every state, and they add up."""
    found = tx.counts("sending", "state", campaign=str(row["id"]))
    return {state: found.get(state, 0) for state in STATES}


def message_id(row: Row, link: bytes) -> str:
    """The same for the same person and campaign, whenever and however often it is made; it names neither."""
    digest = hashlib.sha256(b"custody/message/1\0" + str(row["id"]).encode() + link).hexdigest()[:40]
    if row["channel"] == SMS:
        return digest
    return f"<{digest}@{texts(row)['sender'].rpartition('@')[2]}>"


def address(desk: Desk, tx: Transaction, row: Row, sending: Row) -> str:
    """The address of one person's page; '' where the campaign leads to none."""
    if not texts(row)["pages"]:
        return ""
    return addresses(desk, tx, row, [sending])[cast("bytes", sending["subject"])]


def addresses(desk: Desk, tx: Transaction, row: Row, sendings: Sequence[Row]) -> Mapping[bytes, str]:
    """{person: the address of their page} of a batch."""
    base = texts(row)["pages"].rstrip("/")
    if not base:
        return {cast("bytes", sending["subject"]): "" for sending in sendings}
    rows = tx.among("link", _LINK, "id", [cast("bytes", sending["link"]) for sending in sendings])
    made = (linked(dict(zip(_LINK, cells, strict=True))) for cells in rows)
    return {link.subject: f"{base}/t/{token(desk, link)}" for link in made}


def notices(tx: Transaction, matter: str, who: bytes, lang: str, *, apart: bool = False) -> list[Json]:
    """What the campaigns of a deal told one person, as evidence of it: the whole of what a text message only leads to. `apart`: of something else than the deal alone."""
    found: list[Json] = []
    for row in tx.find("campaign", order=("ref",), matter=matter):
        if apart and not is_apart(row):
            continue
        went = one(tx, "sending", campaign=str(row["id"]), subject=who) if texts(row).get("rules") else None
        if went is not None and went["state"] in _READ:
            told = words(row, lang)
            found.append({"title": told["subject"], "text": told["notice"] or told["text"], "at": str(went["at"])})
    return found


_ANSWER: Final[Mapping[str, str]] = {
    "zh": "要答复、反对或者提出请求，请用上面这一页，马上算数。直接回复这封邮件也有人看，但要等人读到。",
    "en": "To answer, to object or to ask for anything, use the page above: it counts at once. A reply to this message is read, too, but only once somebody has read it.",
}
"""Whoever presses Reply reaches a mailbox, and the page is where a no is on file when it is pressed (spec/campaigns.md §4a)."""


def letter(row: Row, contact: Contact, page: str) -> str:
    """What one person reads, or the guardian of a child: the name, the text as it was approved, the way to their page. Nothing in a name is a pattern.

    In place of a text message it holds all that the message's page shows.
    """
    told = words(row, contact.language)
    way = f"\n\n{told['page_line'].rstrip()}\n{page}" if page else ""
    called = contact.called
    called = f"{called[:1].upper()}{called[1:]}" if contact.child else called  # nobody's own name is spelt otherwise
    return f"{called}\n\n{(told['notice'] or told['text']).rstrip()}{way}\n"


def mailed(row: Row, contact: Contact, page: str) -> str:
    """The same as a mail, to which its reader may press Reply: where an answer counts at once."""
    return f"{letter(row, contact, page)}{_ANSWER[contact.language]}\n" if page else letter(row, contact, page)


class By(NamedTuple):
    """Who writes, by each language's name, and when."""

    company: Mapping[str, str]
    at: datetime


def short(row: Row, sending: Row, contact: Contact, page: str) -> Text:
    """The text message: the words as approved and the way to the page, on one line. No name: a telephone shows it to whoever is near."""
    told = words(row, contact.language)
    return Text(
        contact.phone,
        one_line(f"{told['text'].strip()} {told['page_line'].strip()} {page}" if page else told["text"].strip()),
        page,
        str(sending["message_id"]),
    )


def composed(row: Row, sending: Row, contact: Contact, page: str, by: By) -> bytes:
    """The message as it goes out, in seven-bit signs, as every relay takes it. Headers are built by the standard library from texts without line ends."""
    told, made = words(row, contact.language), EmailMessage(policy=SMTP)
    made["From"] = Address(one_line(by.company[contact.language]), addr_spec=told["sender"])
    made["To"], made["Subject"] = contact.email, one_line(told["subject"])
    made["Date"], made["Message-ID"] = by.at.astimezone(UTC), str(sending["message_id"])
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mailed(row, contact, page), cte="base64")
    return made.as_bytes()
