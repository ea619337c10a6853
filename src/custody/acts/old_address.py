"""Who is told at their old address that a value of high risk was changed, where that is, and in which words (spec/freshness.md §4a).

No value stands in the words, neither old nor new, and no name: whoever reads the old address now may be somebody else.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Final, cast

from custody.acts import corrections
from custody.acts.contacts import SMS, Contact, contacts, one_line
from custody.acts.correcting import cell_at, value_at
from custody.acts.desk import Desk
from custody.acts.planning import EMAIL
from custody.base.clock import parse, stamp
from custody.base.errors import Broken, Missing
from custody.classify.taxonomy import classes
from custody.ports.store import Row, Transaction, one
from custody.ports.texts import Text

_CLASS: Final = {EMAIL: "contact.email", SMS: "contact.phone"}
_PLACE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Warned:
    """One message: of which corrections (of one value that stood in several places there are several), to where."""

    rows: tuple[Row, ...]
    to: Mapping[str, str] = field(repr=False)
    """{channel: address}; empty where none reaches them."""
    language: str

    @property
    def names(self) -> list[str]:
        """The corrections, in their order."""
        return [str(row["id"]) for row in self.rows]


def waiting(desk: Desk, tx: Transaction) -> list[Warned]:
    """Whom nobody has told yet: one message for each old value, wherever it stood."""
    found: dict[tuple[object, ...], Warned] = {}
    for to in tx.find("correction_to", order=("correction",), name=corrections.OLD_NAME, state=corrections.OPEN):
        row = one(tx, "correction", id=to["correction"], party=desk.space)
        if row is not None:
            reached, language = _reached(desk, tx, row)
            key = (row["vault"], row["subject"], row["cls"], row["state"], *sorted(reached.items()))
            before = found[key].rows if key in found else ()
            found[key] = Warned((*before, row), reached, language)
    return list(found.values())


def _reached(desk: Desk, tx: Transaction, row: Row) -> tuple[Mapping[str, str], str]:
    """The address that stood there, where it was one; of all else, and where it is none, those on file that were not changed lately. And in which language they read."""
    vault, who = str(row["vault"]), cast("bytes", row["subject"])
    known = contacts(desk, tx, vault, [who])[who]
    old = Contact(region=known.region)
    old.meet(str(row["cls"]), _before(desk, tx, row))
    told = {way: old.reached(way) for way, cls in _CLASS.items() if cls == row["cls"] and old.reached(way)}
    fresh = corrections.unsettled_channels(tx, vault, who, stamp(desk.clock.now())) | {str(row["cls"])}
    rest = {way: known.reached(way) for way, cls in _CLASS.items() if cls not in fresh and known.reached(way)}
    return told or rest, known.language


def _before(desk: Desk, tx: Transaction, row: Row) -> str:
    """What stood there before; '' where it was no address, or is held no more."""
    if row["cls"] not in _CLASS.values():
        return ""
    vault, who, revision = str(row["vault"]), cast("bytes", row["subject"]), cast("int", row["revision"])
    try:
        return value_at(desk, tx, vault, who, cell_at(tx, vault, who, corrections.place_of(row)), revision - 1)
    except Missing:
        return ""


def mailed(desk: Desk, tx: Transaction, row: Row) -> tuple[set[str], bool]:
    """(every e-mail address by which the word of it may have gone, whether all of them can be read): what stood there, what is on file, what was changed since."""
    vault, who = str(row["vault"]), cast("bytes", row["subject"])
    known, told, sure = contacts(desk, tx, vault, [who])[who], list[str](), True
    for each in tx.find("correction", vault=vault, subject=who, cls=_CLASS[EMAIL]):
        try:
            before = _before(desk, tx, each) if each["done_at"] else "-"
        except Broken:
            before = ""
        told, sure = [*told, before], sure and bool(before)
    told += [known.values.get(_CLASS[EMAIL], ""), *known.others.get(_CLASS[EMAIL], ())]
    forms = {Contact(region=known.region, values={_CLASS[EMAIL]: one}).email.casefold() for one in told}
    return forms - {""}, sure and not known.unread


def message_id(row: Row, sender: str) -> str:
    """The same for the same correction as it stands now, whenever it is made; it names nobody. A text message has the digits alone."""
    digest = hashlib.sha256(f"custody/warning/1\0{row['id']!s}\0{row['done_at']!s}".encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>" if sender else digest


def words(desk: Desk, one_of: Warned, contact: str) -> Mapping[str, str]:
    """{subject, text} in the reader's language."""
    row, lang = one_of.rows[0], one_of.language
    until = str(row["undo_until"])
    kind = corrections.UNDONE if row["state"] == corrections.UNDONE else "done" if until else "final"
    suffix = "_en" if lang == "en" else ""
    cls = classes().get(str(row["cls"]))
    called = cls.called if cls else {"zh": "信息", "en": "data"}
    at = parse(str(row["done_at"]))
    put = {
        "zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh, "what_zh": called["zh"], "what_en": called["en"],
        "day": desk.day(at).isoformat(), "until": desk.day(parse(until)).isoformat() if until else "", "days": str((parse(until) - at).days) if until else "",
        "ref": str(row["id"]), "contact": contact,
    }  # fmt: skip
    return {name: _filled(_wording()[f"{key}{suffix}"], put) for name, key in (("subject", "subject"), ("text", kind))}


def _filled(pattern: str, put: Mapping[str, str]) -> str:
    """Each place once, from left to right: nothing in what is put in is a place."""
    return one_line(_PLACE.sub(lambda found: put[found[1]], pattern))


def mail(desk: Desk, one_of: Warned, told: Mapping[str, str], sender: str, name: str, at: datetime) -> bytes:
    """The message as it goes out by mail."""
    made = EmailMessage(policy=SMTP)
    company = desk.card.name_en if one_of.language == "en" else desk.card.name_zh
    made["From"] = Address(one_line(company or desk.card.name_zh), addr_spec=sender)
    made["To"], made["Subject"], made["Date"], made["Message-ID"] = (
        one_of.to[EMAIL],
        told["subject"],
        at.astimezone(UTC),
        name,
    )
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(f"{told['text']}\n", cte="base64")
    return made.as_bytes()


def text(one_of: Warned, told: Mapping[str, str], name: str) -> Text:
    """The same as a text message; it leads to no page, and the one place of a gateway's template is for the number of the correction."""
    return Text(one_of.to[SMS], told["text"], one_of.names[0], name)


@cache
def _wording() -> Mapping[str, str]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
