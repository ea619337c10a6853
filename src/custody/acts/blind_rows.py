"""Rows set aside that go with somebody although nobody looked through them: a second person's word is for just these (spec/vault.md §9).

What rots afterwards, or a hold let go, needs another word. An act that was cut off goes on with what is left of them.
"""

from collections.abc import Collection, Mapping
from typing import Final, cast

from custody.acts import erased_alone, job
from custody.acts.desk import Desk
from custody.acts.unread_rows import SAYS, said
from custody.base import ids
from custody.base.canonical import Json
from custody.ports.store import Transaction, one

_KIND: Final = "erase-unread"
_BEGUN: Final = "begun"


def require_second(
    desk: Desk, tx: Transaction, vault: str, people: Mapping[str, Json], rows: Mapping[bytes, Collection[int]]
) -> None:
    """An approval of `people` with these rows, unless it was given for them, or more, and the act was cut off. Raises Refused `act.unapproved`."""
    told = cast("list[Json]", said(rows).get(SAYS, []))
    begun = one(tx, "job", key=_key(vault, people))
    if begun is not None and begun["state"] == _BEGUN and _within(rows, job.plan(begun)):
        return
    erased_alone.require_second(desk, tx, vault, 0, {**people, "unread": told}, alone=False)
    job.keep(desk, tx, _key(vault, people), _KIND, {SAYS: told}, done=False)


def done(desk: Desk, tx: Transaction, vault: str, people: Mapping[str, Json]) -> None:
    """In the act's last transaction: nothing of it is left to go on with."""
    if one(tx, "job", key=_key(vault, people)) is not None:
        job.keep(desk, tx, _key(vault, people), _KIND, {}, done=True)


def _key(vault: str, people: Mapping[str, Json]) -> str:
    return f"{_KIND}:{vault}:{people['sha256']!s}"


def _within(rows: Mapping[bytes, Collection[int]], plan: Mapping[str, Json]) -> bool:
    agreed = [
        (ids.subject_bytes(who), first, last) for who, first, last in cast("list[tuple[str, int, int]]", plan[SAYS])
    ]
    return all(
        any(whose == who and first <= number <= last for whose, first, last in agreed)
        for who, numbers in rows.items()
        for number in numbers
    )
