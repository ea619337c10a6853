"""Which entries of the ledger are about a deal, a person at work, a customer: found by a key instead of reading the ledger.

The rows follow from entries and openings and say nothing that those do not say in clear: a customer is named by the random id
that stands in the header of a sealed opening, a deal only where the entry or an opening in clear names it (spec/ledger.md §6).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ports.store import OneOf, Row, Transaction, Within, one
from custody.vault import record as records

MATTER: Final = "matter"
PRINCIPAL: Final = "principal"
SUBJECT: Final = "subject"
RECALLED: Final = "recalled"
"""Of whom a recall took keys, or an erasure that came after it named them: the opening says whose each was."""
KIND: Final = "kind"
"""What happened: `entry.KIND`, or `statement.KIND` where a statement was signed."""


class Entered(NamedTuple):
    """One entry: its number, when it was made, what it says in clear."""

    position: int
    at: str
    says: Mapping[str, Json]


def about_rows(space: str, position: int, entry: bytes, detail: bytes) -> Iterator[Row]:
    """What to keep of one entry and its opening."""
    told = cast("Mapping[str, Json]", canonical.decode(entry))
    whose = subject_of(detail)
    more: Json = {} if whose else canonical.decode(detail or b"{}")
    says = cast("Mapping[str, Json]", told["says"])
    private = more if isinstance(more, Mapping) else {}
    found = {
        (MATTER, says.get(MATTER)),
        (MATTER, private.get(MATTER)),
        (PRINCIPAL, says.get(PRINCIPAL)),
        (KIND, called(told)),
    }
    found |= {(RECALLED, who) for who in cast("list[Json]", private.get("whose", ())) if told["kind"] == "erased"}
    if whose:
        found.add((SUBJECT, ids.subject_text(whose)))
    for topic, whom in sorted((topic, whom) for topic, whom in found if isinstance(whom, str) and whom):
        yield {"space": space, "topic": topic, "whom": whom, "position": position, "kind": str(told["kind"])}


def of_deals(tx: Transaction, space: str, numbers: Sequence[int], deals: Sequence[str]) -> frozenset[int]:
    """Which of these entries are about one of these deals."""
    where = (OneOf("position", numbers), OneOf("whom", deals))
    rows = tx.first("entry_about", None, where, order=(), space=space, topic=MATTER) if deals else ()
    return frozenset(cast("int", row["position"]) for row in rows)


def called(entry: Mapping[str, Json]) -> str:
    """What an entry says happened, as its topic names it."""
    statement = cast("Mapping[str, Json]", entry["says"]).get("statement")
    return f"statement.{statement}" if isinstance(statement, str) else f"entry.{entry['kind']}"


def positions(
    tx: Transaction, space: str, topic: str, whom: str, most: int | None = None, before: int | None = None
) -> list[int]:
    """The numbers of the entries about `whom` below `before`, the newest first."""
    below = (Within("position", None, before),)
    rows = tx.first("entry_about", most, below, order=("-position",), space=space, topic=topic, whom=whom)
    return [cast("int", row["position"]) for row in rows]


def entered(tx: Transaction, space: str, kind: str, most: int | None = None) -> Iterator[Entered]:
    """The entries of a kind, the newest first, each read when it is asked for."""
    return (read_at(tx, space, position) for position in positions(tx, space, KIND, f"entry.{kind}", most))


def read_at(tx: Transaction, space: str, position: int) -> Entered:
    """The entry of this number, which is there."""
    row = one(tx, "ledger_entry", space=space, position=position)
    assert row is not None
    told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["entry"])))
    return Entered(position, str(told["at"]), cast("Mapping[str, Json]", told["says"]))


def subject_of(sealed: bytes) -> bytes:
    """The subject in the clear header of a sealed opening; b"" when it is none."""
    if not sealed.startswith(records.MAGIC):
        return b""
    try:
        return records.parse(sealed).subject
    except CustodyError:
        return b""
