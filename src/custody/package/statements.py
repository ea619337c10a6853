"""The predicates of spec/statements.md as frozen types: built by `predicate`, read by `read`, never half understood."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from custody.base.canonical import Json, unb64
from custody.base.errors import Malformed
from custody.base.statement import PREDICATES, TYPE, subject
from custody.package.account import Account
from custody.package.accounted import Attested, Customers, Erasures, Stays
from custody.package.answer import Answer
from custody.package.contents import LeafTable
from custody.package.corrected import Adopted, Corrected
from custody.package.ending import Aborted, Closed, Returned, WoundUp
from custody.package.passed import Requests
from custody.package.published import Published
from custody.package.release import LogHead
from custody.package.shape import LEFT_OUT, Code, Day, Deal, Digest, Form, Hex32, Instant, Name, dump, load
from custody.package.subjects import subject_digests
from custody.package.succession import Control, Leaver

Key: TypeAlias = Annotated[str, Form(r"[A-Za-z0-9_-]{1622}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """The buyer's key, nonce and term."""

    KIND: ClassVar[str] = "invite"
    deal: Deal
    seller: Digest
    buyer: Digest
    key: Key
    key_id: Digest
    nonce: Hex32
    expires_at: Instant
    suite: Literal[1] = 1
    kem: Literal["MLKEM768_X25519/HKDF_SHA256/AES_256_GCM"] = "MLKEM768_X25519/HKDF_SHA256/AES_256_GCM"

    @property
    def public(self) -> bytes:
        """The 1,216 bytes of the key. Raises Malformed `canonical.base64`."""
        return unb64(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMapSigned:
    """The reviewed data map is signed."""

    KIND: ClassVar[str] = "datamap"
    tables: int
    compartments: int
    taxonomy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What law decided. `root` is over sorted (subject, compartment, verdict, rule set) leaves; `total`: subjects."""

    KIND: ClassVar[str] = "gate"
    deal: Deal
    version: int
    on_date: Day
    datamap: Digest
    rules: Digest
    root: Hex32
    count: int
    total: int
    by_verdict: dict[str, int]
    as_of: int
    vectors: int | None = None
    overridden: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Raises Malformed `gate.sum` when the verdicts do not add up to the total."""
        if sum(self.by_verdict.values()) != self.total:
            raise Malformed("gate.sum", "The verdicts do not add up.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """The package was handed out, unreadable."""

    KIND: ClassVar[str] = "shipped"
    deal: Deal
    package: Digest
    seller: Digest
    buyer: Digest
    gate: Digest
    invite: Digest
    leaves: LeafTable
    records: int
    bytes: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedStatement:
    """Release n was made; its files are the statement's subjects."""

    KIND: ClassVar[str] = "released"
    deal: Deal
    n: int
    kind: Literal["full", "delta", "recall"]
    manifest: Digest
    package: Digest
    seller: Digest
    buyer: Digest
    closing: Digest | None = None


@dataclass(frozen=True, slots=True)
class TableReceived:
    """One table as the buyer found it; `differing` rows did not read back as they were sealed."""

    name: Name
    rows: int
    digest: Hex32
    differing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The buyer's answer to release n."""

    KIND: ClassVar[str] = "received"
    deal: Deal
    n: int
    release: Digest
    package: Digest
    opened: int
    zero: int
    mismatched: int
    tables: tuple[TableReceived, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """The delivered records are under the buyer's own keys; `remaining` are not yet."""

    KIND: ClassVar[str] = "resealed"
    deal: Deal
    releases: tuple[Digest, ...]
    records: int
    remaining: int
    vault: Digest
    generation: int
    complete: bool

    def __post_init__(self) -> None:
        """Raises Malformed `resealed.sum`: complete means that nothing remains."""
        if self.complete != (self.remaining == 0):
            raise Malformed("resealed.sum", "Complete and remaining contradict each other.")


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """An export made from recalled records and what became of it."""

    name: Name
    state: Literal["destroyed", "returned", "open"]
    at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The buyer's answer to a recall. It undoes no reading, and does not say so."""

    KIND: ClassVar[str] = "recalled"
    deal: Deal
    n: int
    release: Digest
    slots: int
    shredded: int
    absent: int
    exports: tuple[ExportAnswer, ...]
    answered_at: Instant
    held: int = field(default=0, metadata=LEFT_OUT)
    """How many a hold keeps at the buyer; left out where none is."""

    @property
    def whole(self) -> bool:
        """Whether all that the recall names is accounted for, as it must be."""
        return self.shredded + self.absent + self.held == self.slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What was shipped and never released is deleted at the buyer."""

    KIND: ClassVar[str] = "withheld"
    deal: Deal
    package: Digest
    leaves: int
    records: int
    bytes: int
    reason: Code
    deleted_at: Instant


@dataclass(frozen=True, slots=True)
class Generation:
    """A root generation that is gone, or will be at `effective_at`."""

    g: int
    effective_at: Instant
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What custody itself can show."""

    vault: Digest
    generations: tuple[Generation, ...]
    shredded: int
    ledger: LogHead
    receipts: tuple[Digest, ...]
    places: tuple[Code, ...]
    erasures: Erasures | None = None
    customers: Customers | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a certificate speaks of and what it does not."""

    inside: tuple[Code, ...]
    outside: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """Who held the roots and how sure their destruction is."""

    kind: Code
    assurance: Literal["hardware", "service", "file"]
    method: Literal["purge", "clear", "cryptographic-erase"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """What is destroyed and what stays: two parts, never mixed."""

    KIND: ClassVar[str] = "destroyed"
    deal: Deal | None
    heading: Literal["partial", "complete"]
    proven: Proven
    attested: tuple[Attested, ...]
    scope: Scope
    stays: tuple[Stays, ...]
    provider: Provider
    final_at: Instant

    def __post_init__(self) -> None:
        """Raises Malformed `destroyed.heading`, `destroyed.wording`, `destroyed.held` for a certificate that says more than it may."""
        if self.heading == "complete" and any(one.state == "open" for one in self.attested):
            raise Malformed("destroyed.heading", "A certificate with an open copy is headed partial.")
        if self.provider.assurance == "file" and self.provider.method == "purge":
            raise Malformed("destroyed.wording", "A root in a file may not be worded purge.")
        kept = self.proven.customers is not None and self.proven.customers.held
        if kept and not any(one.what == "held" and one.count for one in self.stays):
            raise Malformed("destroyed.held", "A certificate names whom a hold keeps among what stays, too.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Who was told, by number."""

    KIND: ClassVar[str] = "notice"
    deal: Deal | None = None
    law: tuple[str, ...]
    languages: tuple[str, ...]
    recipients: int
    delivered: int
    bounced: int
    channels: dict[str, int]
    text: Digest
    due_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What was asked and answered, by number, with the root over the consent leaves."""

    KIND: ClassVar[str] = "consent"
    deal: Deal | None = None
    purpose: Code
    asked: int
    given: int
    refused: int
    withdrawn: int
    root: Hex32
    count: int


Predicate: TypeAlias = (
    Invite | DataMapSigned | Gate | Shipped | ReleasedStatement | Received | Resealed | Recalled | Withheld | Destroyed
    | Control | Leaver | Aborted | Returned | WoundUp | Closed | Notice | Consent | Answer | Account
    | Corrected | Adopted | Requests | Published
)  # fmt: skip
TYPES: Final[Mapping[str, type[Any]]] = {
    one.KIND: one
    for one in (
        Invite, DataMapSigned, Gate, Shipped, ReleasedStatement, Received, Resealed, Recalled, Withheld, Destroyed,
        Control, Leaver, Aborted, Returned, WoundUp, Closed, Notice, Consent, Answer, Account,
        Corrected, Adopted, Requests, Published,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Common:
    """What every predicate carries beside its own fields."""

    signer: Digest
    at: Instant
    rehearsal: bool
    hosting: Literal["separate", "advisor"]
    identity: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """A statement understood: its kind, what it says, who, when, and the hex digests of its subjects by name."""

    kind: str
    says: Predicate
    common: Common
    subjects: Mapping[str, str]


def predicate(says: Predicate) -> dict[str, Json]:
    """The predicate's own fields, for `base.statement.statement(f"{says.KIND}/v1", …)`."""
    return dump(says)


def release_subjects(manifest: bytes, enc: bytes, pages_sha256: str) -> list[dict[str, Json]]:
    """The subjects of `released/v1`; a recall has the manifest alone (give empty `enc`)."""
    made = [subject("manifest.json", _hex(manifest))]
    return [*made, subject("enc", _hex(enc)), subject("pages.bin", pages_sha256)] if enc else made


def read(statement: Mapping[str, Json]) -> Read:
    """Understand a statement whole. Raises Malformed `statement.type`, `statement.subject`, `shape.*`."""
    kind = str(statement.get("predicateType", "")).removeprefix(PREDICATES).removesuffix("/v1")
    body = statement.get("predicate")
    whole = set(statement) == {"_type", "subject", "predicateType", "predicate"}
    if (
        not whole
        or statement["_type"] != TYPE
        or kind not in TYPES
        or statement["predicateType"] != f"{PREDICATES}{kind}/v1"
        or not isinstance(body, dict)
    ):
        raise Malformed("statement.type", "This is not a statement of a kind known here.")
    shared = ("signer", "at", "rehearsal", "hosting", "identity")
    common = load(Common, {key: body[key] for key in shared if key in body})
    says = load(TYPES[kind], {key: value for key, value in body.items() if key not in shared})
    return Read(kind, says, common, subject_digests(statement))


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
