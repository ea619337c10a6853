"""Who saw a customer, and what a person saw: looks read back from the ledger, with what still opens (D4; spec/access.md §5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.about import About, about, open_detail
from custody.acts.desk import Desk
from custody.acts.entries import PRINCIPAL, SUBJECT, positions, subject_of
from custody.acts.vaults import Keyring, open_keyring
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError, Missing
from custody.package.account import Line
from custody.ports.store import Row, Transaction, one
from custody.vault.audit import entry_salt

LOOKS: Final = frozenset(("revealed", "reveal-refused"))
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
    who = _key(desk, tx, subject, {})
    if who is None:
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
    for position in reversed(positions(tx, desk.space, SUBJECT, ids.subject_text(subject))):
        if seen := _seen(desk, tx, position, who):
            yield seen


def count_by(tx: Transaction, space: str, principal: str) -> int:
    """How often one person looked, or was refused."""
    return sum(tx.count("entry_about", space=space, topic=PRINCIPAL, whom=principal, kind=kind) for kind in LOOKS)


def by_person(desk: Desk, tx: Transaction, principal: str, most: int | None = None) -> Iterator[Seen]:
    """Every look of one person or the newest `most`, the oldest first; looks at customers who are gone stay, without their openings."""
    rings: dict[str, Keyring] = {}
    for position in _looks_by(tx, desk.space, principal, most):
        opening = one(tx, "opening", space=desk.space, position=position)
        subject = subject_of(cast("bytes", opening["detail"])) if opening else b""
        if seen := _seen(desk, tx, position, _key(desk, tx, subject, rings) if subject else None):
            yield seen


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
    }  # fmt: skip


def _seen(desk: Desk, tx: Transaction, position: int, who: About | None) -> Seen | None:
    """The entry, if it is that of a look."""
    row, opening = (
        one(tx, "ledger_entry", space=desk.space, position=position),
        one(tx, "opening", space=desk.space, position=position),
    )
    entry = cast("Fields", canonical.decode(cast("bytes", row["entry"]))) if row else {}
    if row is None or opening is None or entry["kind"] not in LOOKS:
        return None
    detail, salt = b"", b""
    if who is not None:
        try:
            detail = canonical.encode(dict(open_detail(cast("bytes", opening["detail"]), who)))
            salt = entry_salt(who.key, f"{desk.space}@{position}", who.suite)
        except CustodyError:  # sealed under a key that is no more: it stays closed
            detail = b""
    return Seen(position, cast("bytes", row["entry"]), cast("Fields", entry["says"]), salt, detail)


def _key(desk: Desk, tx: Transaction, subject: bytes, rings: dict[str, Keyring]) -> About | None:
    """`rings` keeps what was opened: its pages are checked once for all who are asked about."""
    for vault in tx.find("vault", order=("id",), party=desk.space):
        name = str(vault["id"])
        row: Row | None = one(tx, "subject", vault=name, id=subject)
        if row is not None and row["state"] == "live":
            try:
                rings[name] = ring = rings.get(name) or open_keyring(desk, tx, name)
                return about(tx, ring, subject, cast("bytes", row["slots"]))
            except Broken:
                return None
    return None
