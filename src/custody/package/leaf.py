"""Leaves: one per subject and compartment shipped (spec/package.md §3), their root, and what tables hash to.

A leaf commits to the key (32 bytes), to each sealed record by hash, and, blindly, to the verdict. Without a key it says
how many records of which schema there are, and nothing of anybody.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from custody.base import merkle
from custody.base.canonical import MAX_BYTES
from custody.base.errors import Malformed
from custody.package.frames import header
from custody.package.suites import primitives

SLOTS: Final = 1024
_KEY_ID: Final = b"custody/key-id/1\0"
_PURPOSE: Final = re.compile(r"[a-z][a-z-]{0,31}")
_NUMBER: Final = r"(0|[1-9][0-9]{0,9})"
_HEX: Final = r'"([0-9a-f]{64})"'
_SUM: Final = rf'{{"record":{_NUMBER},"revision":{_NUMBER},"schema":{_NUMBER},"sha256":{_HEX}}}'
_OPEN_SUM: Final = _SUM.replace("(", "(?:")  # the same without groups, to be repeated
_RECORD: Final = re.compile(_SUM.encode())
_LINE: Final = re.compile(
    (
        rf'{{"c":{_HEX},"commitment":{_HEX},"compartment":{_NUMBER},"page":{_NUMBER},'
        r'"purposes":\[((?:"[a-z-]{1,32}"(?:,"[a-z-]{1,32}"){0,31})?)\],'
        rf'"records":\[({_OPEN_SUM}(?:,{_OPEN_SUM})*)\],"slot":{_NUMBER},"subject":"([0-9a-f]{{32}})"}}'
    ).encode()
)


class RecordSum(NamedTuple):
    """A sealed record in a leaf: number, revision, schema, SHA-256 of its bytes."""

    record: int
    revision: int
    schema: int
    sha256: bytes


class Leaf(NamedTuple):
    """`subject` 16 bytes, `commitment` and `c` 32; `records` ascending, at least one."""

    compartment: int
    page: int
    slot: int
    subject: bytes
    commitment: bytes
    records: tuple[RecordSum, ...]
    c: bytes
    purposes: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, int, int]:
        """What the table is sorted by."""
        return self[:3]

    def encode(self) -> bytes:
        """The canonical line, without its newline. Purposes and numbers need no escaping, so this is the only form."""
        compartment, page, slot, subject, commitment, records, c, purposes = self
        sums = ",".join([f'{{"record":{record},"revision":{revision},"schema":{schema},"sha256":"{digest.hex()}"}}'
                         for record, revision, schema, digest in records])  # fmt: skip
        return (
            f'{{"c":"{c.hex()}","commitment":"{commitment.hex()}","compartment":{compartment},"page":{page},'
            f'"purposes":[{_listed(purposes)}],"records":[{sums}],"slot":{slot},"subject":"{subject.hex()}"}}'
        ).encode()

    def headers(self, suite: int) -> list[bytes]:
        """The 48-byte header that each record of this leaf must carry."""
        place, key = self.compartment, self.commitment[:16]
        return [
            header(suite, place, one.schema, one.revision, subject=self.subject, record=one.record, key=key)
            for one in self.records
        ]


@dataclass(frozen=True, slots=True)
class TableSum:
    """A table as delivered: rows of its home schemas, RFC 9162 root over its leaves (hex), leaves."""

    name: str
    rows: int
    digest: str
    leaves: int


def decode(line: bytes) -> Leaf:
    """Read one line. Raises Malformed `leaf.form` unless it is the canonical line of a leaf."""
    match = _LINE.fullmatch(line) if len(line) <= MAX_BYTES else None
    if match is None:
        raise _form()
    c, commitment, compartment, page, purposes, records, slot, subject = match.groups()
    made = Leaf(
        int(compartment),
        int(page),
        int(slot),
        bytes.fromhex(subject.decode()),
        bytes.fromhex(commitment.decode()),
        tuple(_record(one) for one in _RECORD.finditer(records)),
        bytes.fromhex(c.decode()),
        tuple(purposes.decode()[1:-1].split('","')) if purposes else (),
    )
    check(made)
    return made


def check(leaf: Leaf) -> None:
    """That every field is in its range. Raises Malformed `leaf.form`."""
    compartment, page, slot, subject, commitment, records, c, purposes = leaf
    fit = (
        0 <= compartment < 256
        and 0 <= page < 2**32
        and 0 <= slot < SLOTS
        and len(subject) == 16
        and len(commitment) == len(c) == 32
        and _ascending(records)
        and _are_purposes(purposes)
    )
    if not fit:
        raise _form()


def _ascending(records: Sequence[RecordSum]) -> bool:
    """At least one, each in its range and beyond the one before."""
    last = -1
    for record, revision, schema, digest in records:
        if not (last < record < 2**32 and 0 <= revision < 2**32 and 0 <= schema < 2**16 and len(digest) == 32):
            return False
        last = record
    return last >= 0


@lru_cache(maxsize=256)
def _listed(purposes: tuple[str, ...]) -> str:
    return ",".join(f'"{one}"' for one in purposes)


@lru_cache(maxsize=256)
def _are_purposes(purposes: tuple[str, ...]) -> bool:
    """Sorted, none twice, each of its form; the leaves of a compartment all have the same ones."""
    return list(purposes) == sorted(set(purposes)) and all(_PURPOSE.fullmatch(one) for one in purposes)


def key_commitment(dek: bytes, suite: int = 1) -> bytes:
    """The 32 bytes by which a leaf names a DEK."""
    return primitives(suite).digest(_KEY_ID + dek)


def verdict_commitment(dek: bytes, verdict: str, rules: str, suite: int = 1) -> bytes:
    """`c` of a leaf: whoever is given the DEK can check the verdict, nobody else can guess it."""
    known = primitives(suite)
    return known.mac(known.mac(dek, known.salt), saying(verdict, rules))


def committer(suite: int) -> Callable[[bytes, bytes], tuple[bytes, bytes]]:
    """What makes (`key_commitment`, `verdict_commitment`) of a DEK and what is said of it, as `saying` writes that: for many of them."""
    known = primitives(suite)
    digest, mac, salt = known.digest, known.mac, known.salt

    def commit(dek: bytes, said: bytes) -> tuple[bytes, bytes]:
        return digest(_KEY_ID + dek), mac(mac(dek, salt), said)

    return commit


def saying(verdict: str, rules: str) -> bytes:
    """What the commitment to a verdict is over."""
    return verdict.encode() + b"\0" + rules.encode()


def table_sums(
    delivered: Iterable[tuple[Leaf, bytes]], schemas: Mapping[int, tuple[str, bool]]
) -> tuple[TableSum, ...]:
    """What each table comes to over the delivered (leaf, leaf hash), in order. `schemas`: number to (table, is home).

    Every table of `schemas` is listed, by name. Raises Malformed `leaf.schema` for a schema that is not known.
    """
    trees = {table: merkle.Frontier() for table, _ in schemas.values()}
    rows = dict.fromkeys(trees, 0)
    for leaf, hashed in delivered:
        touched: dict[str, None] = {}
        for record in leaf.records:
            if record.schema not in schemas:
                raise Malformed("leaf.schema", "A leaf names a schema that the package does not describe.")
            table, home = schemas[record.schema]
            touched[table] = None
            rows[table] += home
        for table in touched:
            trees[table].append(hashed)
    return tuple(TableSum(name, rows[name], tree.root().hex(), tree.size) for name, tree in sorted(trees.items()))


def _record(match: "re.Match[bytes]") -> RecordSum:
    record, revision, schema, digest = match.groups()
    return RecordSum(int(record), int(revision), int(schema), bytes.fromhex(digest.decode()))


def _form() -> Malformed:
    return Malformed("leaf.form", "This is not a leaf in its canonical form.")
