"""What stands between the two people of an act: whether one of them made the other's key, and when (decision 122)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.one_hand import between, fresh
from custody.base.canonical import Json


def second_key(desk: Desk, first: str, second: str) -> Mapping[str, Json]:
    """`of` is the one whose key the other made, or gave `anew`; nothing where neither did, or nobody entered it."""
    with desk.store.read() as tx:
        made = between(tx, desk.space, first, second)
    if made is None:
        return {}
    return {"of": "second" if made.whose == second else "first", "at": made.at, "anew": made.anew, "fresh": fresh(desk, made)}  # fmt: skip
