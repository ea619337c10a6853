"""Plan a campaign: its words, its row, and one message for each person with a link of their own; nothing is sent (spec/campaigns.md)."""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from custody.acts import links
from custody.acts.barred import barred
from custody.acts.campaigning import NO_ADDRESS, PLANNED, SUPPRESSED, UNREAD, message_id, people_of
from custody.acts.contacts import SMS, Contact, contacts
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.link_lives import life
from custody.base import canonical, ids
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.store import Cells, Row, Transaction

EMAIL: Final = "email"
CHANNELS: Final = (EMAIL, SMS)
FIELDS: Final = ("sender", "subject", "text", "pages", "page_line")
_WAY: Final = ("pages", "page_line")
_MADE: Final = ("subject_en", "text_en", "page_line_en", "paper", "rules", "version", "notice", "notice_en")
_SENDER: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PAGES: Final = re.compile(
    r"(https://[A-Za-z0-9.:\[\]-]+|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?)(/[A-Za-z0-9._/-]*)?"
)
"""A link is the key to somebody's page: on the way it goes over TLS; without, it stays on this host."""
_BATCH: Final = 1_000
_WENT_TO: Final = {EMAIL: "email", SMS: "phone"}
"""What a link by this channel proves to reach: no second factor (spec/portal.md §2)."""


def words(given: Mapping[str, str], *, apart: bool) -> dict[str, str]:
    """`apart`: from the company that received the data, which may have no pages for them: the message then leads to none. Raises Malformed `campaign.words`."""
    channel, apart = given.get("channel", EMAIL), apart and not given.get("pages", "").strip()
    told = {**given, "pages": "", "page_line": ""} if apart else given
    wrong = [name for name in FIELDS if not told.get(name, "").strip() and not (apart and name in _WAY)]
    wrong += [] if _SENDER.fullmatch(given.get("sender", "")) or channel == SMS else ["sender"]
    wrong += [] if channel in CHANNELS else ["channel"]
    wrong += [] if apart or _PAGES.fullmatch(told.get("pages", "")) else ["pages"]
    wrong += [name for name in ("subject", "sender") if not given.get(name, "").isprintable()]
    if wrong:
        raise Malformed("campaign.words", f"Missing or not of its form: {', '.join(sorted(set(wrong)))}.")
    return {name: told[name] for name in (*FIELDS, *_MADE) if name in told}


def row_of(desk: Desk, tx: Transaction, matter: Row, told: Mapping[str, str], channel: str) -> Row:
    """The campaign's row, kept."""
    now = desk.clock.now()
    ref = f"N-{now.year}-{next_number(tx, f'campaign:{desk.space}:{now.year}'):04d}"
    row: Cells = {
        "id": ids.new("job"), "party": desk.space, "matter": str(matter["id"]), "ref": ref, "channel": channel,
        "texts": canonical.encode(dict(told)), "made_at": stamp(now), "settled_at": "", "way": "", "planned_by": desk.principal.id, "people": "",
    }  # fmt: skip
    tx.add("campaign", [row])
    return row


def plan(
    desk: Desk, tx: Transaction, matter: Row, row: Row, people: Sequence[bytes], guarded: Collection[bytes] = ()
) -> None:
    """One message for each of them, in an order that tells nothing; of the `guarded` it is for whoever speaks for them."""
    links.prepare(desk)
    vault, lives = str(matter["vault"]), life(desk, tx, str(matter["id"]))
    for start in range(0, len(people), _BATCH):
        batch = people[start : start + _BATCH]
        found = contacts(desk, tx, vault, batch)
        silent = barred(desk, tx, vault, batch, found)
        made = {one: links.fresh(desk, str(matter["id"]), one, _WENT_TO[str(row["channel"])], lives) for one in batch}
        tx.add("link", (links.kept(desk, link) for link in made.values()))
        states = {one: _state(found[one], str(row["channel"]), barred=one in silent) for one in batch}
        tx.add(
            "sending",
            _sendings(row, {one: (made[one].id, states[one], _why(found[one], states[one])) for one in batch}, guarded),
        )
    tx.change("campaign", {"people": people_of(tx, row)}, id=str(row["id"]))


def _state(contact: Contact, channel: str, *, barred: bool) -> str:
    """Who said that nobody may contact them is written to by nobody, whatever the reason: somebody decides what to do."""
    return SUPPRESSED if barred else PLANNED if contact.reached(channel) else NO_ADDRESS


def _why(contact: Contact, state: str) -> str:
    return UNREAD if contact.unread and state == NO_ADDRESS else ""


def _sendings(row: Row, batch: Mapping[bytes, tuple[bytes, str, str]], guarded: Collection[bytes]) -> Iterable[Cells]:
    """In an order that tells nothing: by a random number."""
    for subject, (link, state, reply) in batch.items():
        yield {
            "campaign": str(row["id"]), "subject": subject, "place": secrets.randbelow(2**62), "link": link,
            "state": state, "message_id": message_id(row, link), "attempts": 0, "at": "", "reply": reply, "guardian": int(subject in guarded),
        }  # fmt: skip
