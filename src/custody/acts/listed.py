"""People of a list: found by a value of theirs, which is kept nowhere."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from custody.acts.desk import Desk
from custody.acts.whose import whose
from custody.ports.store import Row


def by_value(desk: Desk, vault: Row, values: AbstractSet[str]) -> Mapping[str, AbstractSet[bytes]]:
    """{value: who has it}, by the blind index; the same value may be a phone of one and a number of another."""
    return {value: held.keys() for value, held in whose(desk, vault, values)[1].items()} if values else {}
