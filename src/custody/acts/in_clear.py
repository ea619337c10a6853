"""Data of more than a few people in clear: a second person approves exactly the file it goes to (spec/copies.md §1b).

So it is with letters to many, as pages or as a list: their names and addresses leave in clear (spec/campaigns.md §6).

A few, all of whom the access policy opens to whoever takes them out, are looks instead (`taken_alone`). An approval serves one export: whoever used it goes on with an export that
was cut short and fetches the file; anybody else asks for their own.
"""

import hashlib
from collections.abc import Collection
from typing import Final

from custody.acts import taken_alone, taking
from custody.acts.addressed import few
from custody.acts.approval import content_hash, demand, verified
from custody.acts.desk import Desk
from custody.ports.store import Row, Transaction
from custody.ports.target import Target

ACT: Final = "export"
LETTERS: Final = "letters"


def people(tx: Transaction, matter: Row) -> int:
    """How many people such a file is about: an export is written whole."""
    return tx.count("subject", vault=str(matter["vault"]), kind="customer", state="live")


def content(desk: Desk, tx: Transaction, matter: Row, target: Target) -> str:
    """What a second person approves: everything received until now, into this file. '' where one person may take it alone, and looks at each in it."""
    if taken_alone.alone(desk, tx, matter):
        return ""
    name = str(matter["id"])
    return content_hash({"act": ACT, "deal": name, "n": taking.last(desk, tx, name).n, "file": target.name, "place": target.place})  # fmt: skip


def letters(desk: Desk, tx: Transaction, row: Row, how: str, people: Collection[bytes]) -> str:
    """What a second person approves of letters: in this form to exactly these people. '' where so few need nobody's approval, and are looks (`addressed`)."""
    if few(desk, tx, row, people):
        return ""
    whom = hashlib.sha256(b"".join(sorted(people))).hexdigest()
    return content_hash({"act": LETTERS, "campaign": str(row["id"]), "as": how, "people": whom})


def used(desk: Desk, tx: Transaction, bound: str, act: str = ACT) -> str:
    """The approval of exactly this that this person used before; '' when there is none. Raises Broken."""
    rows = tx.find("approval", order=("id",), act=act, content=bound, used_by=desk.principal.id) if bound else ()
    return next((str(row["id"]) for row in rows if verified(tx, str(row["id"]), act, bound)), "")


def approved(desk: Desk, tx: Transaction, bound: str, act: str = ACT) -> str:
    """The approval that this person uses now, and that serves nobody else; '' where none is needed. Raises Refused `act.unapproved`."""
    return demand(desk, tx, act, bound, once=True) if bound else ""
