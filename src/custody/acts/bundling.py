"""Corrections of a deal as a sealed bundle, and the bundle opened (spec/freshness.md §5)."""

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from custody.acts import corrections
from custody.acts.correcting import cell_at, value_at
from custody.acts.desk import Desk
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.package.release_seal import DealKey, seal_message
from custody.package.statements import Invite
from custody.ports.store import Cell, Row, Transaction, one

FILE: Final = "corrections.bin"
SIGNED: Final = "corrected.dsse.json"
ANSWER: Final = "adopted.dsse.json"
_LABEL: Final = b"custody/corrections/1\0"


class Change(NamedTuple):
    """One value that is to read otherwise: of whom, which record, which column; by which corrections, and since when the last."""

    subject: bytes
    record: int
    table: str
    column: str
    value: str
    done_at: str = ""
    corrections: tuple[str, ...] = ()


def folder(n: int) -> str:
    """Where the n-th bundle lies in the hand-over's folder."""
    return f"corrections-{n:04d}"


def open_for(desk: Desk, tx: Transaction, matter: Row) -> list[Row]:
    """Corrections that this deal's buyer has to learn of and has the data of; of people it was never given there is nothing to learn."""
    return _theirs(desk, tx, matter, state=corrections.OPEN)


def sent_in(desk: Desk, tx: Transaction, matter: Row, n: int) -> list[Row]:
    """What went in the n-th bundle and was not answered."""
    return _theirs(desk, tx, matter, state=corrections.SENT, n=n)


def _theirs(desk: Desk, tx: Transaction, matter: Row, **which: Cell) -> list[Row]:
    buyers, found = corrections.Buyers(desk, tx), list[Row]()
    for to in tx.find("correction_to", order=("correction",), name=str(matter["id"]), **which):
        row = one(tx, "correction", id=to["correction"])
        if row is not None and buyers.has(str(matter["id"]), row):
            found.append(row)
    return found


def changes(desk: Desk, tx: Transaction, rows: Sequence[Row]) -> list[Change]:
    """What each of them reads now: a value that was corrected twice goes once, as it stands."""
    told: dict[tuple[bytes, int, str], Change] = {}
    for row in sorted(rows, key=lambda row: str(row["done_at"])):
        vault, subject = str(row["vault"]), cast("bytes", row["subject"])
        cell = cell_at(tx, vault, subject, corrections.place_of(row))
        value = value_at(desk, tx, vault, subject, cell)
        key = (subject, cell.record, str(row["col"]))
        also = told[key].corrections if key in told else ()
        told[key] = Change(subject, cell.record, str(row["tbl"]), str(row["col"]), value,
                           str(row["done_at"]), (*also, str(row["id"])))  # fmt: skip
    return list(told.values())


def sealed(invited: Invite, n: int, told: Sequence[Change]) -> bytes:
    """The bundle, which opens with the buyer's key of this deal alone."""
    rows: list[Json] = [
        {
            **one_change._asdict(),
            "subject": ids.subject_text(one_change.subject),
            "corrections": list[Json](one_change.corrections),
        }
        for one_change in told
    ]
    plain = canonical.encode({"v": 1, "deal": invited.deal, "n": n, "changes": rows})
    return seal_message(plain, invited.public, bound_to(invited.deal, n))


def opened(key: DealKey, deal: str, n: int, data: bytes) -> list[Change]:
    """Inverse of `sealed`. Raises Broken `release.seal`, Malformed `correction.bundle`."""
    told = canonical.decode(key.open(data, bound_to(deal, n)))
    try:
        value = cast("dict[str, list[dict[str, object]]]", told)
        return [Change(ids.subject_bytes(str(row["subject"])), cast("int", row["record"]), str(row["table"]), str(row["column"]), str(row["value"]),
                       str(row.get("done_at", "")), tuple(str(each) for each in cast("list[object]", row.get("corrections", []))))
                for row in value["changes"]]  # fmt: skip
    except (KeyError, TypeError) as error:
        raise Malformed(
            "correction.bundle", "This is no bundle of corrections.", next="Ask the seller for it again."
        ) from error


def bound_to(deal: str, n: int) -> bytes:
    """What binds a bundle to its deal and number."""
    return _LABEL + hashlib.sha256(canonical.encode({"deal": deal, "n": n})).digest()
