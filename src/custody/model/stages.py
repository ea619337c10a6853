"""The line as types: each stage can only be made from the one before, so nothing can skip the gate (docs/architecture.md §1).

A stage value is a claim that an act finished; the act's job and ledger entry prove it. `release` looks the gate's
decision up again in the ledger instead of trusting the value it is given.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Connected:
    """Sources were opened and read once; nothing was kept of them."""

    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classified:
    """A reviewed data map was signed into the ledger."""

    connected: Connected
    datamap: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """Every row is sealed, or in quarantine."""

    classified: Classified
    vault: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """The gate decided every subject of a deal; `root` is over its verdict leaves."""

    sealed: Sealed
    matter: str
    gate: int
    root: str


@dataclass(frozen=True, slots=True)
class Packed:
    """The cleared ciphertext lies in a package folder."""

    cleared: Cleared
    package: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """The package was handed out, unreadable; the buyer's invitation and confirmed card were on file."""

    packed: Packed
    invite: str


@dataclass(frozen=True, slots=True)
class Released:
    """The keys of those still cleared were sealed to the buyer as release `n`."""

    shipped: Shipped
    n: int
    manifest: str


@dataclass(frozen=True, slots=True)
class Received:
    """The buyer's signed receipt for release `n` agrees with it."""

    released: Released
    receipt: str


@dataclass(frozen=True, slots=True)
class Destroyed:
    """The seller's slots of the delivered subjects are shredded and the old root is gone."""

    received: Received
    certificate: str
