"""Pack the answer to a request for access, a copy, portability or an explanation: sealed to whoever asked before it leaves this host (B4; spec/requests.md §3).

It is entered first. Without a recipient it opens with a passphrase that is made here, told once and kept nowhere: give it by another way.
"""

import csv
import io
import secrets
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts import lawbook, revealing
from custody.acts.about import append_about
from custody.acts.answer_package import Held, Withheld, archive, everything, explained, parted, zipped
from custody.acts.asked import request, require_of_deal, said_with
from custody.acts.desk import Desk
from custody.acts.explaining import explanation
from custody.acts.grounds import require_grounds
from custody.acts.mirroring import mirrored
from custody.acts.noted import IN_PART, MOVED, PACKED, note_own
from custody.acts.own_evidence import own_about
from custody.acts.own_file import own_file
from custody.acts.terms import NOBODY_SAID, Term, let_out
from custody.acts.twins import seek_if_may
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.package.age import to_passphrase, to_recipient
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction, one

PACKERS: Final = ("owner", "privacy")
EXPLAIN: Final = "explain"
_WHOLE: Final = ("access", "copy")
ANSWERED: Final = ("access", "copy", "portability", EXPLAIN)
_SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS: Final = 6


class Packed(NamedTuple):
    """What is told, the sealed file, and its passphrase ('' where it is sealed to a recipient)."""

    told: Mapping[str, Json]
    file: bytes
    passphrase: str


def request_answer(
    desk: Desk, laws: Laws, ref: str, recipient: str, kept_back: str, term: Term = NOBODY_SAID
) -> Packed:
    """`kept_back` is CSV with a line `table,row,rule` for each row that is not given (row empty: the whole table), and for each law that binds it.

    Raises Malformed `request.withheld`, `request.grounds`, `age.recipient`, Refused `request.laws`, `request.kind`, `request.ended`, Missing `request.unknown`, `subject.unknown`, Denied `reveal.day`, `request.deal`.
    """
    desk.require(PACKERS)
    packs = lawbook.packs(laws)
    listed = _listed(kept_back)
    with desk.store.read() as tx:
        whose = request(desk, tx, ref)
    seek_if_may(desk, str(whose["vault"]), [cast("bytes", whose["subject"])])
    with desk.store.write() as tx:
        row = request(desk, tx, ref)
        require_of_deal(desk, tx, row)
        if row["kind"] not in ANSWERED:
            raise Refused(
                "request.kind", "Such a request is not answered by a package.", next="custody request close REF"
            )
        if row["closed_at"]:
            raise Refused(
                "request.ended",
                "This request has ended: nothing is packed for it any more.",
                next="Take in a new one: custody request new SUBJECT",
            )
        for rules in _parts(listed):
            require_grounds(packs, row, rules, desk.today())
        subject = one(tx, "subject", vault=row["vault"], id=row["subject"], state="live")
        if subject is None:
            raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
        now, asked = stamp(desk.clock.now()), said_with(desk, tx, row, subject)
        # Whoever packs can open it: by the passphrase, or as a recipient of their own.
        revealing.counted_alone(desk, tx)
        held = [] if row["kind"] == EXPLAIN else everything(desk, tx, str(row["vault"]), cast("bytes", row["subject"]))
        _there(held, listed)
        given = parted(held, listed)
        about_them = explanation(desk, tx, laws, cast("Row", one(tx, "matter", id=row["matter"])), subject)
        head: dict[str, Json] = {"request": ref, "kind": str(row["kind"]), "made_at": now, "rehearsal": desk.rehearsal,
                                 **({"to_controller": asked["controller"]} if asked["controller"] else {})}  # fmt: skip
        only = row["kind"] == EXPLAIN
        data = (
            zipped(explained(about_them, head))
            if only
            else archive(
                given, listed, packs, head, about_them, own_file(desk, tx, subject) if row["kind"] in _WHOLE else {}
            )
        )
        passphrase = "" if recipient else _passphrase()
        file = to_recipient(data, recipient) if recipient else to_passphrase(data, passphrase)
        rows = {"given": sum(len(table.rows) for table in given), "held": sum(len(table.rows) for table in held)}
        position = _enter(
            desk, tx, row, now, {"sha256": sha256(file), "to": "recipient" if recipient else "passphrase", **rows}
        )
        what = MOVED if asked["controller"] else PACKED
        what = what if only or rows["given"] == rows["held"] else IN_PART[what]
        note_own(tx, str(row["id"]), f"{desk.space}@{position}", what, now)
        left: Cells = {"kind": "answer", "name": f"{ref}-answer", "sha256": sha256(file)}
        copy = let_out(desk, tx, str(row["vault"]), left, term)
    mirrored(desk)
    told: dict[str, Json] = {"ref": ref, "rows": rows["given"], "withheld": rows["held"] - rows["given"], "tables": len(given),
                             "to": "recipient" if recipient else "passphrase", "bytes": len(file), "sha256": sha256(file),
                             "copy": copy, "controller": asked["controller"], "ledger": f"{desk.space}@{position}"}  # fmt: skip
    return Packed(told, file, passphrase)


def _passphrase() -> str:
    """120 bits, in signs that are read out over a telephone without a mistake."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(_GROUPS))


def _listed(text: str) -> list[Withheld]:
    found, wrong = list[Withheld](), list[str]()
    for n, line in enumerate(csv.reader(io.StringIO(text)), start=1):
        if not line or line == ["table", "row", "rule"]:
            continue
        cells = [cell.strip() for cell in line]
        if len(cells) != 3 or not (not cells[1] or (cells[1].isascii() and cells[1].isdigit() and int(cells[1]))):
            wrong.append(str(n))
        else:
            found.append(Withheld(cells[0], int(cells[1] or 0), cells[2]))
    if wrong:
        raise Malformed(
            "request.withheld",
            f"Not a table, a row and a rule: line {', '.join(wrong)}.",
            next="custody request grounds REF",
        )
    return found


def _parts(listed: Sequence[Withheld]) -> list[set[str]]:
    """The grounds on which each part is kept back: those of a whole table are its rows' too."""
    of = {(line.table, line.row): set[str]() for line in listed}
    for (table, row), rules in of.items():
        rules |= {line.rule for line in listed if line.table == table and line.row in {0, row}}
    return list(of.values())


def _there(held: Sequence[Held], listed: Sequence[Withheld]) -> None:
    """Who keeps a row back means one that is there: a mistyped number would give away what it should keep."""
    sizes = {table.name: len(table.rows) for table in held}
    if [one_line for one_line in listed if one_line.row > sizes.get(one_line.table, -1)]:
        raise Malformed(
            "request.withheld", "A row that should be kept back is not there.", next="Rows count from 1 in each table."
        )


def _enter(desk: Desk, tx: Transaction, row: Row, now: str, made: Mapping[str, Json]) -> int:
    who = own_about(desk, tx, str(row["vault"]), cast("bytes", row["subject"]), now)
    says: dict[str, Json] = {
        "matter": str(row["matter"]),
        "request": str(row["id"]),
        "principal": desk.principal.id,
        **made,
    }
    return append_about(
        tx, desk.space, now, "request-packed", says, who=who, detail={"subject": ids.subject_text(who.subject)}
    )
