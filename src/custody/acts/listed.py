"""People of a list: found by a value of theirs, which is kept nowhere. That somebody asked, and for how many, is (spec/vault.md §13)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.finding import KINDS as EVERY
from custody.acts.holdings import holdings_of, identifiers, knows
from custody.acts.identified import KINDS
from custody.acts.limits import count_asking, count_listed
from custody.acts.whose import whose
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row

ASKED: Final = "list-looked-up"


def own_by_value(
    desk: Desk, vault: Row, values: AbstractSet[str], *, on: bool = False
) -> Mapping[str, AbstractSet[bytes]]:
    """As `by_value`, `on` with a list of which a part was looked up before; of those who have it as an identifier of their own: an order names whoever gets a present, and a name tells nobody from another."""
    found = by_value(desk, vault, values, KINDS, on=on)
    asked: dict[bytes, list[str]] = {}
    for value, people in found.items():
        for who in people:
            asked.setdefault(who, []).append(value)
    own: dict[str, set[bytes]] = {value: set() for value in found}
    with desk.store.read() as tx:
        name, region = str(vault["id"]), str(vault["region"])
        live = {cast("bytes", who) for (who,) in tx.among("subject", ("id",), "id", asked, vault=name, state="live")}
        for who, held in holdings_of(desk, tx, name, sorted(live)):
            on_file = identifiers(held)
            for value in asked[who]:
                if any(knows(kind, value, on_file.get(kind, []), region) for kind in KINDS):
                    own[value].add(who)
    return own


def by_value(
    desk: Desk, vault: Row, values: AbstractSet[str], kinds: Sequence[str] = EVERY, *, on: bool = False, lost: Counter[bytes] | None = None
) -> Mapping[str, AbstractSet[bytes]]:  # fmt: skip
    """{value: who has it}, by the blind index; the same value may be a phone of one and a number of another. Raises Denied `lookup.limit`.

    Counted and entered before anything is answered: a list that is refused afterwards has told as much. A list is one look-up
    besides: of one line it asks what a look-up asks. `lost` counts records with a name that nobody can read.
    """
    if not values:
        return {}
    with desk.store.write() as tx:
        if not on:
            count_asking(desk, tx)
        count_listed(desk, tx, len(values))
        says: dict[str, Json] = {"vault": str(vault["id"]), "n": len(values), "principal": desk.principal.id}
        append(tx, desk.space, stamp(desk.clock.now()), ASKED, says)
    return {value: held.keys() for value, held in whose(desk, vault, values, kinds, lost)[1].items()}
