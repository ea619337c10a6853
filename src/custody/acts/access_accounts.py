"""Who saw a customer, and what a person saw: looks read back from the ledger, with what still opens (D4; spec/access.md §5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from custody.acts.about import About, about, gone, open_detail
from custody.acts.asked import open_to
from custody.acts.desk import Desk
from custody.acts.entries import PRINCIPAL, SUBJECT, positions, subject_of
from custody.acts.members import concerns, sees_every
from custody.acts.vaults import Keyring, open_keyring
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError, Missing
from custody.package.account import Line
from custody.ports.store import Row, Transaction
from custody.vault.audit import entry_salt
from custody.vault.record import MAGIC

_TOGETHER: Final = 256
_OF_DEALS: Final = {"request": ("R-", "kind", open_to), "campaign": ("N-", "ref", concerns)}
"""What belongs to a deal and is the reason of a look: how its reference begins, the column by which it is told apart, and who sees it."""
SHOWN: Final = frozenset(
    ("revealed", "request-read", "guardian-paper-seen", "request-packed", "letter-addressed", "data-exported")
)
"""What showed something of somebody in clear to a person at work: a record, their words, a paper, the answer that was packed for them, a letter to them, a file that one person took out."""
LOOKS: Final = SHOWN | {"reveal-refused"}
Fields = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: its entry as it stands in the ledger, and its opening where the customer's key still opens it."""

    position: int
    entry: bytes
    says: Mapping[str, Json]
    salt: bytes
    detail: bytes

    def line(self) -> Line:
        """As a statement lists it."""
        salt, detail = (self.salt.hex(), self.detail.decode()) if self.detail else (None, None)
        return Line(n=self.position, entry=self.entry.decode(), salt=salt, detail=detail)


def of_customer(desk: Desk, tx: Transaction, subject: bytes) -> Iterator[Seen]:
    """Every look at one customer, the oldest first. Raises Missing `subject.unknown` where the key that tells is gone."""
    vaults = [str(row["id"]) for row in tx.find("vault", order=("id",), party=desk.space)]
    who = _Keys(desk, tx, vaults).of((subject,)).get(subject)
    if who is None:
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
    numbers = list(reversed(positions(tx, desk.space, SUBJECT, ids.subject_text(subject))))
    written = _written(tx, desk.space, numbers)
    for position in numbers:
        if position in written and (seen := _seen(desk, position, *written[position], who)):
            yield seen


def count_by(tx: Transaction, space: str, principal: str) -> int:
    """How often one person looked, or was refused."""
    return sum(tx.count("entry_about", space=space, topic=PRINCIPAL, whom=principal, kind=kind) for kind in LOOKS)


def by_person(desk: Desk, tx: Transaction, principal: str, most: int | None = None) -> Iterator[Seen]:
    """Every look of one person or the newest `most`, the oldest first; looks at customers who are gone stay, without their openings."""
    vaults = [str(row["id"]) for row in tx.find("vault", order=("id",), party=desk.space)]
    keys, looks = _Keys(desk, tx, vaults), iter(_looks_by(tx, desk.space, principal, most))
    while some := list(islice(looks, _TOGETHER)):
        written = _written(tx, desk.space, some)
        whose = {position: subject_of(opening) for position, (_, opening) in written.items()}
        known = keys.of(who for who in whose.values() if who)
        for position in some:
            if position in written and (seen := _seen(desk, position, *written[position], known.get(whose[position]))):
                yield seen


def _written(tx: Transaction, space: str, positions: Sequence[int]) -> dict[int, tuple[bytes, bytes]]:
    """{position: (entry, opening)} of those that have both: two questions for all of them."""
    entries = _at(tx, "ledger_entry", "entry", space, positions)
    openings = _at(tx, "opening", "detail", space, positions)
    return {place: (entries[place], openings[place]) for place in positions if place in entries and place in openings}


def _at(tx: Transaction, table: str, column: str, space: str, positions: Sequence[int]) -> dict[int, bytes]:
    rows = tx.among(table, ("position", column), "position", positions, space=space)
    return {cast("int", place): cast("bytes", value) for place, value in rows}


def _looks_by(tx: Transaction, space: str, principal: str, most: int | None) -> list[int]:
    named: Row = {"space": space, "topic": PRINCIPAL, "whom": principal}
    rows = [row for kind in LOOKS for row in tx.first("entry_about", most, order=("-position",), kind=kind, **named)]
    found = sorted(cast("int", row["position"]) for row in rows)
    return found if most is None else found[-most:]


def told(seen: Seen, handles: Mapping[str, str]) -> Fields:
    """A look as people read it."""
    entry = cast("Fields", canonical.decode(seen.entry))
    detail = cast("Fields", canonical.decode(seen.detail)) if seen.detail else {}
    return {
        "at": entry["at"], "kind": entry["kind"], "who": handles.get(str(seen.says["principal"]), ""), "purpose": seen.says.get("purpose"),
        "tiers": seen.says.get("tiers"), "subject": detail.get("subject"), "reason": detail.get("reason"), "entry": seen.position,
        "decided": "decision" in seen.says,
    }  # fmt: skip


def told_to(desk: Desk, tx: Transaction, looks: Iterable[Fields]) -> list[Json]:
    """The same for whoever asks: which request or campaign a look was for is not told to who does not see its deal. What is signed for a court is whole."""
    found = list(looks)
    reasons = {str(look["reason"]) for look in found} if not sees_every(desk) else set()
    closed = {
        ref
        for table, (begins, kind, shown) in _OF_DEALS.items()
        for ref, matter, of in tx.among(table, ("ref", "matter", kind), "ref", sorted(one for one in reasons if one.startswith(begins)))
        if not shown(desk, tx, {"matter": matter, "kind": of})
    }  # fmt: skip
    return [{**look, "reason": "" if look["reason"] in closed else look["reason"]} for look in found]


def _seen(desk: Desk, position: int, entry: bytes, opening: bytes, who: About | None) -> Seen | None:
    """The entry, if it is that of a look."""
    told = cast("Fields", canonical.decode(entry))
    if told["kind"] not in LOOKS:
        return None
    detail, salt = b"", b""
    if who is not None and opening.startswith(MAGIC):
        try:
            detail = canonical.encode(dict(open_detail(opening, who, position)))
            salt = entry_salt(who.key, f"{desk.space}@{position}", who.suite)
        except CustodyError as error:  # sealed under a key that is no more: it stays closed
            if not gone(error):
                raise
            detail = b""
    return Seen(position, entry, cast("Fields", told["says"]), salt, detail)


class _Keys:
    """The audit keys of people; the pages of a vault are checked once for all who are asked about."""

    def __init__(self, desk: Desk, tx: Transaction, vaults: Sequence[str]) -> None:
        self._desk, self._tx, self._vaults = desk, tx, vaults
        self._rings: dict[str, Keyring] = {}

    def of(self, people: Iterable[bytes]) -> dict[bytes, About]:
        """{who: how evidence sees them} of those who live and have a key; where somebody is in several vaults, by the first."""
        left, found = set(people), dict[bytes, About]()
        for vault in self._vaults:
            # By key alone: asked for the state as well, a database may go through everybody who lives.
            rows = list(self._tx.among("subject", ("id", "state", "slots"), "id", left, vault=vault))
            live = {cast("bytes", who): cast("bytes", slots) for who, state, slots in rows if state == "live"}
            left -= live.keys()
            for who, slots in live.items():
                with suppress(Broken):
                    found[who] = about(self._tx, self._ring(vault), who, slots)
        return found

    def _ring(self, vault: str) -> Keyring:
        if vault not in self._rings:
            self._rings[vault] = open_keyring(self._desk, self._tx, vault)
        return self._rings[vault]
