"""Who saw a customer, and what a person saw: looks read back from the ledger, with what still opens (D4; spec/access.md §5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.about import About, about, open_detail
from custody.acts.desk import Desk
from custody.acts.vaults import open_keyring
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError, Missing
from custody.package.account import Line
from custody.ports.store import Row, Transaction, one
from custody.vault import record as records
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
    who = _key(desk, tx, subject)
    if who is None:
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
    for position, sealed in tx.columns("opening", ("position", "detail"), order=("position",), space=desk.space):
        if _whose(cast("bytes", sealed)) == subject and (seen := _seen(desk, tx, cast("int", position), who)):
            yield seen


def by_person(desk: Desk, tx: Transaction, principal: str) -> Iterator[Seen]:
    """Every look of one person, the oldest first; looks at customers who are gone stay, without their openings."""
    keys: dict[bytes, About | None] = {}
    for position, raw in tx.columns("ledger_entry", ("position", "entry"), order=("position",), space=desk.space):
        if principal.encode() not in cast("bytes", raw):
            continue
        opening = one(tx, "opening", space=desk.space, position=position)
        subject = _whose(cast("bytes", opening["detail"])) if opening else b""
        if subject not in keys:
            keys[subject] = _key(desk, tx, subject) if subject else None
        seen = _seen(desk, tx, cast("int", position), keys[subject])
        if seen and seen.says.get("principal") == principal:
            yield seen


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


def _whose(sealed: bytes) -> bytes:
    """The subject in the clear header of a sealed opening; b"" when it is none."""
    if not sealed.startswith(records.MAGIC):
        return b""
    try:
        return records.parse(sealed).subject
    except CustodyError:
        return b""


def _key(desk: Desk, tx: Transaction, subject: bytes) -> About | None:
    for vault in tx.find("vault", order=("id",), party=desk.space):
        row: Row | None = one(tx, "subject", vault=str(vault["id"]), id=subject)
        if row is not None and row["state"] == "live":
            try:
                return about(tx, open_keyring(desk, tx, str(vault["id"])), subject, cast("bytes", row["slots"]))
            except Broken:
                return None
    return None
