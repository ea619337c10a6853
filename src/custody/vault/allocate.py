"""Which slot a new key takes: random order within a batch, never one that was used before (spec/vault.md §7).

Replaying an erasure by its place kills whatever lies there. With slots that are never used twice it can only kill the
key it was meant for. Random order keeps a customer's age out of the slot number.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from custody.base.errors import Malformed
from custody.vault.page import SLOTS
from custody.vault.record import COMPARTMENTS

Owner = TypeVar("Owner")
_PAGES: Final = 2**32


class SlotPlace(NamedTuple):
    """Where a DEK lies."""

    compartment: int
    page: int
    slot: int


def allocate(compartment: int, next_slot: int, owners: Sequence[Owner]) -> tuple[list[tuple[Owner, SlotPlace]], int]:
    """Places for `owners` from `next_slot` on, and the next free slot after them.

    The result is in slot order; which owner got which slot is random. Raises Malformed `vault.full`.
    """
    after = next_slot + len(owners)
    if not 0 <= compartment < COMPARTMENTS or next_slot < 0 or after > _PAGES * SLOTS:
        raise Malformed("vault.full", "A vault has compartments 0 to 15, each of at most 2^32 pages.")
    order = list(owners)
    secrets.SystemRandom().shuffle(order)
    places = (SlotPlace(compartment, *divmod(number, SLOTS)) for number in range(next_slot, after))
    return list(zip(order, places, strict=True)), after


def allocate_all(
    next_slots: Mapping[int, int], wanted: Mapping[int, Sequence[Owner]]
) -> tuple[list[tuple[Owner, SlotPlace]], dict[int, int]]:
    """`allocate` for several compartments; `next_slots` without an entry begins at 0."""
    placed: list[tuple[Owner, SlotPlace]] = []
    after = dict(next_slots)
    for compartment in sorted(wanted):
        made, after[compartment] = allocate(compartment, after.get(compartment, 0), wanted[compartment])
        placed += made
    return placed, after


def fresh_page(next_slot: int) -> int:
    """The first slot of the next untouched page: sealers that lease pages of their own start there."""
    return -(-next_slot // SLOTS) * SLOTS
