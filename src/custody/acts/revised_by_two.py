"""A value of high risk that staff put right by hand takes a second person (spec/freshness.md §3, ADR 0087).

What proves a correction from the old channel is another way, and takes another person too. The second person signs for exactly this value
without its being told: whoever holds the same paper gets the same content from a dry run.
"""

from collections.abc import Mapping
from typing import Final

from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.layouts import Cell
from custody.acts.links import seal_value
from custody.base import ids
from custody.base.canonical import Json
from custody.ports.store import Transaction
from custody.privacy.corrections import high_risk

ACT: Final = "revise"


def content(desk: Desk, vault: str, subject: bytes, cell: Cell, text: str, what: Mapping[str, Json]) -> str:
    """What the second person signs for; '' where nothing is at risk."""
    if not high_risk(cell.cls):
        return ""
    whose = ids.subject_text(subject)
    value = seal_value(desk, f"{vault}\0{whose}", text).hex()
    return content_hash({"act": ACT, "vault": vault, "subject": whose, "row": cell.row, "value": value, **what})


def require_second(desk: Desk, tx: Transaction, signed: str, *, once: bool = True) -> None:
    """An approval serves once. Raises Refused `act.unapproved`."""
    if signed:
        demand(desk, tx, ACT, signed, once=once)
