"""Which deal a word means now, for a face that keeps something beside it: the id lasts, what a deal is called by may change."""

from collections.abc import Collection, Mapping

from custody.acts.desk import Desk
from custody.acts.matters import called, came
from custody.ports.store import OneOf, Row


def deal_meant(desk: Desk, words: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """{word: (the deal's id, what it is called now)} of those that are a deal's reference or id: of several called alike one's own is meant (matters.deal), and none where that leaves more than one.

    It tells nobody whether they may know of it: deal_known does.
    """
    asked = sorted(set(words))
    with desk.store.read() as tx:
        found: dict[str, list[Row]] = {word: [] for word in asked}
        for key in ("id", "ref"):
            for row in tx.first("matter", None, (OneOf(key, asked),), order=("id",), party=desk.space, kind="deal"):
                found[str(row[key])].append(row)
        meant = {word: _meant(rows) for word, rows in found.items()}
        return {word: (str(row["id"]), called(tx, row)) for word, row in meant.items() if row}


def _meant(rows: list[Row]) -> Row | None:
    own = [row for row in rows if not came(row)] or rows
    return own[0] if len(own) == 1 else None
