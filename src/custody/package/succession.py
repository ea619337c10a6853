"""The predicates of a change of control (spec/statements.md): who can do what no more, and what they said."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from custody.package.shape import Deal, Digest, Name


@dataclass(frozen=True, slots=True)
class Revoked:
    """What the outgoing side can no longer use."""

    principals: int
    grants: int
    exports: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Leavers:
    """People who left: asked for, and gave, a return-or-destroy statement."""

    asked: int
    signed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A change of control was carried out: nothing moved, the keys did."""

    KIND: ClassVar[str] = "control"
    deal: Deal
    from_g: int
    to_g: int
    holders: int
    revoked: Revoked
    leavers: Leavers
    notice: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """A person who leaves says what became of every copy they had; signed with their own key, attested, not proven."""

    KIND: ClassVar[str] = "leaver"
    deal: Deal
    principal: Name
    state: Literal["returned", "destroyed", "never-held"]
