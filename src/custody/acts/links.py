"""Links that open one person's page of one deal (spec/portal.md §1): signed, expiring, revocable, with nothing personal in them.

A token is checked by its code before any row is looked up, so that guessing costs the same whatever is guessed; every
way to fail is told alike.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast

from custody.acts.desk import Desk
from custody.base import ids
from custody.base.canonical import b64, unb64
from custody.base.clock import parse, stamp
from custody.base.errors import CustodyError, Denied, Malformed, Missing
from custody.ports.files import Files
from custody.ports.store import Cells, Row, Transaction, one

KEY: Final = "keys/portal.key"
LIFE: Final = timedelta(days=60)
PROOF_LIFE: Final = timedelta(minutes=15)
_LINK: Final = b"custody/portal-link/1\0"
_PROOF: Final = b"custody/portal-proof/1\0"
_CODE: Final = b"custody/portal-code/1\0"
_VALUE: Final = b"custody/portal-value/1\0"
_TYPED: Final = b"custody/portal-letter/1\0"
_KEPT: Final = b"custody/portal-letter-kept/1\0"
_SHORT: Final = 10
_MAC: Final = 16
_LONGEST: Final = 64
_BYTES: Final = 16 + 4 + _MAC


@dataclass(frozen=True, slots=True)
class Link:
    """A live link: whose page of which deal, by which channel it went, and the row itself."""

    id: bytes
    matter: str
    subject: bytes
    channel: str
    expires_at: str

    @property
    def name(self) -> str:
        """As people write it."""
        return ids.id_text("lnk", self.id)


def make(desk: Desk, tx: Transaction, matter: str, subject: bytes, channel: str, life: timedelta = LIFE) -> Link:
    """A new link, kept. Its token is made from it by `token`, now or later."""
    prepare(desk)
    made = fresh(desk, matter, subject, channel, life)
    tx.add("link", [kept(desk, made)])
    return made


def prepare(desk: Desk) -> None:
    """See that there is a key; within a writing transaction, so that two do not make one each."""
    _key(desk.files, make=True)


def fresh(desk: Desk, matter: str, subject: bytes, channel: str, life: timedelta = LIFE) -> Link:
    """A new link that is not kept yet."""
    until = desk.clock.now().replace(microsecond=0) + life
    return Link(secrets.token_bytes(16), matter, subject, channel, stamp(until))


def kept(desk: Desk, link: Link) -> Cells:
    """The row of a link."""
    row: Cells = {"id": link.id, "matter": link.matter, "subject": link.subject, "channel": link.channel}
    return {**row, "made_at": stamp(desk.clock.now()), "expires_at": link.expires_at, "revoked_at": "", "tries": 0, "tried_at": "",
            "code": b""}  # fmt: skip


def token(desk: Desk, link: Link) -> str:
    """What stands in the address: id, expiry and code, 48 characters."""
    body = link.id + int(parse(link.expires_at).timestamp()).to_bytes(4)
    return b64(body + _mac(desk.files, _LINK, body))


def opened(desk: Desk, tx: Transaction, text: str) -> Link:
    """The live link behind a token. Raises Denied `portal.link`, and says no more whatever is wrong with it."""
    link = given_out(desk, tx, text)
    if over(desk, link):
        raise shut()
    return link


def given_out(desk: Desk, tx: Transaction, text: str) -> Link:
    """The link behind a token that was never shut, its time over or not. Raises Denied `portal.link`."""
    body = _checked(desk.files, _LINK, text, _BYTES)
    row = one(tx, "link", id=body[:16])
    if row is None or row["revoked_at"]:
        raise shut()
    link = linked(row)
    if int(parse(link.expires_at).timestamp()) < int.from_bytes(
        body[16:]
    ):  # its row may live longer than the token says (link_lives)
        raise shut()
    return link


def over(desk: Desk, link: Link) -> bool:
    """Whether a link's time is over."""
    return parse(link.expires_at) <= desk.clock.now()


def live(desk: Desk, tx: Transaction, matter: str, subject: bytes) -> bool:
    """Whether some link of this person's opens their page today."""
    now = stamp(desk.clock.now())
    rows = tx.find("link", matter=matter, subject=subject)
    return any(not row["revoked_at"] and str(row["expires_at"]) > now for row in rows)


def typed(desk: Desk, link: Link) -> str:
    """What stands on a letter and can be typed: 16 characters, in fours."""
    body = link.id + int(parse(link.expires_at).timestamp()).to_bytes(4)
    text = ids.short(_mac(desk.files, _TYPED, body)[:_SHORT])
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def keep_typed(desk: Desk, tx: Transaction, listed: Iterable[Link]) -> None:
    """Remember the codes of these links, as marks that nobody can read back. A link that lives longer by now has another code than the letter before: both lead to it."""
    marks = {_mark(desk, ids.short_bytes(typed(desk, link), _SHORT)): link.id for link in listed}
    there = {cast("bytes", code) for (code,) in tx.among("letter_code", ("code",), "code", list(marks))}
    tx.add("letter_code", [{"code": code, "link": link} for code, link in marks.items() if code not in there])


def by_typed(desk: Desk, tx: Transaction, text: str) -> Link:
    """The link whose code was typed, its time over or not. Raises Denied `portal.link`, whatever is wrong with it."""
    try:
        code = ids.short_bytes(text[:_LONGEST], _SHORT)
    except Malformed:
        code = bytes(_SHORT)
    found = one(tx, "letter_code", code=_mark(desk, code))
    row = one(tx, "link", id=found["link"]) if found else None
    if row is None:
        raise shut()
    return given_out(desk, tx, token(desk, linked(row)))


def _mark(desk: Desk, code: bytes) -> bytes:
    return _mac(desk.files, _KEPT, code)


def linked(row: Row) -> Link:
    """A link from its row."""
    return Link(cast("bytes", row["id"]), str(row["matter"]), cast("bytes", row["subject"]), str(row["channel"]),
                str(row["expires_at"]))  # fmt: skip


def proof(desk: Desk, link: Link, how: str) -> str:
    """What shows, for a quarter of an hour, that whoever holds the link proved to be its person by `how`."""
    until = int((desk.clock.now() + PROOF_LIFE).timestamp())
    body = until.to_bytes(4) + how.encode()
    return b64(body + _mac(desk.files, _PROOF, link.id + body))


def proved(desk: Desk, link: Link, text: str) -> str:
    """How the holder of `link` proved to be its person, or '' when the proof is absent, old, changed or another link's."""
    try:
        raw = unb64(text) if text else b""
    except CustodyError:
        return ""
    body, mac = raw[:-_MAC], raw[-_MAC:]
    right = hmac.compare_digest(mac, _mac(desk.files, _PROOF, link.id + body))
    return body[4:].decode() if right and int.from_bytes(body[:4]) > desk.clock.now().timestamp() else ""


def seal_code(desk: Desk, of: str, code: str, until: str) -> bytes:
    """What is kept of a code that was sent for `of`: it tells the code to nobody."""
    prepare(desk)
    return _mac(desk.files, _CODE, f"{of}\0{until}\0{code}".encode())


def seal_value(desk: Desk, of: str, text: str) -> bytes:
    """What stands for a value of `of` where two people sign for it: it tells the value to nobody."""
    prepare(desk)
    return _mac(desk.files, _VALUE, f"{of}\0{text}".encode())


def _checked(files: Files, label: bytes, text: str, size: int) -> bytes:
    try:
        raw = unb64(text) if len(text) == -(-size * 4 // 3) else b""
    except CustodyError:
        raw = b""
    raw = raw if len(raw) == size else bytes(size)
    if not hmac.compare_digest(raw[-_MAC:], _mac(files, label, raw[:-_MAC])):
        raise shut()
    return raw[:-_MAC]


def _mac(files: Files, label: bytes, body: bytes) -> bytes:
    return hmac.digest(_key(files), label + body, "sha256")[:_MAC]


def _key(files: Files, *, make: bool = False) -> bytes:
    try:
        return files.read(KEY)
    except Missing:
        if not make:
            raise shut() from None
    files.write(KEY, secrets.token_bytes(32), secret=True)
    return files.read(KEY)


def shut() -> Denied:
    """Of a link that opens nothing: one answer, whatever is wrong with it."""
    return Denied(
        "portal.link", "This link opens nothing, or nothing any more.", next="Ask the company for a new link."
    )
