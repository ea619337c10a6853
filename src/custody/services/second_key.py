"""What stands between the two people of an act: whether one of them made the other's key, or one person both, and when (decision 122)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.one_hand import between, fresh
from custody.base.canonical import Json


def second_key(desk: Desk, first: str, second: str) -> Mapping[str, Json]:
    """`of` is the one whose key the other made, or gave `anew`, `both` where one person did both; nothing where it is neither, or nobody entered it."""
    with desk.store.read() as tx:
        made = between(tx, desk.space, first, second, desk.clock.now())
    if made is None:
        return {}
    whose = {first: "first", second: "second"}
    return {"of": whose.get(made.whose, "both"), "at": made.at, "anew": made.anew, "fresh": fresh(desk, made)}  # fmt: skip
