"""Take in a correction that a customer asks for by telephone, letter, e-mail or at the desk, as the policy has it (A7; spec/freshness.md §3).

What is high risk is not done on anybody's word: a code goes to the old channel, and only who reads it back is believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from custody.acts import corrections, revealing
from custody.acts.agreed_corrections import carry_out, wait, worded
from custody.acts.correcting import Place, cell_at, value_at
from custody.acts.desk import Desk
from custody.acts.identified import PROOFS, require_identified, said
from custody.acts.layouts import Cell
from custody.acts.mirroring import mirrored
from custody.acts.own_tables import own_tables
from custody.acts.policies import CORRECTIONS
from custody.acts.reading import Reader
from custody.acts.requesting import CHANNELS
from custody.acts.reseal import live_subject
from custody.acts.residency import require_place
from custody.acts.sole import sole_writer
from custody.acts.values import shelf, values_of
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused
from custody.ports.store import Transaction
from custody.privacy.corrections import OLD_CHANNEL

TAKERS: Final = ("owner", "privacy", "data", "department")
ADDRESSES: Final = ("contact.phone", "contact.email")
_REASON: Final = "customer-asked"
_PURPOSE: Final = "service"


class Asked(NamedTuple):
    """What is told; and, where the old channel is asked, the code and the address it goes to ('' otherwise)."""

    told: Mapping[str, Json]
    code: str
    to: str


@dataclass(frozen=True, slots=True)
class _Channel:
    """An address on file, and the field (`TABLE/COLUMN`) that it stands in."""

    cls: str
    address: str = field(repr=False)
    place: str


@sole_writer("vault", "vault")
def correction_new(
    desk: Desk,
    subject: str,
    place: Place,
    given: Mapping[str, str],
    vault: str | None,
    *,
    can_send: bool = True,
    lays: str = "",
) -> Asked:
    """`given`: value, proof, said and channel (as a request has them); `can_send`: the caller has somewhere to put a code, and `lays` is the folder where it is laid in clear. Raises Malformed `correction.value`, `correction.proof`, `correction.channel`, `correction.code-file`, `request.said`, `request.proof`, `request.alone`, Denied `request.identity`, `reveal.denied`, `reveal.bulk`, Refused `correction.no-channel`, `residency.*`, Missing `record.unknown`."""
    desk.require(TAKERS)
    if given.get("proof") not in PROOFS:
        raise Malformed(
            "correction.proof", "How the person was identified is not known.", next=f"Say one of: {', '.join(PROOFS)}."
        )
    came = given.get("channel", "")
    if came not in CHANNELS[1:]:
        raise Malformed(
            "correction.channel", "By which way the correction came in is not known.", next=f"Say one of: {', '.join(CHANNELS[1:])}."
        )  # fmt: skip
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        if lays:
            require_place(desk, tx, lays, str(row["id"]))
        name, rule = str(row["id"]), CORRECTIONS.in_force(tx, desk.space).policy
        person = live_subject(tx, name, who)
        cell = cell_at(tx, name, who, place)
        value = worded(cell.cls, given.get("value", ""), str(row["region"]))
        channel = _old_channel(desk, tx, name, who, cell, place) if rule.of(cell.cls).by == OLD_CHANNEL else None
    if channel and not can_send:
        raise Malformed(
            "correction.code-file", "The old channel must prove this, and nobody said where the code for it goes.",
            next="--code-to FILE, and run it again",
        )  # fmt: skip
    require_identified(desk, row, person, came, str(given["proof"]), said(given.get("said", "")))
    to = _seen(desk, name, who, channel) if channel else ""
    by = channel.cls if channel else ""
    draft = corrections.Draft(name, who, place.table, place.column, cell, str(given["proof"]), _REASON, by, came)
    if not channel:
        made = corrections.new_row(desk, draft, corrections.DONE)
        carry_out(desk, made, draft, value)
        code = ""
    else:
        made = corrections.new_row(desk, draft, corrections.WAITING)
        with desk.store.write() as tx:
            code = wait(desk, tx, made, value, came)
    return Asked(
        {**corrections.shown(desk, str(made["id"])), "until": str(made["until"]), "mirrored": mirrored(desk)}, code, to
    )


def _seen(desk: Desk, vault: str, subject: bytes, channel: _Channel) -> str:
    """The address, as a look of whoever takes the correction in: decided by the access policy, counted and entered before it leaves.

    Raises Denied `reveal.denied`, `reveal.bulk`.
    """
    with desk.store.write() as tx:
        revealing.counted(desk, tx)
        look = revealing.decide_and_enter(desk, tx, vault, subject, _PURPOSE, _REASON, [channel.place])
    with desk.store.read() as tx:
        if not revealing.shows(revealing.opened(desk, tx, vault, look), channel.address):
            raise revealing.denied(desk, look, _PURPOSE)
    return channel.address


def _old_channel(desk: Desk, tx: Transaction, vault: str, subject: bytes, cell: Cell, place: Place) -> _Channel:
    """Where the code goes: the address itself where one is changed, else one that has long been on file.

    Raises Refused `correction.no-channel`.
    """
    fresh = corrections.unsettled_channels(tx, vault, subject, stamp(desk.clock.now()))
    if cell.cls in ADDRESSES:
        old = value_at(desk, tx, vault, subject, cell)
        found = [_Channel(cell.cls, old, f"{place.table}/{place.column}")] if old else []
    else:
        with Reader(desk, tx, vault, only={subject}) as reader:
            values, theirs = (
                list(values_of(tx, vault, reader, shelf(tx, vault, reader), subject)),
                own_tables(tx, vault),
            )
            # An order may name whoever gets a present: their telephone proves nothing of the customer.
            mine = [each for each in values if each.table in theirs] or values
            found = [
                _Channel(each.cls, each.text, f"{each.table}/{each.column}") for each in mine if each.cls in ADDRESSES
            ]
    usable = [one_found for one_found in found if one_found.cls not in fresh]
    if not usable:
        raise Refused(
            "correction.no-channel", "No address on file has been there long enough to prove this.",
            next="Let the person come with a paper; the privacy officer corrects it: custody revise.",
        )  # fmt: skip
    return usable[0]
