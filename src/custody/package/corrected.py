"""Corrections on their way to whoever has the data, and their answer (spec/freshness.md §5). Neither names anybody."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, TypeAlias

from custody.base.errors import Malformed
from custody.package.shape import LEFT_OUT, Deal, Digest, Form, Instant

Correction: TypeAlias = Annotated[str, Form(r"cor_[0-7][0-9A-HJKMNP-TV-Z]{25}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The n-th bundle of corrections of a deal: how many, sealed to which key; its file is the statement's subject.

    `replaces`: the statements about this bundle before, each sealed to a key that is gone.
    """

    KIND: ClassVar[str] = "corrected"
    deal: Deal
    n: int
    count: int
    seller: Digest
    buyer: Digest
    key_id: Digest
    replaces: tuple[Digest, ...] = field(default=(), metadata=LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Left:
    """A correction that changed nothing here: of a person or row not held, or of a value that was put right here since."""

    correction: Correction
    why: Literal["absent", "newer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The answer to the n-th bundle: `applied` values are changed, `absent` ones are of people or rows not held, `newer` ones were put right here later.

    `left` names the corrections of both; in an answer of before there is none.
    """

    KIND: ClassVar[str] = "adopted"
    deal: Deal
    n: int
    corrected: Digest
    count: int
    applied: int
    absent: int
    answered_at: Instant
    newer: int = field(default=0, metadata=LEFT_OUT)
    left: tuple[Left, ...] = field(default=(), metadata=LEFT_OUT)

    def __post_init__(self) -> None:
        """Raises Malformed `adopted.sum` when not every correction is accounted for."""
        if self.applied + self.absent + self.newer != self.count:
            raise Malformed("adopted.sum", "The corrections do not add up.")
