"""Who may act here, with which roles (A1)."""

from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts.desk import Desk
from custody.acts.typed import Word
from custody.base.canonical import Json
from custody.model.party import MACHINES
from custody.ports.store import AnyOf, Condition, Holds, NoneOf, OneOf

_MACHINE: Final = AnyOf([Holds(("roles",), role) for role in sorted(MACHINES)])


def principal_list(
    desk: Desk, most: int | None = None, start: int = 0, words: Sequence[Word] = (), *, machines: bool | None = None
) -> Mapping[str, Json]:
    """Everybody of whom every word tells something, those whose right ended last: the first `most` after `start`; `machines` alone, or people alone."""
    where: list[Condition] = [_means(word) for word in words]
    with desk.store.read() as tx:
        if machines is not None:
            found = [row["id"] for row in tx.first("principal", None, [_MACHINE], order=("id",), party=desk.space)]
            where.append(OneOf("id", found) if machines else NoneOf("id", found))
        rows = tx.first("principal", most, where, start, order=("revoked_at", "handle"), party=desk.space)
        fits = tx.count("principal", where, party=desk.space)
    told: list[Json] = [
        {"id": str(row["id"]), "handle": str(row["handle"]), "roles": str(row["roles"]).split(","), "since": str(row["created_at"]),
         "until": str(row["revoked_at"])}
        for row in rows
    ]  # fmt: skip
    return {"principals": told, "fits": fits}


def _means(word: Word) -> Condition:
    """A handle, a role, or somebody whom the face calls so."""
    return AnyOf([word.where(("handle",), id="person"), *(Holds(("roles",), role) for role in word.means("role"))])
