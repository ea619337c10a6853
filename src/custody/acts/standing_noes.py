"""A no to a recipient holds in every deal with that recipient over the same vault (spec/consent.md §2).

What stands on file as a no in one deal is put on file in the others, with its day and its entry. It ends there by the
person's own word alone; nothing of a yes is ever carried.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, cast

from custody.acts.asking import BLANKET, OBJECTION, OWN_NO
from custody.acts.desk import Desk
from custody.acts.matters import ENDED
from custody.acts.members import sees
from custody.ports.store import Cells, Row, Transaction, one

NOES: Final = (OBJECTION, *BLANKET, *OWN_NO.values())
_LIFTED: Final = "lifted"
_No = tuple[bytes, int, str]


def carried(tx: Transaction, matter: Row, besides: Iterable[Row] = ()) -> int:
    """Put on file in a deal that was just opened what people said no to in others with the same company, and `besides`; of how many people."""
    found: dict[_No, Row] = {}
    for row in (*said_in(tx, _others(tx, matter), NOES), *besides):
        found.setdefault((cast("bytes", row["subject"]), cast("int", row["compartment"]), str(row["type"])), row)
    people = {who for who, _, _ in found}
    live = {who for who in people if one(tx, "subject", vault=matter["vault"], id=who, state="live")}
    kept = [row for (who, _, _), row in found.items() if who in live]
    tx.add("evidence", [{**row, "matter": matter["id"]} for row in kept])
    return len(live)


def said_in(tx: Transaction, matters: Sequence[Row], types: Iterable[str], who: bytes | None = None) -> Iterator[Row]:
    """What people, or one, said no to in these deals and have not taken back in any of them."""
    only: Cells = {} if who is None else {"subject": who}
    lifted = _lifted(tx, matters, only)
    for kind in types:
        for matter in matters:
            for row in tx.find("evidence", order=("subject",), matter=matter["id"], type=kind, **only):
                if row["subject"] and not (
                    kind == OBJECTION and lifted.get(cast("bytes", row["subject"]), "") > str(row["at"])
                ):
                    yield row


def older(
    desk: Desk, tx: Transaction, vault: str, counterparty: str, known: Collection[tuple[str, bytes]] = ()
) -> dict[str, int]:
    """{another vault of the company: how many people said no there to the same company and are not `known` here}: nothing of theirs is carried, and whoever opens the deal is told of those deals that they see."""
    people: dict[str, set[bytes]] = {}
    same = {"kind": "deal", "party": desk.space, "counterparty": counterparty}
    for matter in tx.find("matter", order=("ref",), **same) if counterparty else ():
        if matter["vault"] and matter["vault"] != vault and sees(desk, tx, str(matter["id"])):
            rows = (
                row for kind in NOES for row in tx.columns("evidence", ("subject",), matter=matter["id"], type=kind)
            )
            there = str(matter["vault"])
            people.setdefault(there, set()).update(
                cast("bytes", who) for (who,) in rows if who and (there, who) not in known
            )
    found = ((one(tx, "vault", id=name), len(some)) for name, some in people.items() if some)
    return {str(row["name"]): many for row, many in found if row}


def spread(tx: Transaction, matter: Row, noes: Iterable[_No], at: str, position: int) -> None:
    """Somebody said no in one deal: so it is in each other with the same company that is still under way.

    Only what this entry put on file: the same list taken again says nothing anew to a deal in which its person changed their mind.
    """
    others = [row for row in _others(tx, matter) if row["state"] not in ENDED]
    for who, place, kind in (each for each in (noes if others else ()) if each[2] in NOES):
        put_beside(tx, matter, others, {"subject": who, "compartment": place, "type": kind}, at, position)


def put_beside(tx: Transaction, matter: Row, others: Iterable[Row], said: Cells, at: str, position: int) -> None:
    """On file in other deals, too, where this entry put it on file in one, and where it is not yet."""
    if one(tx, "evidence", matter=matter["id"], position=position, **said) is None:
        return
    for other in others:
        if one(tx, "evidence", matter=other["id"], **said) is None:
            tx.add("evidence", [{**said, "matter": other["id"], "at": at, "position": position}])


def _others(tx: Transaction, matter: Row) -> list[Row]:
    """The other deals of this company with the same one over the same vault, the oldest first."""
    if not matter["counterparty"]:
        return []
    same = {name: matter[name] for name in ("party", "vault", "counterparty")}
    return [row for row in tx.find("matter", order=("ref",), kind="deal", **same) if row["id"] != matter["id"]]


def _lifted(tx: Transaction, matters: Iterable[Row], only: Cells) -> dict[bytes, str]:
    """{person: when they last took an objection back} in any of these deals."""
    found: dict[bytes, str] = {}
    for matter in matters:
        for row in tx.find("answer", order=("version",), matter=matter["id"], question=OBJECTION, act=_LIFTED, **only):
            who = cast("bytes", row["subject"])
            found[who] = max(found.get(who, ""), str(row["at"]))
    return found
