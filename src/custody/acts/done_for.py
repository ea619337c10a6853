"""What a request's end rests on: what is granted, whole or in part, is granted by the act that did it, never by saying so (spec/requests.md §6)."""

from collections.abc import Sequence
from typing import Final, NoReturn

from custody.acts.desk import Desk
from custody.acts.elsewhere import awaited, elsewhere
from custody.acts.gone_over import goes_over
from custody.acts.kept_copies import NAMED, Kept, outstanding
from custody.acts.noes import noes_on_file
from custody.acts.noted import (
    ABSENT,
    CORRECTED,
    ERASED,
    IN_PART,
    LETTING_GO,
    OBJECT,
    PACKED,
    RECALLED,
    SAID,
    SAYING_NO,
    WITHDRAW,
    note_own,
)
from custody.acts.passing import SELLER, side_of
from custody.base.canonical import Json
from custody.base.errors import Malformed, Refused
from custody.ports.store import Row, Transaction, one

REFUSED: Final = "refused"
_GRANTED: Final = "granted"
_DONE: Final = "done"
_SPEAKS: Final = (ERASED, PACKED, IN_PART[PACKED])
"""What answers a request by itself; everything else is named by whoever read what was asked."""
_PACK: Final = "custody request answer REF --to FILE; what is not given: --state refused --rule RULE"
_ERASE: Final = "custody erase SUBJECT; only a part: custody erase SUBJECT --table TABLE; what law keeps: --state partly or refused --rule RULE"
_HOW: Final = {
    **dict.fromkeys(LETTING_GO, _ERASE),
    **dict.fromkeys(("access", "copy", "explain"), _PACK),
    "portability": "custody request answer REF --to FILE, send it to the company that was named, then close it with --by ACT",
    OBJECT: "custody answers DEAL FILE, or the person's own page; what is not followed: --state refused --rule RULE",
    WITHDRAW: "custody consent-record DEAL SUBJECT shows what stands; it is taken back as it was given: on their page, at the desk, by letter",
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
    needs = state != REFUSED
    done = [each for each in acts_for(tx, row) if each["what"] not in {RECALLED, ABSENT}] if needs else []
    if wrong := sorted(set(named) - {str(each["act"]) for each in done}):
        raise Malformed("request.act", "No such act was done for this person since they asked.",
                        where={"request": str(row["ref"]), "act": wrong[0]}, next="custody request show REF")  # fmt: skip
    if not needs:
        return []
    if state == _GRANTED:
        done = _whole(row, done)
    if row["kind"] in (*SAYING_NO, *LETTING_GO):
        _require_here(desk, tx, row)
    if row["kind"] in SAYING_NO:
        return noes_on_file(desk, tx, row) or _missing(row, done)
    if whole := [str(each["act"]) for each in done if each["what"] in _SPEAKS]:
        return whole
    return list(dict.fromkeys(named)) or _missing(row, done)


def _whole(row: Row, done: Sequence[Row]) -> list[Row]:
    """What keeps nothing back. Raises Refused `request.partly` where every answer that was packed does."""
    whole = [each for each in done if each["what"] not in IN_PART.values()]
    if done and not whole:
        raise Refused("request.partly", "Rows were kept back from what was packed: the request is granted in part.", where={"request": str(row["ref"])},
                      next="custody request close REF --state partly --rule RULE, or pack it whole")  # fmt: skip
    return whole


def lacking(desk: Desk, tx: Transaction, row: Row) -> str:
    """Which fault a grant would meet now, '' where none: what staff are told before they try."""
    if row["closed_at"]:
        return ""
    try:
        rests_on(desk, tx, row, _GRANTED, ())
    except Refused as error:
        return error.slug
    return ""


def keep(tx: Transaction, row: Row, acts: Sequence[str], at: str) -> None:
    """These are what its person is told of; a no was on file before it was noted here."""
    for act in acts:
        if not tx.count("request_act", request=row["id"], act=act):
            note_own(tx, str(row["id"]), act, SAID, at)
        tx.change("request_act", {"answers": 1}, request=row["id"], act=act)


def answering(tx: Transaction, row: Row) -> list[Json]:
    """The acts that the end of it rests on."""
    rows = tx.find("request_act", order=("at", "act"), request=row["id"])
    return [str(each["act"]) for each in rows if each["answers"]]


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
    """Who has handed the person over has not deleted them by letting go of its own copy, nor stops their use by a no on its own file. Raises Refused `request.elsewhere`."""
    matter = one(tx, "matter", id=row["matter"])
    if matter is None or side_of(tx, matter) != SELLER:
        return
    if tx.count("request_act", request=row["id"], what=ABSENT):
        return
    if awaited(desk, tx, row) or goes_over(tx, row):
        raise elsewhere(str(row["ref"]))


def _missing(row: Row, done: Sequence[Row]) -> NoReturn:
    how, ref = _HOW[str(row["kind"])], str(row["ref"])
    if not done:
        raise Refused("request.undone", "Nothing was done for this request yet: it is granted by the act, not by saying so.",
                      where={"request": ref}, next=how)  # fmt: skip
    acts = ", ".join(str(each["act"]) for each in done)
    raise Refused("request.unnamed", "Something was done for this person since they asked: say which of it answers the request.",
                  where={"request": ref, "acts": acts}, next="custody request close REF --state granted --by ACT")  # fmt: skip
