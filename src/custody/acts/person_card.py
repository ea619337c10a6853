"""What stands beside a person's fields: what they answered, who has their data, what is still open with them. Nothing is opened for it."""

from collections.abc import Iterator
from typing import Final

from custody.acts.answering import companies
from custody.acts.asked import open_to
from custody.acts.asking import newest
from custody.acts.copies import processors
from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction

_SAID: Final = ("consent.", "objection", "withdrawal")
_REQUEST: Final = ("ref", "kind", "state", "due_at")


def answers(tx: Transaction, matters: list[Row], subject: bytes) -> Iterator[Json]:
    """In each deal the newest answer to each question; and what a list brought that no answer speaks of."""
    for matter in matters:
        name, ref = str(matter["id"]), str(matter["ref"])
        kept = newest(tx, name, subject)
        for code, row in kept.items():
            yield {"deal": ref, "question": code, "act": str(row["act"]), "at": str(row["at"])}
        for row in tx.find("evidence", order=("position",), matter=name, subject=subject):
            if str(row["type"]).startswith(_SAID) and row["type"] not in kept:
                yield {"deal": ref, "question": str(row["type"]), "act": "on-file", "at": str(row["at"])}


def receivers(tx: Transaction, vault: str) -> Iterator[Json]:
    """Processors that may still have data of this vault, and what for."""
    for name, purposes in processors(tx, vault).items():
        yield {"name": name, "purposes": list[Json](purposes)}


def buyer(tx: Transaction, matter: Row) -> Json:
    """Who receives in a deal, by name in both languages; empty where its card is not here yet."""
    called = companies(tx, matter)[1]
    return {"zh": called.zh, "en": called.en}


def open_requests(desk: Desk, tx: Transaction, vault: str, subject: bytes) -> Iterator[Json]:
    """Requests that nobody answered yet, the oldest first, that are the acting person's to see."""
    for row in tx.find("request", order=("received_at",), vault=vault, subject=subject):
        if not row["closed_at"] and open_to(desk, tx, row):
            yield {name: str(row[name]) for name in _REQUEST}
