"""What came back, held against what went: one reading for campaigns and for the word to old addresses (spec/campaigns.md §4).

By our name for a message first, else by its recipients: many relays send nothing of a message back. Nobody is held to be reached by a guess:
where nobody who can be read has that address, it may be that of whoever cannot.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from custody.acts.delays import delayed, held, looked
from custody.acts.returned import DELAYED, FAILED, OTHER, UNCLEAR, Returned
from custody.base.errors import Malformed
from custody.ports.store import Row

_OF_SOMEBODY: Final = frozenset((FAILED, DELAYED))


SAYS: Final = ("failed", "arrived")
"""What somebody says who has read what is unclear."""


class Sent(NamedTuple):
    """One message, and from which states it can come back by the name it was found by."""

    row: Row
    states: frozenset[str]


class Went(NamedTuple):
    """{address: messages that went there}, of the addresses asked for; and those of which nobody can say where they went."""

    there: Mapping[str, Sequence[Sent]]
    unsure: Sequence[Sent] = ()


def held_against(
    found: Sequence[Returned],
    known: Mapping[str, Sequence[Sent]],
    went: Callable[[set[str], Sequence[Sent] | None], Went],
) -> list[tuple[Returned, Sequence[Sent], Sequence[Sent]]]:
    """Each with the messages it is about, none where it is about none of ours, and those whose own reader wrote it. `went` opens addresses (of all, or of these messages), and is asked only where no name of ours stands beside them or somebody writes who may be the reader."""
    asked = {to for one in found if _is_unnamed(one, known) for to in one.to}
    where = went(asked, None) if asked else Went({})
    return [
        (one, *_unanswered(one, known, went)) if one.what == UNCLEAR else (one, _about(one, known, where), ())
        for one in found
    ]


def _unanswered(
    one: Returned, known: Mapping[str, Sequence[Sent]], went: Callable[[set[str], Sequence[Sent] | None], Went]
) -> tuple[Sequence[Sent], Sequence[Sent]]:
    """Every message that it names, apart from those whose own reader writes, or the machine that answers for them: they were reached."""
    named = [each for name in dict.fromkeys(one.names) for each in known.get(name, ())]
    where = went(set(one.by), named) if named and one.by else Went({})
    reached = {each.row["message_id"] for by in one.by for each in where.there.get(by, ())}
    own = [each for each in named if each.row["message_id"] in reached]
    return [each for each in named if each.row["message_id"] not in reached], own


def require_said(say: str) -> None:
    """Raises Malformed `campaign.say`."""
    if say and say not in SAYS:
        raise Malformed("campaign.say", "What was read says one of two things.", next=f"Say one of: {', '.join(SAYS)}.")


def meant(one: Returned, say: str) -> str:
    """What it says, also where somebody had to read it."""
    return {"failed": FAILED, "arrived": OTHER}.get(say, one.what) if one.what == UNCLEAR else one.what


def noted_of(row: Row, one: Returned, say: str, now: datetime) -> str:
    """What stands with a message that is on its way; '' where nothing changes."""
    if one.what == DELAYED:
        return delayed(row, now, one.until)
    if one.what == UNCLEAR:
        return looked(row, now) if say == "arrived" else held(row)
    return ""


def _about(one: Returned, known: Mapping[str, Sequence[Sent]], where: Went) -> Sequence[Sent]:
    if _is_unnamed(one, known):
        return [each for to in one.to for each in where.there.get(to, where.unsure)]
    return next((known[name] for name in one.names if name in known), ())


def _is_unnamed(one: Returned, known: Mapping[str, Sequence[Sent]]) -> bool:
    """Whether it says of somebody that they were not reached, and names no message of ours."""
    return one.what in _OF_SOMEBODY and bool(one.to) and not any(name in known for name in one.names)
