"""Carry a correction out, or back: what a person asked for on their page and what staff take in meet here (spec/freshness.md §3)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import corrections
from custody.acts.about import About, about, append_about, open_detail
from custody.acts.accuracy import wrong
from custody.acts.correcting import cell_at, value_at, write_value, write_values
from custody.acts.desk import Desk
from custody.acts.own_evidence import own_about
from custody.acts.policies import CORRECTIONS
from custody.acts.reseal import live_subject
from custody.acts.revising import Also
from custody.acts.vaults import open_keyring
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.base.written import written
from custody.ports.store import Cells, Row, Transaction, one

LONGEST: Final = 400
_ASKED: Final = "correction-asked"


def worded(cls: str, text: str, region: str) -> str:
    """The new value, where it can be one of its class. Raises Malformed `correction.value`."""
    value = written(text)
    coded = cls == "contact.email" and "=?" in value  # an encoded word (RFC 2047) shows another address than it is
    if not 0 < len(value) <= LONGEST or not value.isprintable() or coded or wrong(cls, value, region):
        raise Malformed(
            "correction.value", "The new value is empty, too long, or cannot be right.", next="Look at it once more."
        )
    return value


def carry_out(desk: Desk, row: Cells, draft: corrections.Draft, value: str) -> int:
    """Write the value, keep the row, enter it: one transaction. Returns the revision."""
    with desk.store.read() as tx:
        policy = CORRECTIONS.in_force(tx, desk.space).policy

    def kept(tx: Transaction, revision: int) -> None:
        row["position"] = enter(desk, tx, row, "correction-done", {}, draft.came)
        corrections.done(desk, tx, row, policy, revision)

    return write_value(desk, draft.vault, draft.subject, draft.cell, value, draft.reason, kept)


def carry_out_all(desk: Desk, made: Sequence[tuple[Cells, corrections.Draft]], value: str) -> None:
    """As `carry_out`, the same value in every place of one person's where it stood, in one transaction."""
    with desk.store.read() as tx:
        policy = CORRECTIONS.in_force(tx, desk.space).policy

    def keeping(row: Cells, came: str) -> Also:
        def kept(tx: Transaction, revision: int) -> None:
            row["position"] = enter(desk, tx, row, "correction-done", {}, came)
            corrections.done(desk, tx, row, policy, revision)

        return kept

    first = made[0][1]
    write_values(desk, first.vault, first.subject, [(draft.cell, keeping(row, draft.came)) for row, draft in made], value, first.reason)  # fmt: skip


def wait(desk: Desk, tx: Transaction, row: Cells, value: str, came: str) -> str:
    """Keep what is asked until the old channel has proven it: the value sealed under the person's own key. Returns the code."""
    code = corrections.make_code(desk, row)
    row["position"] = enter(desk, tx, row, _ASKED, {"value": value}, came)
    tx.add("correction", [row])
    return code


def asked_value(desk: Desk, tx: Transaction, row: Row) -> str:
    """What was asked for. Raises Missing `subject.unknown`."""
    opening = one(tx, "opening", space=desk.space, position=row["position"])
    sealed, position = cast("bytes", cast("Row", opening)["detail"]), cast("int", row["position"])
    return str(open_detail(sealed, _whose(desk, tx, row), position)["value"])


def enter(desk: Desk, tx: Transaction, row: Row, kind: str, more: Mapping[str, Json], came: str = "") -> int:
    """Codes in the ledger, and by which way it came in; whose value, and where it stands, under the person's own key."""
    says: dict[str, Json] = {
        "correction": str(row["id"]),
        "class": str(row["cls"]),
        "proof": str(row["proof"]),
        "principal": desk.principal.id,
        **({"channel": came} if came else {}),
    }
    detail: dict[str, Json] = {
        "subject": ids.subject_text(cast("bytes", row["subject"])),
        "table": str(row["tbl"]),
        "row": row["row"],
        "column": str(row["col"]),
        **more,
    }
    now = stamp(desk.clock.now())
    who = own_about(desk, tx, str(row["vault"]), cast("bytes", row["subject"]), now)
    return append_about(tx, desk.space, now, kind, says, who=who, detail=detail)


def _whose(desk: Desk, tx: Transaction, row: Row) -> About:
    """The person's own key, under which a correction's details are sealed."""
    vault, subject = str(row["vault"]), cast("bytes", row["subject"])
    person = live_subject(tx, vault, subject)
    return about(tx, open_keyring(desk, tx, vault), subject, cast("bytes", person["slots"]))


def take_back(desk: Desk, row: Row, reason: str) -> int:
    """What stood there before stands there again, as a new revision; whoever was told is told again.

    Raises Refused `correction.late`, `correction.state`.
    """
    vault, subject, now = str(row["vault"]), cast("bytes", row["subject"]), stamp(desk.clock.now())
    if row["state"] != corrections.DONE:
        raise Refused("correction.state", "This correction is not one that is done.", next="custody correction list")
    if not str(row["undo_until"]) > now:
        raise Refused(
            "correction.late", "This correction cannot be taken back any more.", next="custody correction new"
        )
    with desk.store.read() as tx:
        _last(tx, row)
        policy = CORRECTIONS.in_force(tx, desk.space).policy
        cell = cell_at(tx, vault, subject, corrections.place_of(row))
        try:
            before = value_at(desk, tx, vault, subject, cell, cast("int", row["revision"]) - 1)
        except Missing as error:
            raise Refused(
                "correction.late", "This correction cannot be taken back any more.", next="custody correction new"
            ) from error

    def kept(tx: Transaction, revision: int) -> None:
        undone: Cells = {
            "state": corrections.UNDONE,
            "done_at": stamp(desk.clock.now()),
            "revision": revision,
            "undo_until": "",
        }
        if tx.change("correction", undone, id=row["id"], state=corrections.DONE) != 1:
            raise Refused(
                "correction.state", "This correction is not one that is done.", next="custody correction list"
            )
        enter(desk, tx, row, "correction-undone", {"reason": reason})
        corrections.spread(tx, {**row, **undone}, policy)

    return write_value(desk, vault, subject, cell, before, "taken-back", kept)


def _last(tx: Transaction, row: Row) -> None:
    """What was changed again later is taken back first. Raises Refused `correction.state`."""
    same: Cells = {name: row[name] for name in ("subject", "tbl", "row", "col")}
    done = tx.find("correction", order=("done_at",), vault=row["vault"], subject=row["subject"], state=corrections.DONE)
    later = [
        each
        for each in done
        if str(each["done_at"]) > str(row["done_at"]) and all(each[name] == same[name] for name in same)
    ]
    if later:
        raise Refused(
            "correction.state", "This value was changed again since.", next="Take the later correction back first."
        )
