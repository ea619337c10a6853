"""Corrections on their way to whoever has the data, and their answer (spec/freshness.md §5). Neither names anybody."""

from dataclasses import dataclass
from typing import ClassVar

from custody.base.errors import Malformed
from custody.package.shape import Deal, Digest, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The n-th bundle of corrections of a deal: how many, sealed to which key; its file is the statement's subject."""

    KIND: ClassVar[str] = "corrected"
    deal: Deal
    n: int
    count: int
    seller: Digest
    buyer: Digest
    key_id: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The answer to the n-th bundle: `applied` values are changed, `absent` ones are of people or rows not held."""

    KIND: ClassVar[str] = "adopted"
    deal: Deal
    n: int
    corrected: Digest
    count: int
    applied: int
    absent: int
    answered_at: Instant

    def __post_init__(self) -> None:
        """Raises Malformed `adopted.sum` when not every correction is accounted for."""
        if self.applied + self.absent != self.count:
            raise Malformed("adopted.sum", "The corrections do not add up.")
