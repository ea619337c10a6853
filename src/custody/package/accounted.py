"""What people say of copies, and what law keeps: parts that several statements hold (spec/statements.md)."""

from dataclasses import dataclass
from typing import Literal

from custody.package.shape import Code, Day, Digest, Hex32, Instant, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A copy that only people can speak for."""

    name: Name
    kind: Code
    place: Code
    state: Literal["destroyed", "returned", "never-held", "stays", "open"]
    by: str
    at: Instant | None = None
    evidence: Digest | None = None
    why: Code | None = None
    """Of one that stays: for what reason."""


@dataclass(frozen=True, slots=True)
class Stays:
    """What law or a hold keeps, and until when."""

    what: Code
    why: tuple[str, ...]
    count: int
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Customers:
    """Of those whose keys were to go: of how many all of these went, and of how many a hold kept some."""

    shredded: int
    held: int


@dataclass(frozen=True, slots=True)
class Erasures:
    """The ledger's entries of one act that shredded slots: how many, how many slots, and the root over their leaf hashes."""

    entries: int
    slots: int
    root: Hex32
