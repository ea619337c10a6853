"""Strip columns of whoever's clock ran out for them: the rest of a compartment moves to a new key, and the old one is shredded (spec/retention.md §4).

What moves is in no backup until the places are renewed, and law may order that it be kept. So nothing moves while a place is away; a run
goes in stretches, each of which lies in every place before the mirror hears of it: where the home is lost in between, the backup of before
still opens, and the stretch is stripped again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from custody.acts.approval import content_hash
from custody.acts.backing import listed, require_answers
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE, renewed_places
from custody.acts.expiring import State
from custody.acts.quarantined import unsaved
from custody.acts.reading import UNREAD, Layout, Reader
from custody.acts.reseal import reseal
from custody.acts.vaults import slot_places
from custody.base.errors import CustodyError, Missing
from custody.ports.store import Cells, Row, one
from custody.privacy.retention import Rule
from custody.vault.payload import pack, unpack

STRETCH: Final = 1_000
"""So many parts move before the places are renewed: a renewal writes the facts of everybody."""


@dataclass(slots=True)
class Gone:
    """What one run let go."""

    subjects: int = 0
    slots: int = 0
    records: int = 0
    stripped: int = 0
    unread: int = 0
    """Persons who stay as they are: something of theirs cannot be read now."""
    waits: int = 0
    """Parts that stay until every place for backups answers."""
    by_rule: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def strip(desk: Desk, vault: str, due: Sequence[tuple[State, Rule]], gone: Gone) -> None:
    """Stretch by stretch. Whoever has a record that nobody can read stays as they are, counted; so does the rest once a place does not answer."""
    if not due:
        return
    kept = bool(listed(desk))
    if kept and not _ready(desk, vault):
        gone.waits += len(due)
        return
    for start in range(0, len(due), STRETCH):
        for state, rule in due[start : start + STRETCH]:
            _one(desk, vault, state, rule, gone)
        with desk.store.read() as tx:
            moved = unsaved(tx, desk.space, vault)
        if moved and not renewed_places(desk, mirror_last=True):
            gone.waits += len(due[start + STRETCH :])
            return


def _ready(desk: Desk, vault: str) -> bool:
    """Whether every place answers, and has what an earlier run moved that was cut off."""
    with desk.store.read() as tx:
        late = unsaved(tx, desk.space, vault)
    try:
        require_answers(desk)
    except (CustodyError, OSError):
        return False
    return not late or renewed_places(desk)


def _one(desk: Desk, vault: str, state: State, rule: Rule, gone: Gone) -> None:
    try:
        _strip(desk, vault, state, rule, gone)
    except UNREAD as error:
        if isinstance(error, Missing) and error.slug != "files.missing":
            raise
        gone.unread += 1


def _strip(desk: Desk, vault: str, state: State, rule: Rule, gone: Gone) -> None:
    """The named columns become NULL in every record of the compartment, under a new key; the old one is shredded."""
    with desk.store.read() as tx:
        row = one(tx, "subject", vault=vault, id=state.subject)
        if row is None or row["state"] != LIVE or state.compartment not in slot_places(cast("bytes", row["slots"])):
            return
        with Reader(desk, tx, vault, only=[state.subject]) as reader:
            layouts = reader.layouts

    def change(record: Row, payload: bytes) -> bytes:
        layout = layouts[cast("int", record["schema"])]
        number, values = unpack(payload)
        return pack(number, [None if named(layout, place, rule) else value for place, value in enumerate(values)])

    if any(named(one, place, rule) for one in layouts.values() for place in range(len(one.columns))):
        done = reseal(desk, vault, state.subject, [state.compartment], change, "retention")
        gone.slots, gone.stripped = gone.slots + done.slots, gone.stripped + done.kept
        gone.by_rule[state.rule] += 1
    where: Cells = {"vault": vault, "subject": state.subject, "compartment": state.compartment}
    with desk.store.write() as tx:
        tx.drop("stripped", **where)
        tx.add("stripped", [{**where, "content": content_of_rule(rule)}])
        tx.drop("retention_listed", **where)


def content_of_rule(rule: Rule) -> str:
    """What is noted of whom a rule stripped: another rule strips anew."""
    return content_hash(rule.to_json())


def named(layout: Layout, place: int, rule: Rule) -> bool:
    """Whether a rule strips this column: `TABLE.COLUMN`, or `COLUMN` of any table."""
    column = layout.columns[place]
    return column in rule.columns or f"{layout.table}.{column}" in rule.columns
