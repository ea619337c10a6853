"""Where people can be reached, opened for a batch at a time: name, e-mail address, telephone, postal address; nothing else of them is opened.

Whoever has a record that nobody can read is reached by nothing: what it says, or whether it stands on the suppression list, nobody knows.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast
from unicodedata import east_asian_width

from custody.acts.desk import Desk
from custody.acts.finding import identifiers
from custody.acts.layouts import class_of
from custody.acts.own_tables import own_tables
from custody.acts.reading import Reader, RowAgain
from custody.base import canonical
from custody.classify.taxonomy import NAMES
from custody.ports.store import Row, Transaction, one
from custody.vault.index import NEWEST, normalise

_WANTED: Final = frozenset(
    (
        *NAMES,
        "contact.email",
        "contact.phone",
        "contact.address",
        "contact.city",
        "contact.region",
        "contact.postal_code",
        "contact.country",
        "person.language",
    )
)
_READS: Final = "person.language"
_READ_AS_CHINESE: Final = (
    "zh",
    "cn",
    "chi",
    "中",
    "汉",
    "漢",
    "华",
    "華",
    "国语",
    "國語",
    "普通话",
    "简",
    "繁",
    "粤",
    "mandarin",
    "cantonese",
    "putonghua",
)
_CHINESE: Final = frozenset(("CN", "HK", "MO", "TW"))
# 85 mm hold so many halves of a sign of ten points, with room for words that do not break; 40 mm hold so many lines below the way back.
_WIDE: Final = 42
LINES: Final = 6
SMS: Final = "sms"
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{32,128}")
_PHONE: Final = re.compile(r"\+[0-9]{6,15}", re.ASCII)
_CHINESE_MOBILE: Final = re.compile(r"\+861[3-9][0-9]{9}", re.ASCII)
_REACHED: Final = frozenset(("contact.email", "contact.phone"))
_RECORD: Final = ("subject", "record", "row", "schema", "compartment", "revision", "segment", "position", "length")
_LINE: Final = ("contact.region", "contact.city", "contact.address")


def language_of(place: str) -> str:
    """The language of those two that people of a place or part of one read."""
    return "zh" if place.partition("-")[0] in _CHINESE else "en"


def guardian_of(name: str, lang: str) -> str:
    """As a guardian is spoken to, whose own name is not known: by the child's."""
    if lang == "zh":
        return f"{name}的监护人" if name else "监护人"
    return f"the guardian of {name}" if name else "the guardian"


@dataclass(slots=True)
class Contact:
    """First value of each class that was met, and the others by which somebody may be reached; what is not on file is empty."""

    values: dict[str, str] = field(default_factory=dict)
    region: str = ""
    residence: str = ""
    others: dict[str, list[str]] = field(default_factory=dict)
    child: bool = False
    """Known to be under 14, or of an age at which their law asks a guardian: what is written is for whoever has the care of them (PIPL 31; spec/consent.md §2)."""
    unread: int = 0
    """Records of theirs that say where they are reached, or whether they may be, and that nobody can read."""

    def meet(self, cls: str, value: str) -> None:
        """Keeps the first value of a class; a digest is none (`phone_hash` is of the class of what it hides, and reaches nobody)."""
        if _DIGEST.fullmatch(value):
            return
        if cls in self.values and cls in _REACHED:
            self.others.setdefault(cls, []).append(value)
        self.values.setdefault(cls, value)

    def _every(self, cls: str) -> list[str]:
        return [self.values.get(cls, ""), *self.others.get(cls, ())]

    @property
    def language(self) -> str:
        """In which language a letter speaks to them: the one on file of theirs, else Chinese where people read it, else English."""
        told = self.values.get(_READS, "").strip().casefold()
        if not told:
            return language_of(self.residence or self.region)
        return "zh" if told.startswith(_READ_AS_CHINESE) else "en"

    @property
    def name(self) -> str:
        """As it may stand in a letter: one line, without signs that end one."""
        return one_line(next((self.values[one] for one in NAMES if one in self.values), ""))

    @property
    def called(self) -> str:
        """Whom a message speaks to: the person, or the guardian of a child."""
        return guardian_of(self.name, self.language) if self.child else self.name

    @property
    def email(self) -> str:
        """The first address that can stand in an envelope, in normal form, '' when none on file can."""
        forms = (normalise(NEWEST["email"], one, "") for one in self._every("contact.email"))
        return next((form for form in forms if form and _in_an_envelope(form)), "")

    @property
    def phone(self) -> str:
        """The first number that takes text messages, in normal form (E.164), '' when none on file does. Numbers without a country are of the vault's region."""
        forms = (normalise(NEWEST["phone"], one, self.region) for one in self._every("contact.phone"))
        return next((form for form in forms if form and _takes_texts(form)), "")

    def reached(self, channel: str) -> str:
        """The address by this channel, '' when there is none."""
        return self.phone if channel == SMS else self.email

    @property
    def postal(self) -> str:
        """The postal address, on one line."""
        told = (
            [one_line(self.values[one]) for one in _LINE if one in self.values]
            if "contact.address" in self.values
            else []
        )
        return " ".join(one for place, one in enumerate(told) if not any(one in later for later in told[place + 1 :]))

    def window(self) -> list[str]:
        """The lines in an envelope's window, as the post of their place reads them; none without a postal address, or with one that does not fit."""
        if not self.postal:
            return []
        place = {cls: one_line(self.values.get(cls, "")) for cls in (*_LINE, "contact.postal_code", "contact.country")}
        abroad = [place["contact.country"]] if self.residence and self.residence != self.region else []
        if self.language == "zh":
            lines = [place["contact.postal_code"], self.postal, f"{self.called} 收", *abroad]
        else:
            said = self.values["contact.address"]
            town = [
                place[one]
                for one in ("contact.postal_code", "contact.city", "contact.region")
                if place[one] not in said
            ]
            lines = [self.called, place["contact.address"], " ".join(town), *abroad]
        lines = [line for line in lines if line]
        return lines if sum(-(-_wide(line) // _WIDE) for line in lines) <= LINES else []


def _in_an_envelope(form: str) -> bool:
    """Whether it is exactly one mailbox. `=?` begins an encoded word (RFC 2047): a header would show another address than the one on file."""
    return form.isascii() and form.isprintable() and "=?" not in form and not set(form) & set('<>,;:\\"()[]')


def _takes_texts(form: str) -> bool:
    """In China by its first digits; elsewhere fixed and mobile numbers look alike in many plans, and the gateway says which it is."""
    return bool(_PHONE.fullmatch(form)) and (not form.startswith("+86") or bool(_CHINESE_MOBILE.fullmatch(form)))


def _wide(text: str) -> int:
    """In halves of a square sign: what is not of the East takes half as much."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def one_line(text: str) -> str:
    """Text without line ends and other signs that do not print."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def contacts(desk: Desk, tx: Transaction, vault: str, subjects: Collection[bytes]) -> Mapping[bytes, Contact]:
    """{subject: contact} of live subjects, by their own rows; who is known by an order alone is reached as that says."""
    theirs, lost, asked = own_tables(tx, vault), Counter[bytes](), _asked(desk, tx, vault)
    with Reader(desk, tx, vault, only=subjects, lost=lost) as reader:
        named, own = (
            reader.columns(),
            {str(row["tbl"]): class_of(tx, vault, str(row["tbl"])) for row in tx.find("tally", vault=vault)},
        )
        wanted = {
            number
            for number, one in reader.layouts.items()
            if _WANTED & {own[one.table].get(name, "") for name in one.columns}
        }
        row = one(tx, "vault", id=vault)
        region = str(row["region"]) if row else ""
        found = {subject: Contact(region=region) for subject in subjects}
        for who, told in tx.among("subject", ("id", "facts"), "id", subjects, vault=vault):
            facts = cast("Mapping[str, object]", canonical.decode(cast("bytes", told), strict=False))
            found[cast("bytes", who)].residence = str(facts.get("residence") or "")
            found[cast("bytes", who)].child = str(facts.get("turns_14_on") or "") > desk.today().isoformat()
        rows = (
            dict(zip(_RECORD, cells, strict=True))
            for cells in tx.among("record", _RECORD, "subject", subjects, vault=vault)
        )
        opens = wanted | asked
        mine = {number for number, layout in reader.layouts.items() if layout.table in theirs}
        kept = list(rows)
        known = {each["subject"] for each in kept if each["schema"] in mine}
        kept = [
            each
            for each in kept
            if each["schema"] in opens and (each["schema"] in mine or each["subject"] not in known)
        ]
        for record in sorted(kept, key=lambda each: cast("int", each["record"])):
            tables: dict[str, dict[int, RowAgain]] = {}
            reader.put(record, tables)  # of what the list alone is asked by, only whether it opens
            _take(found[cast("bytes", record["subject"])], tables, named, own)
    return {who: _withheld(one, lost[who]) if lost[who] else one for who, one in found.items()}


def spoken_to(found: Mapping[bytes, Contact], sendings: Iterable[Row]) -> Mapping[bytes, Contact]:
    """The same, with the guardian in the place of each person for whom by their law only a guardian says yes: as their page speaks."""
    for sending in sendings:
        contact = found.get(cast("bytes", sending["subject"]))
        if contact is not None and sending["guardian"]:
            contact.child = True
    return found


def _asked(desk: Desk, tx: Transaction, vault: str) -> set[int]:
    """Layouts by which the suppression list is asked, where there is one: nobody is written to of whom it cannot be."""
    return set(identifiers(tx, vault)) if one(tx, "suppression_key", party=desk.space) else set()


def _withheld(contact: Contact, unread: int) -> Contact:
    values = {cls: value for cls, value in contact.values.items() if not cls.startswith("contact.")}
    return replace(contact, values=values, others={}, unread=unread)


def _take(
    contact: Contact,
    tables: Mapping[str, Mapping[int, RowAgain]],
    named: Mapping[str, tuple[str, ...]],
    own: Mapping[str, Mapping[str, str]],
) -> None:
    for table, rows in tables.items():
        for row in rows.values():
            for place, value in row.values.items():
                cls = own[table].get(named[table][place], "")
                if cls in _WANTED and value not in (None, ""):
                    contact.meet(cls, str(value))
