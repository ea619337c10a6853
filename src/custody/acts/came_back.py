"""What came back, held against what went: one reading for campaigns and for the word to old addresses (spec/campaigns.md §4).

By our name for a message first, else by its recipients: many relays send nothing of a message back. Nobody is held to be reached by a guess:
where nobody who can be read has that address, it may be that of whoever cannot.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from custody.acts.returned import DELAYED, FAILED, Returned
from custody.ports.store import Row

_OF_SOMEBODY: Final = frozenset((FAILED, DELAYED))


class Sent(NamedTuple):
    """One message, and from which states it can come back by the name it was found by."""

    row: Row
    states: frozenset[str]


class Went(NamedTuple):
    """{address: messages that went there}, of the addresses asked for; and those of which nobody can say where they went."""

    there: Mapping[str, Sequence[Sent]]
    unsure: Sequence[Sent] = ()


def held_against(
    found: Sequence[Returned], known: Mapping[str, Sequence[Sent]], went: Callable[[set[str]], Went]
) -> list[tuple[Returned, Sequence[Sent]]]:
    """Each with the messages it is about, none where it is about none of ours. `went` opens addresses, and is asked only for those that no name of ours stands beside."""
    asked = {to for one in found if _is_unnamed(one, known) for to in one.to}
    where = went(asked) if asked else Went({})
    return [(one, _about(one, known, where)) for one in found]


def _about(one: Returned, known: Mapping[str, Sequence[Sent]], where: Went) -> Sequence[Sent]:
    if _is_unnamed(one, known):
        return [each for to in one.to for each in where.there.get(to, where.unsure)]
    return next((known[name] for name in one.names if name in known), ())


def _is_unnamed(one: Returned, known: Mapping[str, Sequence[Sent]]) -> bool:
    """Whether it says of somebody that they were not reached, and names no message of ours."""
    return one.what in _OF_SOMEBODY and bool(one.to) and not any(name in known for name in one.names)
