"""Letters to a few are looks: whoever makes them alone could read every name and address on them (spec/access.md §4a).

Letters to more than a day's looks of one person leave by two people instead (`in_clear`), and stand in the ledger as one act.
"""

import hashlib
from collections.abc import Collection
from typing import Final, cast

from custody.acts.access_decisions import Decided, decided
from custody.acts.beside import Beside
from custody.acts.counter import add_up_to, set_to, value_of
from custody.acts.desk import Desk
from custody.acts.policies import ACCESS
from custody.acts.revealing import Look, denied, enter, looks_of_day
from custody.acts.vaults import AUDIT
from custody.base import ids
from custody.ports.store import Row, Transaction, one

LETTER: Final = Beside("letter-addressed", "general", ("legal",))
"""A name and an address, for what the law wants somebody told."""
_PURPOSE: Final = "legal"


def few(desk: Desk, tx: Transaction, row: Row, people: Collection[bytes]) -> bool:
    """Whether one person may make letters to these alone: with the looks of their day they are no more than the policy's number. The same letters again, on the same day, count once."""
    most = ACCESS.in_force(tx, desk.space).policy.bulk_from
    before = 0 if _counted(desk, tx, row, people) else value_of(tx, looks_of_day(desk))
    return len(people) + before <= most


def require(desk: Desk, row: Row, people: Collection[bytes]) -> None:
    """That the access policy opens a name and an address of each of them to whoever acts; what it refuses is entered. Raises Denied `reveal.denied`."""
    shut = list[Look]()
    with desk.store.write() as tx:
        vault = _vault(tx, row)
        for who in sorted(people):
            made = _decided(desk, tx, who)
            if not made.open:
                shut.append(Look(who, made, _enter(desk, tx, vault, row, who, made)))
    if shut:
        raise denied(desk, shut[0], _PURPOSE)


def look(desk: Desk, tx: Transaction, row: Row, people: Collection[bytes]) -> None:
    """Count and enter them, in the transaction that lets the letters out: before a value leaves."""
    vault = _vault(tx, row)
    if not _counted(desk, tx, row, people):
        add_up_to(tx, looks_of_day(desk), len(people), most=ACCESS.in_force(tx, desk.space).policy.bulk_from)
        set_to(tx, _mark(desk, row, people), 1)
    for who in sorted(people):
        _enter(desk, tx, vault, row, who, _decided(desk, tx, who))


def _decided(desk: Desk, tx: Transaction, who: bytes) -> Decided:
    place: Row = {"number": AUDIT, "tier": LETTER.tier, "purposes": ",".join(LETTER.purposes)}
    return decided(desk, tx, who, [(place, None)], _PURPOSE)


def _enter(desk: Desk, tx: Transaction, vault: str, row: Row, who: bytes, made: Decided) -> int:
    why = {"subject": ids.subject_text(who), "reason": str(row["ref"])}
    says = {"campaign": str(row["id"]), "matter": str(row["matter"])}
    return enter(desk, tx, (vault, who), made, _PURPOSE, why, LETTER.kind, says)


def _vault(tx: Transaction, row: Row) -> str:
    return str(cast("Row", one(tx, "matter", id=str(row["matter"])))["vault"])


def _mark(desk: Desk, row: Row, people: Collection[bytes]) -> str:
    whom = hashlib.sha256(b"".join(sorted(people))).hexdigest()[:32]
    return f"addressed:{desk.principal.id}:{desk.today()}:{row['id']!s}:{whom}"


def _counted(desk: Desk, tx: Transaction, row: Row, people: Collection[bytes]) -> bool:
    return value_of(tx, _mark(desk, row, people)) > 0
