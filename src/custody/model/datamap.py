"""The data map: what is held, about whom, under which purpose (spec/datamap.md). It doubles as GDPR Art. 30 record.

Everything the line does with a row follows from here: its role and subject, its compartments, whether it may leave.
"""

from dataclasses import dataclass, field
from typing import Final

ROLES: Final = ("subject", "about", "reference", "other-people")
KINDS: Final = ("customer", "prospect", "employee", "contact", "company")
PURPOSES: Final = ("contract", "marketing", "legal", "service", "internal")
TIERS: Final = ("general", "sensitive")
MAX_COMPARTMENTS: Final = 16
REFERENCE_COMPARTMENT: Final = 0


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a join path: the value of `column` in this row is looked up as `key` of `table`."""

    column: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One column: its class and level (taxonomy), tier, compartment, how sure and why, and who confirmed it."""

    name: str
    cls: str
    level: str
    tier: str
    purposes: tuple[str, ...]
    compartment: int
    confidence: int  # per cent: canonical JSON has no floats
    why: tuple[str, ...] = ()
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class TableMap:
    """One table. `paths` holds join paths; each ends at a `subject` (or `other-people`) table's subject key.

    A subject table has `subject_key` and no path. An `about` table may have several paths (a row is tried on all of
    them, in order: the customers' first); a row that reaches nobody is an orphan, one that reaches several people is
    sealed for all of them together and takes the strictest verdict. `residence` is what whoever signs the map knows of
    all people of a `subject` table: the place they live in unless a row says otherwise; empty when nobody knows.
    `repeats` is `yes` where one person may have several rows, as in a list of orders that is a shop's only file.
    """

    name: str
    file: str
    media: str
    encoding: str
    dialect: dict[str, str]
    role: str
    kind: str
    rows: int
    quarantined: int
    subject_key: str
    paths: tuple[tuple[Hop, ...], ...]
    basis: str
    retention: str
    columns: tuple[ColumnMap, ...]
    sha256: str = ""
    residence: str = ""
    repeats: str = ""

    @property
    def key_place(self) -> int:
        """Which column of a table of people is their key."""
        return next(place for place, column in enumerate(self.columns) if column.name == self.subject_key)


@dataclass(frozen=True, slots=True)
class Compartment:
    """Columns that law judges together: one tier, one set of purposes, one retention. Numbered, never renumbered.

    `child_of` names the general compartment whose columns it holds for children under 14, whose every field is
    sensitive (spec/datamap.md); None otherwise.
    """

    number: int
    tier: str
    purposes: tuple[str, ...]
    retention: str
    child_of: int | None = None


@dataclass(frozen=True, slots=True)
class DataMap:
    """The whole map. Signed into the ledger by its hash over canonical bytes."""

    taxonomy: str
    tables: tuple[TableMap, ...]
    compartments: tuple[Compartment, ...]
    notes: tuple[str, ...] = field(default=())
