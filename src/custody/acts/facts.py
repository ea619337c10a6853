"""Facts as they are kept with a matter: what people state, what they say they do not know, and what follows (spec/law.md §2, §11)."""

from collections.abc import Mapping
from datetime import date

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.law.check import flatten, unknowns
from custody.law.interview import Told, following
from custody.ports.laws import Laws
from custody.ports.store import Cells, Transaction


def stated(laws: Laws, given: Mapping[str, Json]) -> dict[str, Json]:
    """{leaf: value}, null where it is said to be unknown. Raises Malformed `law.facts`."""
    return {**dict.fromkeys(sorted(unknowns(given))), **flatten(given, lawbook.schema(laws))}


def follows(laws: Laws, told: Mapping[str, Json], on: date) -> dict[str, Json]:
    """What follows of itself from facts so stated."""
    known = {leaf: value for leaf, value in told.items() if value is not None}
    found = following(
        lawbook.questions(laws).follows, Told(known, frozenset(set(told) - set(known)), (), on), lawbook.schema(laws)
    )
    return {leaf: value for leaf, (value, _) in found.items()}


def keep(
    desk: Desk, tx: Transaction, matter: str, version: int, said: Mapping[str, Json], derived: Mapping[str, Json]
) -> None:
    """One row for each; nobody stated what is derived."""
    row: Cells = {"matter": matter, "version": version, "at": stamp(desk.clock.now())}
    for rows, who in ((said, desk.principal.id), (derived, "")):
        tx.add("fact", [{**row, "principal": who, "leaf": leaf, "value": canonical.encode(value)} for leaf, value in rows.items()])  # fmt: skip
