"""The descriptor of a package: names, classes, counts and hashes; never a value of a person (spec/package.md §2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from custody.base import canonical
from custody.base.errors import Malformed
from custody.package.shape import LEFT_OUT, Code, Deal, Digest, Hex16, Hex32, Instant, Name, dump, load

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """One column: its name and class, not its content."""

    name: Name
    cls: str
    level: str
    tier: str


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table as the signed data map has it; `residence` where its people live, if the map states it."""

    name: Name
    role: Code
    kind: str
    columns: tuple[ColumnInfo, ...]
    residence: str = field(default="", metadata=LEFT_OUT)


@dataclass(frozen=True, slots=True)
class SchemaInfo:
    """One record layout: which columns of which table, in order; `home` when rows are counted by it."""

    number: int
    table: Name
    compartment: int
    columns: tuple[Name, ...]
    home: bool


@dataclass(frozen=True, slots=True)
class CompartmentInfo:
    """What law judges together."""

    number: int
    tier: str
    purposes: tuple[str, ...]
    retention: str


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """One file of sealed records."""

    name: Name
    records: int
    bytes: int
    sha256: Hex32


@dataclass(frozen=True, slots=True)
class LeafTable:
    """RFC 9162 root over the leaves, and how many there are."""

    root: Hex32
    count: int


NOTHING: Final = LeafTable("0" * 64, 0)


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything the descriptor says. The writer fills `segments`, `leaves` and `records`."""

    v: Literal[1]
    id: str
    deal: Deal
    seller: Digest
    buyer: Digest
    origin: Hex16
    suite: Literal[1, 2]
    datamap: Digest
    gate: Digest
    created: Instant
    rehearsal: bool
    ship_ahead: Literal["cleared", "cleared-and-wait"]
    tables: tuple[TableInfo, ...]
    schemas: tuple[SchemaInfo, ...]
    compartments: tuple[CompartmentInfo, ...]
    segments: tuple[SegmentInfo, ...] = ()
    leaves: LeafTable = NOTHING
    records: int = 0

    def by_schema(self) -> Mapping[int, tuple[str, bool]]:
        """Schema number to (table, is home): what `leaf.table_sums` takes."""
        return {one.number: (one.table, one.home) for one in self.schemas}


def encode(contents: Contents) -> bytes:
    """`data/datapackage.json`."""
    resources: list[canonical.Json] = [
        {
            "name": one.name.lower(),
            "path": f"segments/{one.name}.seg",
            "format": "custody-segment",
            "bytes": one.bytes,
            "hash": f"sha256:{one.sha256}",
        }
        for one in contents.segments
    ]
    resources.append({"name": "leaves", "path": "leaves.jsonl", "format": "jsonl"})
    told: dict[str, canonical.Json] = {
        "$schema": PROFILE,
        "name": contents.id.lower(),
        "created": contents.created,
        "resources": resources,
        "custody": dump(contents),
    }
    return canonical.encode(told)


def decode(data: bytes) -> Contents:
    """Read a descriptor. Raises Malformed `package.descriptor`, `shape.*`, `canonical.*`."""
    value = canonical.decode(data)
    found = load(Contents, value.get("custody") if isinstance(value, dict) else None)
    if encode(found) != data:
        raise Malformed("package.descriptor", "The descriptor does not say what its contents say.")
    numbers, tables = [one.number for one in found.schemas], {one.name for one in found.tables}
    if len(set(numbers)) != len(numbers) or any(one.table not in tables for one in found.schemas):
        raise Malformed("package.descriptor", "A schema of the descriptor is doubled or has no table.")
    return found
