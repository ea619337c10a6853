"""What has been established so far: whose keys count, what verified statements say, what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from custody.base import dsse
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError
from custody.base.signing import Identity
from custody.model.party import PartyCard
from custody.package import folder, statements
from custody.package.bag import BagReport
from custody.package.check import Inside
from custody.package.fault import Fault
from custody.package.release import LogHead, Manifest, digest
from custody.package.statements import Predicate, Read
from custody.services.verify.inputs import Item

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Signed:
    """A verified statement: where it lies, the digest of its envelope, what it says."""

    label: str
    digest: str
    read: Read

    @property
    def signer(self) -> str:
        """The identity that signed it."""
        return self.read.common.signer


@dataclass(slots=True)
class PackageFound:
    """A package and what was found in it; `statements` are its own, by file name."""

    item: Item
    bag: BagReport
    inside: Inside
    statements: Mapping[str, Signed]
    shipped: Signed | None


@dataclass(frozen=True, slots=True)
class ReleaseFound:
    """A release whose manifest is the one that was signed."""

    item: Item
    manifest: Manifest
    digest: str
    signed: Signed


@dataclass(frozen=True, slots=True)
class LedgerFound:
    """A ledger that agrees with itself: leaf hashes, digests its entries name, last instant, who signed the checkpoint."""

    item: Item
    origin: str
    hashes: tuple[bytes, ...]
    named: frozenset[str]
    last_at: str
    signer: str


@dataclass(slots=True)
class Case:
    """`identities` are the only keys that count: the trusted ones, or, with none given, those found (unpinned)."""

    pinned: bool
    identities: dict[str, Identity] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    signed: list[Signed] = field(default_factory=list)
    packages: list[PackageFound] = field(default_factory=list)
    releases: list[ReleaseFound] = field(default_factory=list)
    ledgers: list[LedgerFound] = field(default_factory=list)
    heads: list[tuple[str, LogHead]] = field(default_factory=list)
    files: int = 0
    bytes: int = 0

    def fault(self, kind: str, code: str, item: Item, row: int | None = None, byte: int | None = None) -> None:
        """Add a fault."""
        self.faults.append(Fault(kind, code, item.label, row, byte))

    def blame(self, kind: str, code: str, label: str) -> None:
        """Add a fault of a whole file."""
        self.faults.append(Fault(kind, code, label))

    def learn(self, identity: Identity) -> None:
        """Take a key that came with the files, unless trusted cards were given."""
        if not self.pinned:
            self.identities.setdefault(identity.id, identity)

    def learn_cards(self, cards: Iterable[tuple[Item, PartyCard]]) -> None:
        """Take the keys of cards; two different cards of one identity are a fault."""
        known: dict[str, PartyCard] = {}
        for item, card in cards:
            if known.setdefault(card.identity.id, card) != card:
                self.fault("altered", "card.differs", item)
            self.learn(card.identity)

    def open(self, item: Item, *, quiet: bool = False) -> Signed | None:
        """Verify a statement and read it; None, and a fault unless `quiet`, when it does not hold."""
        before = len(self.faults)
        made = self._open(item)
        if quiet:
            del self.faults[before:]
        if made is not None:
            self.signed.append(made)
            self.used.add(made.signer)
        return made

    def says(self, kind: type[P]) -> list[tuple[Signed, P]]:
        """All verified statements of one kind."""
        return [(one, one.read.says) for one in self.signed if isinstance(one.read.says, kind)]

    def _open(self, item: Item) -> Signed | None:
        try:
            data = folder.small(item.path)
            self.files, self.bytes = self.files + 1, self.bytes + len(data)
            body = dsse.peek(data).get("predicate")
            self._learn_own(body if isinstance(body, dict) else {})
            opened = dsse.open_envelope(data, self.identities)
        except Broken as error:
            code = {"dsse.form": "statement.form", "dsse.signer": "statement.signer"}.get(error.slug)
            readable = error.slug not in {"folder.open", "folder.large"}
            self.fault(error.kind, (code or "statement.signature") if readable else "file.unreadable", item)
            return None
        except CustodyError:
            self.fault("malformed", "statement.form", item)
            return None
        try:
            return Signed(item.label, digest(data), statements.read(opened.statement))
        except CustodyError:
            self.fault("schema", "statement.schema", item)
            return None

    def _learn_own(self, body: Mapping[str, Json]) -> None:
        try:
            own = statements.own_identity(body)
        except CustodyError:
            return
        if own is not None:
            self.learn(own)


def deal_of(says: Predicate) -> str | None:
    """The deal a statement speaks of."""
    found = getattr(says, "deal", None)
    return found if isinstance(found, str) else None
