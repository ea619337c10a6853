"""What a request's end rests on: to delete or to correct is granted by the act that did it, never by saying so (spec/requests.md §6)."""

from collections.abc import Sequence
from typing import Final, NoReturn, cast

from custody.acts.desk import Desk
from custody.acts.elsewhere import elsewhere, is_passed, with_buyer
from custody.acts.kept_copies import NAMED, Kept, outstanding
from custody.acts.noted import ASKED_FOR, CORRECTED, ERASED, LETTING_GO
from custody.acts.passing import SELLER, side_of
from custody.base.canonical import Json
from custody.base.errors import Malformed, Refused
from custody.ports.store import Row, Transaction, one

REFUSED: Final = "refused"
_DONE: Final = "done"
_ERASE: Final = "custody erase SUBJECT; only a part: custody erase SUBJECT --table TABLE; what law keeps: --state partly or refused --rule RULE"
_HOW: Final = {
    **dict.fromkeys(LETTING_GO, _ERASE),
    "correct": "custody correction new SUBJECT, or custody revise SUBJECT; what stays as it is: --state refused --rule RULE",
}


def acts_for(tx: Transaction, row: Row) -> list[Row]:
    """What was done for the request since it came, in order, and still stands: a correction that was taken back is none."""
    rows = tx.find("request_act", order=("at", "act"), request=row["id"])
    return [each for each in rows if each["what"] != CORRECTED or _stands(tx, str(each["act"]))]


def rests_on(desk: Desk, tx: Transaction, row: Row, state: str, named: Sequence[str]) -> tuple[list[str], list[Kept]]:
    """(the acts that this end rests on, the copies that a deletion leaves in other hands).

    What leaves nothing of the person speaks for itself, any other act is named, and so is each copy. Raises Malformed `request.act`,
    Refused `request.undone`, `request.unnamed`, `request.elsewhere`, `request.copies`.
    """
    acts = _acts(desk, tx, row, state, [each for each in named if not each.startswith(NAMED)])
    lets_go = row["kind"] in LETTING_GO and state != REFUSED
    return acts, outstanding(desk, tx, row, named) if lets_go else []


def _acts(desk: Desk, tx: Transaction, row: Row, state: str, named: Sequence[str]) -> list[str]:
    needs = row["kind"] in ASKED_FOR and state != REFUSED
    done = acts_for(tx, row) if needs else []
    if wrong := sorted(set(named) - {str(each["act"]) for each in done}):
        raise Malformed("request.act", "No such act was done for this person since they asked.",
                        where={"request": str(row["ref"]), "act": wrong[0]}, next="custody request show REF")  # fmt: skip
    if not needs:
        return []
    if row["kind"] in LETTING_GO:
        _require_here(desk, tx, row)
    if whole := [str(each["act"]) for each in done if each["what"] == ERASED]:
        return whole
    return list(dict.fromkeys(named)) or _missing(row, done)


def keep(tx: Transaction, row: Row, acts: Sequence[str]) -> None:
    """These are what its person is told of."""
    for act in acts:
        tx.change("request_act", {"answers": 1}, request=row["id"], act=act)


def told(tx: Transaction, row: Row) -> list[Json]:
    """What was done for it, by act; which of it answers the request."""
    rows = acts_for(tx, row) if not row["closed_at"] else tx.find("request_act", order=("at", "act"), request=row["id"])
    return [
        {"act": str(each["act"]), "what": str(each["what"]), "at": str(each["at"]), "answers": bool(each["answers"])}
        for each in rows
    ]


def _stands(tx: Transaction, correction: str) -> bool:
    row = one(tx, "correction", id=correction)
    return row is not None and row["state"] == _DONE


def _require_here(desk: Desk, tx: Transaction, row: Row) -> None:
    """Who has handed the person over has not deleted them by letting go of its own copy. Raises Refused `request.elsewhere`."""
    matter = one(tx, "matter", id=row["matter"])
    if matter is None or side_of(tx, matter) != SELLER:
        return
    who = cast("bytes", row["subject"])
    if is_passed(tx, row) or with_buyer(desk, tx, str(row["vault"]), {who}):
        raise elsewhere(str(row["ref"]))


def _missing(row: Row, done: Sequence[Row]) -> NoReturn:
    how, ref = _HOW[str(row["kind"])], str(row["ref"])
    if not done:
        raise Refused("request.undone", "Nothing was done for this request yet: it is granted by the act, not by saying so.",
                      where={"request": ref}, next=how)  # fmt: skip
    acts = ", ".join(str(each["act"]) for each in done)
    raise Refused("request.unnamed", "Something was done for this person since they asked: say which of it answers the request.",
                  where={"request": ref, "acts": acts}, next="custody request close REF --state granted --by ACT")  # fmt: skip
