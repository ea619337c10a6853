"""What has been established so far: whose keys count, what verified statements say, what is wrong."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from custody.base import canonical, dsse
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError
from custody.base.signing import Identity
from custody.model.party import PartyCard
from custody.package import folder, statements, subjects
from custody.package.accounted import Erasures
from custody.package.bag import BagReport
from custody.package.fault import Fault
from custody.package.release import LogHead, Manifest, digest
from custody.package.sound import Inside
from custody.package.statements import Predicate, Read
from custody.services.verify.inputs import Item

P = TypeVar("P")
_SIGNED: Final = 4500  # two signatures alone are longer than this in base64


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
    """A ledger that agrees with itself: leaf hashes, digests named by entries, last instant, checkpoint's signer, kinds of its statements, looks by person, what acts shredded."""

    item: Item
    origin: str
    hashes: tuple[bytes, ...]
    named: frozenset[str]
    last_at: str
    signer: str
    kinds: frozenset[str]
    looks: Mapping[str, tuple[int, ...]]
    shredded: frozenset[Erasures] = frozenset()
    part: bool = False
    ahead: tuple[tuple[str, str], ...] = ()
    """From when to when its entries were made under a clock that was ahead, by that clock."""

    def reaches(self, at: str) -> bool:
        """Whether what was entered at that instant would stand in it."""
        return at <= self.last_at or any(first <= at <= last for first, last in self.ahead)


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

    def compare_cards(self, sure: Iterable[PartyCard], cards: Iterable[tuple[Item, PartyCard]]) -> None:
        """Two different cards of one party or identity are a fault of the one that nobody signed for."""
        known: dict[str, PartyCard] = {}
        for card in sure:
            known.setdefault(card.id, card)
            known.setdefault(card.identity.id, card)
        for item, card in cards:
            names = (card.id, card.identity.id)
            if any(known.setdefault(name, card) != card for name in names):
                self.fault("altered", "card.differs", item)

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

    def covers(self, ledger: LedgerFound, deal: str | None) -> bool:
        """Whether a ledger can be held against a deal's papers: it is whole, or a part that names one of them."""
        if not ledger.part:
            return True
        return any(
            one.digest in ledger.named and deal is not None and deal_of(one.read.says) == deal for one in self.signed
        )

    def _open(self, item: Item) -> Signed | None:
        data = b""
        try:
            data = folder.small(item.path)
            self.files, self.bytes = self.files + 1, self.bytes + len(data)
            body = dsse.peek(data).get("predicate")
            self._learn_own(body if isinstance(body, dict) else {})
            opened = dsse.open_envelope(data, self.identities)
        except CustodyError as error:
            self.faults.append(_refused(error, item, data))
            return None
        try:
            return Signed(item.label, digest(data), statements.read(opened.statement))
        except CustodyError:
            self.fault("schema", "statement.schema", item)
            return None

    def _learn_own(self, body: Mapping[str, Json]) -> None:
        try:
            own = subjects.own_identity(body)
        except CustodyError:
            return
        if own is not None:
            self.learn(own)


def deal_of(says: Predicate) -> str | None:
    """The deal a statement speaks of."""
    found = getattr(says, "deal", None)
    return found if isinstance(found, str) else None


def _refused(error: CustodyError, item: Item, data: bytes) -> Fault:
    """An envelope that is whole but for what was signed is a matter of signature; one that is torn is malformed."""
    if error.slug in {"folder.open", "folder.large"}:
        kind = error.kind if isinstance(error, Broken) else "malformed"
        return Fault(kind, "file.unreadable", item.label)
    if error.slug == "dsse.signer":
        return Fault("signature", "statement.signer", item.label)
    if isinstance(error, Broken) and error.kind == "signature":
        return Fault("signature", "statement.signature", item.label)
    try:
        value = canonical.decode(data)
    except CustodyError:
        return Fault("malformed", "statement.form", item.label, None, _first_bad(data))
    whole = isinstance(value, dict) and set(value) == {"payload", "payloadType", "signatures"}
    if whole and len(data) > _SIGNED:
        return Fault("signature", "statement.signature", item.label)
    return Fault("malformed", "statement.form", item.label)


def _first_bad(data: bytes) -> int | None:
    """Where JSON stops being JSON, if it does."""
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        return error.pos if data.isascii() else None
    except (ValueError, RecursionError) as error:
        return error.start if isinstance(error, UnicodeDecodeError) else None
    return None
