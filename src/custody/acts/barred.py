"""Whom of a batch nobody may contact at this moment: by their facts, or because a value on file is on the suppression list (spec/campaigns.md §4).

A mark in somebody's facts does not know what a correction or an import put on file since; the list is asked by value, once for a batch.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Final, cast

from custody.acts.asking import USE
from custody.acts.campaigning import is_of_incident
from custody.acts.contacts import Contact
from custody.acts.desk import Desk
from custody.acts.held_back import locked
from custody.acts.noted import closing
from custody.acts.suppressing import on_file, silenced, suppressor
from custody.ports.store import Row, Transaction, one
from custody.vault.suppression import KINDS

BATCH: Final = 1_000
_Value = tuple[bytes, str, str]


def barred(
    desk: Desk, tx: Transaction, vault: str, people: Collection[bytes], found: Mapping[bytes, Contact] | None = None
) -> set[bytes]:
    """Of these; `found`: where a message to them would go, which may stand in a row that is not their own. Whoever asked for their account to be closed is one of them while that is open."""
    return silenced(tx, vault, people) | closing(tx, vault, people) | by_value(desk, tx, vault, people, found or {})


def objectors(tx: Transaction, matter: str) -> set[bytes]:
    """Who said no to the use of what was received, and whom the seller called back while a hold keeps them: the company that has it introduces itself to them no more."""
    noes = {cast("bytes", who) for (who,) in tx.columns("evidence", ("subject",), matter=matter, type=USE)}
    row = one(tx, "matter", id=matter)
    return noes.union(locked(tx, str(row["vault"])) if row else ())


def refusers(tx: Transaction, row: Row) -> set[bytes]:
    """Of a campaign: who objected to the use. Of an incident they are told all the same: it is their data that was touched."""
    return set() if is_of_incident(row) else objectors(tx, str(row["matter"]))


def by_value(
    desk: Desk, tx: Transaction, vault: str, people: Collection[bytes], found: Mapping[bytes, Contact]
) -> set[bytes]:
    """Who of these has a value on the list, or may have one: of whoever has an identifier that nobody can read, unless they are `found` to be reached by nothing anyway."""
    made = suppressor(desk, tx)
    if made is None:
        return set()
    lost, holders = Counter[bytes](), {kind: dict[bytes, set[bytes]]() for kind in KINDS}
    for who, kind, value in (*on_file(desk, tx, vault, people, lost), *_reached(found)):
        tag = made.tag(kind, value)
        if tag is not None:
            holders[kind].setdefault(tag, set()).add(who)
    unsure = {who for who in lost if who not in found or not found[who].unread}
    return unsure | {
        who
        for kind, tags in holders.items()
        for (tag,) in tx.among("suppressed", ("tag",), "tag", tags, party=desk.space, kind=kind)
        for who in tags[cast("bytes", tag)]
    }


def _reached(found: Mapping[bytes, Contact]) -> Iterator[_Value]:
    for who, contact in found.items():
        yield from ((who, kind, value) for kind, value in (("email", contact.email), ("phone", contact.phone)) if value)
