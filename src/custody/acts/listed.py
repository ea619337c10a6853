"""People of a list: found by a value of theirs, which is kept nowhere. That somebody asked, and for how many, is (spec/vault.md §13)."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.limits import count_listed
from custody.acts.whose import whose
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row

ASKED: Final = "list-looked-up"


def by_value(desk: Desk, vault: Row, values: AbstractSet[str]) -> Mapping[str, AbstractSet[bytes]]:
    """{value: who has it}, by the blind index; the same value may be a phone of one and a number of another. Raises Denied `lookup.limit`.

    Counted and entered before anything is answered: a list that is refused afterwards has told as much.
    """
    if not values:
        return {}
    with desk.store.write() as tx:
        count_listed(desk, tx, len(values))
        says: dict[str, Json] = {"vault": str(vault["id"]), "n": len(values), "principal": desk.principal.id}
        append(tx, desk.space, stamp(desk.clock.now()), ASKED, says)
    return {value: held.keys() for value, held in whose(desk, vault, values)[1].items()}
