"""People of a list: found by a value of theirs, which is kept nowhere."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from custody.acts.desk import Desk
from custody.acts.finding import KINDS, taggers
from custody.ports.store import Row
from custody.vault.index import NEWEST, normalise


def by_value(desk: Desk, vault: Row, values: AbstractSet[str]) -> Mapping[str, AbstractSet[bytes]]:
    """{value: who has it}, by the blind index; the same value may be a phone of one and a number of another."""
    found: dict[str, set[bytes]] = {value: set() for value in values}
    if not values:
        return found
    epoch, made = taggers(desk, vault)
    for kind in KINDS:
        for value in values:
            if normalise(NEWEST[kind], value, str(vault["region"])) is not None and (tag := made[kind].tag(value)):
                found[value].update(desk.finder.find(str(vault["id"]), epoch, NEWEST[kind], tag))
    return found
