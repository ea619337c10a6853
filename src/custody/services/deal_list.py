"""The deals of this company, the newest first, by reference, other party or state: a page of them, never all (C1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from custody.acts import lawbook, turns
from custody.acts.desk import Desk
from custody.acts.matters import called
from custody.acts.members import among
from custody.acts.typed import Word
from custody.base import canonical
from custody.base.canonical import Json
from custody.model.party import PartyCard
from custody.ports.laws import Laws
from custody.ports.store import AnyOf, Condition, NoneOf, OneOf, Row, Transaction

_CLOSED: Final = ("closed",)


def deal_list(
    desk: Desk, *, closed: bool | None, most: int | None, start: int = 0, words: Sequence[Word] = (), without: Sequence[str] = (), turn: str = "",
    laws: Laws | None = None,
) -> Mapping[str, Json]:  # fmt: skip
    """The closed ones or the others, or (`None`) both; `without` are ids that stand elsewhere. `counts` tells how many there are of both.

    By `turn`, with the laws, those alone that are `mine` to go on with, or `stuck`: looked for among all of them.
    """
    with desk.store.read() as tx:
        ours = (NoneOf("id", without), *among(desk, tx, "id"))
        every = tx.counts("matter", "state", ours, party=desk.space, kind="deal")
        where = [*ours, *_among(closed=closed), *(_means(tx, word) for word in words)]
        if turn and laws:
            found = list(_turned(desk, tx, laws, where, turn))
            rows, fits = found[start : None if most is None else start + most], len(found)
        else:
            rows = tx.first("matter", most, where, start, order=("-ref",), party=desk.space, kind="deal")
            fits = tx.count("matter", where, party=desk.space, kind="deal")
        listed: list[Json] = [_told(tx, row) for row in rows]
    shut = sum(count for state, count in every.items() if state in _CLOSED)
    counts: dict[str, Json] = {"open": sum(every.values()) - shut, "closed": shut}
    return {"deals": listed, "counts": counts, "fits": fits}


def _among(*, closed: bool | None) -> Sequence[Condition]:
    if closed is None:
        return ()
    return (OneOf("state", _CLOSED) if closed else NoneOf("state", _CLOSED),)


def _turned(desk: Desk, tx: Transaction, laws: Laws, where: Sequence[Condition], turn: str) -> Iterator[Row]:
    packs = lawbook.packs(laws)
    for row in tx.first("matter", None, where, order=("-ref",), party=desk.space, kind="deal"):
        if turns.mine(tx, desk, row) if turn == "mine" else turns.stuck(tx, desk, row, packs):
            yield row


def _told(tx: Transaction, row: Row) -> Json:
    return {"id": str(row["id"]), "ref": called(tx, row), "kind": str(row["kind"]), "state": str(row["state"])}


def _means(tx: Transaction, word: Word) -> Condition:
    return AnyOf([word.where(("ref",), state="deal_state"), OneOf("counterparty", _called(tx, word.text))])


def _called(tx: Transaction, text: str) -> list[str]:
    """The companies whose name holds this: there are as many as deals at most, and only those that may be meant are decoded."""
    sought, found = text.casefold(), list[str]()
    for name, card in tx.columns("party", ("id", "card")):
        raw = cast("bytes", card)
        if sought in raw.decode().casefold():
            told = PartyCard.from_json(canonical.decode(raw))
            found += [str(name)] if sought in f"{told.name_zh} {told.name_en}".casefold() else []
    return found
