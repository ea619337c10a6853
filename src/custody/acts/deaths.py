"""Who is on file as having died: so in every deal over the vault, whoever the buyer, since nobody is dead in one matter alone (spec/law.md §7)."""

from collections.abc import Iterable, Sequence
from typing import Final, cast

from custody.acts.matters import ENDED, EVERYTHING
from custody.acts.standing_noes import put_beside
from custody.law.gate import DIED
from custody.ports.store import Cells, Row, Transaction, one

_LIVE: Final = "live"


def dead(tx: Transaction, vault: str, people: Iterable[bytes]) -> set[bytes]:
    """Who of these is on file in any deal of the vault as having died."""
    found, some = set[bytes](), list(people)
    for matter in tx.find("matter", order=("id",), vault=vault, kind="deal") if some else ():
        rows = tx.among("evidence", ("subject",), "subject", some, matter=str(matter["id"]), type=DIED)
        found |= {cast("bytes", who) for (who,) in rows}
    return found


def everybody_dead(tx: Transaction, vault: str) -> set[bytes]:
    """Who is on file so in any deal of the vault."""
    matters = tx.find("matter", order=("id",), vault=vault, kind="deal")
    rows = (
        row for matter in matters for row in tx.columns("evidence", ("subject",), matter=str(matter["id"]), type=DIED)
    )
    return {cast("bytes", who) for (who,) in rows}


def carried(tx: Transaction, matter: Row, besides: Iterable[Row] = ()) -> int:
    """Put on file in a deal that was just opened who is known as dead in any other over the vault, ended ones too, with the day and the entry, and `besides`; how many."""
    found: dict[bytes, Row] = {}
    said = (row for other in _others(tx, matter) for row in tx.find("evidence", matter=other["id"], type=DIED))
    for row in (*said, *besides):
        found.setdefault(cast("bytes", row["subject"]), row)
    here = {who for who in found if one(tx, "subject", vault=matter["vault"], id=who, state=_LIVE)}
    kept: list[Cells] = [{**row, "matter": matter["id"]} for who, row in sorted(found.items()) if who in here]
    tx.add("evidence", kept)
    return len(kept)


def spread(tx: Transaction, matter: Row, told: Iterable[tuple[bytes, int, str]], at: str, position: int) -> None:
    """Somebody died: so they have in each other deal over the vault that is still under way.

    Only what this entry put on file: the same list taken again says nothing anew of whom it was corrected since.
    """
    people = {who for who, _, kind in told if kind == DIED}
    others = [row for row in _others(tx, matter) if row["state"] not in ENDED] if people else []
    for who in sorted(people) if others else ():
        put_beside(tx, matter, others, {"subject": who, "compartment": EVERYTHING, "type": DIED}, at, position)


def forget(tx: Transaction, vault: str, who: bytes) -> list[str]:
    """They live: it goes off the file of every deal of the vault; which these were."""
    return [
        str(matter["id"])
        for matter in tx.find("matter", order=("id",), vault=vault, kind="deal")
        if tx.drop("evidence", matter=str(matter["id"]), subject=who, type=DIED)
    ]


def _others(tx: Transaction, matter: Row) -> Sequence[Row]:
    rows = tx.find("matter", order=("ref",), kind="deal", party=matter["party"], vault=matter["vault"])
    return [row for row in rows if row["id"] != matter["id"]]
