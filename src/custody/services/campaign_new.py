"""Plan a campaign: who must be told, from the gate as it stands now, and at a buyer whoever came; nothing is sent (B1)."""

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Final, cast

from custody.acts import lawbook, links
from custody.acts.asking import USE
from custody.acts.campaigning import NO_ADDRESS, PLANNED, SUPPRESSED, approved_content, campaign, counts, message_id
from custody.acts.composing import composed
from custody.acts.contacts import SMS, Contact, contacts
from custody.acts.counter import next_number
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.acts.papers import papers
from custody.acts.passing import BUYER, side_of
from custody.acts.suppressing import mark, on_list, silenced
from custody.acts.verdicts import Verdicts
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.law.gate import DECEASED
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction

NOTICE: Final = "notice.delivered"
EMAIL: Final = "email"
CHANNELS: Final = (EMAIL, SMS)
FIELDS: Final = ("sender", "subject", "text", "pages", "page_line")
_WAY: Final = ("pages", "page_line")
_MADE: Final = ("subject_en", "text_en", "paper", "rules", "version")
_SENDER: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PAGES: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._/-]*)?")
_BATCH: Final = 1_000
_WENT_TO: Final = {EMAIL: "email", SMS: "phone"}
"""What a link by this channel proves to reach: no second factor (spec/portal.md §2)."""


def campaign_new(
    desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, str], values: Mapping[str, Json] | None = None
) -> Mapping[str, Json]:
    """`given`: sender, pages, page_line, and subject and text, or `paper`: the deal's paper of that kind, as its rules have it today.

    `channel` is email unless told otherwise; `values` as a paper takes them. Raises Malformed `campaign.words`, Missing `campaign.nobody`,
    and whatever the paper lacks.
    """
    desk.require(("owner", "privacy", "lawyer"))
    barred = _barred(desk, named_deal)
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        buying = side_of(tx, matter) == BUYER
        mark(tx, str(matter["vault"]), barred)
        told = _words({**given, **_paper(desk, tx, laws, matter, given.get("paper", ""), values or {})}, apart=buying)
        people = (
            _arrived(tx, matter)
            if buying
            else _people(decide(tx, matter, lawbook.packs(laws), desk.clock.now().date()))
        )
        if not people:
            raise Missing("campaign.nobody", "Nobody is waiting for a notice.", next="custody gate DEAL")
        row = _row(desk, tx, matter, told, given.get("channel", EMAIL))
        _plan(desk, tx, matter, row, people)
        says: dict[str, Json] = {"campaign": str(row["id"]), "people": len(people), "counts": counts(tx, row)}
        position = append(tx, desk.space, stamp(desk.clock.now()), "campaign-planned", says)
        content = approved_content(tx, row)
        made = counts(tx, campaign(tx, desk.space, str(row["ref"])))
    return {"campaign": str(row["ref"]), "deal": str(matter["ref"]), "people": len(people), "counts": made,
            "approve": ["campaign", content], "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _barred(desk: Desk, named_deal: str) -> list[bytes]:
    """At a buyer, whom our own list forbids to contact: they came as ciphertext, and their facts do not know it before the re-seal."""
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        buying = side_of(tx, matter) == BUYER
    return on_list(desk, str(matter["vault"])) if buying else []


def _paper(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, kind: str, values: Mapping[str, Json]
) -> dict[str, str]:
    """The words of a paper to persons in both languages, and what they were made from; nothing where none is asked for."""
    if not kind:
        return {}
    wanted = papers(laws).kind(kind, lawbook.packs(laws))
    if wanted is not None and wanted.to != "person":
        raise Malformed(
            "campaign.words",
            "Missing or not of its form: paper (it goes to no person).",
            next="custody deal documents DEAL",
        )
    made = composed(desk, tx, laws, matter, kind, values)
    zh, en = made.by["zh"], made.by["en"]
    return {"subject": zh.title, "subject_en": en.title, "text": made.text("zh"), "text_en": made.text("en"), "paper": kind,
            "rules": ",".join(sorted(rule.id for rule in made.rules)), "version": made.head.version}  # fmt: skip


def _words(given: Mapping[str, str], *, apart: bool) -> dict[str, str]:
    """`apart`: from the company that received the data, which may have no pages for them: the message then leads to none."""
    channel, apart = given.get("channel", EMAIL), apart and not given.get("pages", "").strip()
    told = {**given, "pages": "", "page_line": ""} if apart else given
    wrong = [name for name in FIELDS if not told.get(name, "").strip() and not (apart and name in _WAY)]
    wrong += ["paper"] if channel == SMS and given.get("paper") else []
    wrong += [] if _SENDER.fullmatch(given.get("sender", "")) or channel == SMS else ["sender"]
    wrong += [] if channel in CHANNELS else ["channel"]
    wrong += [] if apart or _PAGES.fullmatch(told.get("pages", "")) else ["pages"]
    wrong += [name for name in ("subject", "sender") if not given.get(name, "").isprintable()]
    if wrong:
        raise Malformed("campaign.words", f"Missing or not of its form: {', '.join(sorted(set(wrong)))}.")
    return {name: told[name] for name in (*FIELDS, *_MADE) if name in told}


def _arrived(tx: Transaction, matter: Row) -> list[bytes]:
    """At a buyer: every customer who came and has not objected to its use since, once."""
    rows = tx.columns("subject", ("id",), order=("id",), vault=str(matter["vault"]), kind="customer", state="live")
    objected = {who for (who,) in tx.columns("evidence", ("subject",), matter=str(matter["id"]), type=USE)}
    return [cast("bytes", who) for (who,) in rows if who not in objected]


def _people(verdicts: Verdicts) -> list[bytes]:
    """Customers whose verdict lacks the notice in some compartment, by id; nobody writes to the dead."""
    lacks = {
        number
        for number, one in enumerate(verdicts.decisions)
        if any(NOTICE in why.missing for why in one.reasons) and all(why.rule != DECEASED for why in one.reasons)
    }
    return sorted({who for who, kind, _, number in verdicts.each() if number in lacks and kind == "customer"})


def _row(desk: Desk, tx: Transaction, matter: Row, told: Mapping[str, str], channel: str) -> Row:
    now = desk.clock.now()
    ref = f"N-{now.year}-{next_number(tx, f'campaign:{desk.space}:{now.year}'):04d}"
    row: Cells = {
        "id": ids.new("job"), "party": desk.space, "matter": str(matter["id"]), "ref": ref, "channel": channel,
        "texts": canonical.encode(dict(told)), "made_at": stamp(now), "settled_at": "",
    }  # fmt: skip
    tx.add("campaign", [row])
    return row


def _plan(desk: Desk, tx: Transaction, matter: Row, row: Row, people: list[bytes]) -> None:
    links.prepare(desk)
    barred = silenced(tx, str(matter["vault"]))
    for start in range(0, len(people), _BATCH):
        batch = people[start : start + _BATCH]
        found = contacts(desk, tx, str(matter["vault"]), batch)
        made = {one: links.fresh(desk, str(matter["id"]), one, _WENT_TO[str(row["channel"])]) for one in batch}
        tx.add("link", (links.kept(desk, link) for link in made.values()))
        states = {one: _state(found[one], str(row["channel"]), barred=one in barred) for one in batch}
        tx.add("sending", _sendings(row, {one: (made[one].id, states[one]) for one in batch}))


def _state(contact: Contact, channel: str, *, barred: bool) -> str:
    """Who said that nobody may contact them is written to by nobody, whatever the reason: somebody decides what to do."""
    return SUPPRESSED if barred else PLANNED if contact.reached(channel) else NO_ADDRESS


def _sendings(row: Row, batch: Mapping[bytes, tuple[bytes, str]]) -> Iterable[Cells]:
    """In an order that tells nothing: by a random number."""
    for subject, (link, state) in batch.items():
        yield {
            "campaign": str(row["id"]), "subject": subject, "place": secrets.randbelow(2**62), "link": link,
            "state": state, "message_id": message_id(row, link), "attempts": 0, "at": "", "reply": "",
        }  # fmt: skip
