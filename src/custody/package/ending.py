"""The predicates of an end (spec/statements.md): a deal broken off, what the bidder did with what it had, a company wound up, a deal closed."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from custody.base.errors import Malformed
from custody.package.accounted import Attested, Stays
from custody.package.shape import Code, Day, Deal, Digest, Hex32, Instant, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Aborted:
    """The deal was broken off before any key was released. `package` is what had been shipped, unreadable."""

    KIND: ClassVar[str] = "aborted"
    deal: Deal
    version: int
    why: Code
    package: Digest | None
    exports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The bidder's answer to an aborted deal: its key is gone (proven at home) or goes on a date, and what people say of every copy they had."""

    KIND: ClassVar[str] = "returned"
    deal: Deal
    aborted: Digest
    key: Literal["destroyed", "scheduled", "absent"]
    removed: int
    heading: Literal["partial", "complete"]
    attested: tuple[Attested, ...]
    effective_at: Instant | None = None
    """Until when a destroy that is only scheduled can be called back."""

    def __post_init__(self) -> None:
        """Raises Malformed `returned.heading` for an answer that says more than it may."""
        if self.heading == "complete" and any(one.state == "open" for one in self.attested):
            raise Malformed("returned.heading", "An answer with an open copy is headed partial.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WoundUp:
    """A company that ends kept what law keeps, with a keeper, and destroyed the rest; `certificate` says how, `root` by which verdicts."""

    KIND: ClassVar[str] = "woundup"
    deal: Deal
    keeper: Name
    root: Hex32
    certificate: Digest
    customers: int
    kept: tuple[Stays, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage that was passed: when, and by which statement where one proves it."""

    stage: Code
    at: Instant
    statement: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The deal is closed: its line from open to end. `outlives` are the obligations that go on."""

    KIND: ClassVar[str] = "closed"
    deal: Deal
    version: int
    structure: Code
    line: Code
    outcome: Literal["completed", "aborted"]
    heading: Literal["partial", "complete"]
    stages: tuple[Reached, ...]
    open_copies: int
    outlives: tuple[str, ...]
    closed_on: Day

    def __post_init__(self) -> None:
        """Raises Malformed `closed.heading` for a closing that says more than it may."""
        if self.heading == "complete" and self.open_copies:
            raise Malformed("closed.heading", "A closing with an open copy is headed partial.")
