"""Build a small hand-over folder through custody's own writers: cards, package, release, receipt, certificate, ledgers.

Sealed records are a true header and random bytes: no part of what is checked here needs to open one. Used by
`generate.py` for the committed vectors and by tests/package for hand-overs of their own.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from custody.base import canonical, dsse, merkle
from custody.base.clock import stamp
from custody.base.signing import Signer
from custody.base.statement import statement, subject
from custody.ledger import checkpoint, entry
from custody.model.party import PartyCard
from custody.package import accept, proof, release, statements, table
from custody.package.accounted import Erasures
from custody.package.contents import ColumnInfo, CompartmentInfo, Contents, SchemaInfo, TableInfo
from custody.package.frames import header
from custody.package.leaf import Leaf, RecordSum, key_commitment, verdict_commitment
from custody.package.release_seal import DealKey, Released, seal
from custody.package.writer import Package, PackageWriter

ORIGIN = bytes(range(16))
DEAL = "mat_01JDEAL0000000000000000000"
RULES = "sha256:" + "11" * 32
START = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
SLOTS = 1024


@dataclass
class Log:
    """A party's ledger, kept in memory."""

    space: str
    signer: Signer
    entries: list[entry.Entry] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"custody.example/ledger/{self.space}"

    def add(self, at: str, says: Mapping[str, canonical.Json], kind: str = "statement") -> None:
        prev = merkle.root([one.hash for one in self.entries])
        made = entry.make(
            len(self.entries),
            at=at,
            kind=kind,
            space=self.space,
            prev=prev,
            says=says,
            opening=entry.opening({}),
        )
        self.entries.append(made)

    def head(self) -> checkpoint.Checkpoint:
        return checkpoint.Checkpoint(self.origin, len(self.entries), merkle.root([one.hash for one in self.entries]))

    def note(self) -> str:
        return checkpoint.sign(self.head(), self.signer)

    def log_head(self) -> release.LogHead:
        head = self.head()
        return release.LogHead(head.origin, head.size, head.root.hex())

    def proof(self, index: int) -> bytes:
        path = merkle.inclusion_proof([one.hash for one in self.entries], index)
        return proof.encode(self.entries[index].data, index, path, self.note())

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "entries.jsonl").write_bytes(b"".join(one.data + b"\n" for one in self.entries))
        (folder / "hashes.txt").write_text("".join(one.hash.hex() + "\n" for one in self.entries))
        (folder / "checkpoint.txt").write_text(self.note(), encoding="utf-8")
        (folder / "identity.json").write_bytes(canonical.encode(self.signer.identity.to_json()))


@dataclass
class Party:
    """A party with its keys, card and ledger."""

    name: str
    signer: Signer = field(default_factory=Signer.generate)

    def __post_init__(self) -> None:
        space = f"pty_{self.name.upper():0<26.26}"
        self.log = Log(space, self.signer)
        names = {"seller": "青禾书屋", "buyer": "远山图书"}
        self.card = PartyCard(
            space, names.get(self.name, "其他"), self.name, "", "CN", self.signer.identity, "separate"
        )

    @property
    def id(self) -> str:
        return self.signer.identity.id


class Handover:
    """One deal, built step by step in `root`; every step can be done differently by a test."""

    def __init__(
        self, root: Path, *, customers: int = 4, seller: Party | None = None, buyer: Party | None = None
    ) -> None:
        self.root, self.customers = root, customers
        self.seller, self.buyer = seller or Party("seller"), buyer or Party("buyer")
        self.key = DealKey.generate()
        self.nonce = secrets.token_hex(32)
        self.deks = {(place, slot): secrets.token_bytes(32) for place in (1, 2) for slot in range(customers)}
        self.now = START
        self.previous: str | None = None
        self.releases: list[Released] = []
        self.receipts: list[bytes] = []

    # The steps, in their order.

    def all(self, *, withheld: Sequence[int] = ()) -> "Handover":
        """Everything up to the certificate."""
        self.cards()
        self.pack()
        self.release(withheld=withheld)
        self.receive()
        self.destroy()
        self.ledgers()
        return self

    def cards(self) -> None:
        for party in (self.seller, self.buyer):
            self.put(f"cards/{party.name}.json", canonical.encode(party.card.to_json()))

    def pack(self, name: str = "package") -> Package:
        """Gate, invite, data map; the package; the statement that it was shipped."""
        datamap = "sha256:" + "22" * 32
        mapped = statements.DataMapSigned(tables=2, compartments=2)
        self.datamap = self.sign(self.seller, mapped, [subject("datamap", datamap)])
        gate = statements.Gate(
            deal=DEAL,
            version=1,
            on_date="2026-03-16",
            datamap=datamap,
            rules=RULES,
            root="33" * 32,
            count=2 * self.customers,
            total=self.customers,
            by_verdict={"hand_over": self.customers},
            as_of=len(self.seller.log.entries),
        )
        self.gate = self.sign(self.seller, gate, [subject("gate", gate.root)])
        gate_index = len(self.seller.log.entries) - 1
        invite = statements.Invite(
            deal=DEAL,
            seller=self.seller.id,
            buyer=self.buyer.id,
            key=canonical.b64(self.key.public),
            key_id=self.key.id,
            nonce=self.nonce,
            expires_at="2026-06-01T00:00:00.000000Z",
        )
        self.invite = self.sign(self.buyer, invite, [subject("deal-key", self.key.id)])
        about = Contents(
            1,
            "pkg_01JPACKAGE0000000000000000",
            DEAL,
            self.seller.id,
            self.buyer.id,
            ORIGIN.hex(),
            1,
            datamap,
            release.digest(self.gate),
            stamp(self.tick()),
            True,
            "cleared",
            TABLES,
            SCHEMAS,
            COMPARTMENTS,
        )
        writer = PackageWriter(lambda inner: self.target(f"{name}/{inner}"), about)
        records = [(owner, one) for owner in range(self.customers) for one in self.layout(owner)]
        sealed = [self.sealed(owner, *one) for owner, one in records]
        hashes = bytearray()
        writer.segment("seg-1", bytes(16), sealed, hashes.extend)
        writer.leaves(self.leaves(records, bytes(hashes)))
        for kind, data in (("datamap", self.datamap), ("gate", self.gate), ("invite", self.invite)):
            writer.file(f"statements/{kind}.json", data)
        for party in (self.seller, self.buyer):
            writer.file(f"identity/{party.name}.json", canonical.encode(party.card.to_json()))
        writer.file("checkpoint", self.seller.log.note().encode())
        writer.file("proof", self.seller.log.proof(gate_index))
        self.package = writer.close()
        self.package_at = name
        told = self.package.contents
        shipped = statements.Shipped(
            deal=DEAL,
            package=self.package.id,
            seller=self.seller.id,
            buyer=self.buyer.id,
            gate=told.gate,
            invite=release.digest(self.invite),
            leaves=told.leaves,
            records=told.records,
            bytes=self.package.bytes,
            files=self.package.files,
        )
        self.put(f"{name}/shipped.dsse.json", self.sign(self.seller, shipped, [subject("package", self.package.id)]))
        return self.package

    def release(
        self,
        *,
        n: int | None = None,
        kind: str = "full",
        withheld: Sequence[int] = (),
        share: bytes | None = None,
        silent: Sequence[int] = (),
        change: Mapping[str, object] | None = None,
    ) -> Released:
        """Release the next number; `silent` are customers whom nobody may contact, `change` replaces fields of the draft."""
        number = n or len(self.releases) + 1
        told = self.package.contents
        draft = release.Manifest(
            release.FORMAT,
            DEAL,
            number,
            self.previous,
            kind,
            release.PackageRef(self.package.id),
            self.seller.id,
            self.buyer.id,
            release.Recipient(self.key.id, release.digest(self.invite), self.nonce),
            release.Origin(ORIGIN.hex(), 1, "44" * 32),
            1,
            release.KEM,
            told.leaves,
            release.GateRef(release.digest(self.gate), len(self.seller.log.entries)),
            {"hand_over": self.customers - len(withheld), "withhold": len(withheld)},
            self.seller.log.log_head(),
            stamp(self.tick()),
            "2026-06-01T00:00:00.000000Z",
        )
        draft = replace(draft, **(change or {}))
        folder = release.folder_name(number)
        with self.target(f"{folder}/{release.PAGES}") as target:
            told = [self.subject(owner) for owner in silent]
            made = seal(draft, self.pages(withheld), target, self.key.public, share=share, silent=told)
        if made.silent:
            self.put(f"{folder}/{release.SILENT}", made.silent)
        self.put(f"{folder}/{release.MANIFEST}", made.data)
        self.put(f"{folder}/{release.ENC}", made.enc)
        says = statements.ReleasedStatement(
            deal=draft.deal,
            n=number,
            kind=kind,
            manifest=release.digest(made.data),
            package=draft.package.id,
            seller=draft.seller,
            buyer=draft.buyer,
            closing=made.manifest.closing,
        )
        named = statements.release_subjects(made.data, made.enc, made.pages_sha256)
        self.put(f"{folder}/{release.ENVELOPE}", self.sign(self.seller, says, named))
        self.put(f"{folder}/{release.PROOF}", self.seller.log.proof(len(self.seller.log.entries) - 1))
        self.previous = release.digest(made.data)
        self.releases.append(made)
        return made

    def expected(self) -> accept.Expected:
        return accept.Expected(
            DEAL,
            self.seller.signer.identity,
            self.buyer.id,
            self.key,
            release.digest(self.invite),
            self.nonce,
            self.package.id,
            self.package.contents.leaves,
        )

    def accepted(
        self, n: int = 1, *, share: bytes | None = None, expected: accept.Expected | None = None
    ) -> accept.Accepted:
        folder = self.root / release.folder_name(n)
        data, envelope, enc = ((folder / one).read_bytes() for one in (release.MANIFEST, release.ENVELOPE, release.ENC))
        lies = folder / release.SILENT
        return accept.accept(
            data, envelope, enc, folder / release.PAGES, expected or self.expected(), share=share,
            silent=lies.read_bytes() if lies.exists() else None,
        )  # fmt: skip

    def delivered(self, accepted: accept.Accepted) -> accept.Delivered:
        rows = table.leaves(self.root / self.package_at / table.LEAVES)
        return accept.delivered(rows, accepted.slots, self.package.contents)

    def receive(self, name: str = "received.dsse.json") -> bytes:
        got = self.delivered(self.accepted())
        tables = tuple(statements.TableReceived(one.name, one.rows, one.digest, 0) for one in got.tables)
        manifest = release.digest(self.releases[0].data)
        says = statements.Received(
            deal=DEAL,
            n=1,
            release=manifest,
            package=self.package.id,
            opened=got.opened,
            zero=got.zero,
            mismatched=got.mismatched,
            tables=tables,
        )
        made = self.sign(self.buyer, says, [subject(release.MANIFEST, manifest)])
        self.put(name, made)
        self.receipts.append(made)
        return made

    def destroy(self, erasures: Erasures | None = None) -> bytes:
        vault = release.digest(ORIGIN)
        says = statements.Destroyed(
            deal=DEAL,
            heading="partial",
            proven=statements.Proven(
                vault=vault,
                generations=(statements.Generation(1, stamp(self.now), "root-1"),),
                shredded=2 * self.customers,
                ledger=self.seller.log.log_head(),
                receipts=tuple(release.digest(one) for one in self.receipts),
                places=("vault", "backup"),
                erasures=erasures,
            ),
            attested=(statements.Attested(name="paper files", kind="paper", place="office", state="open", by="prn_x"),),
            scope=statements.Scope(("vault",), ("sources",)),
            stays=(statements.Stays("invoices", ("cn.accounting.1",), 1, "2036-01-01"),),
            provider=statements.Provider("passphrase-file", "file", "cryptographic-erase"),
            final_at=stamp(self.now),
        )
        made = self.sign(self.seller, says, [subject("vault", vault)])
        self.put("destroyed.dsse.json", made)
        return made

    def ledgers(self) -> None:
        self.seller.log.write(self.root / "ledgers" / "seller")
        self.buyer.log.write(self.root / "ledgers" / "buyer")

    # What they are made of.

    def sign(
        self,
        party: Party,
        says: statements.Predicate,
        subjects: Sequence[Mapping[str, canonical.Json]],
        *,
        rehearsal: bool = True,
    ) -> bytes:
        at = self.tick()
        payload = statement(
            f"{says.KIND}/v1",
            subjects,
            statements.predicate(says),
            signer_id=party.id,
            at=at,
            rehearsal=rehearsal,
            hosting="separate",
        )
        made = dsse.encode(dsse.sign(party.signer, payload))
        party.log.add(stamp(at), {"statement": says.KIND, "sha256": release.digest(made), "n": 1})
        return made

    def layout(self, owner: int) -> list[tuple[int, int, int]]:
        """(compartment, schema, record) of each record of one customer."""
        orders = [(1, 3, 10 + number) for number in range(1 + owner % 2)]
        return [(1, 1, 1), (2, 2, 2), *orders]

    def subject(self, owner: int) -> bytes:
        return bytes([owner]) * 16

    def sealed(self, owner: int, compartment: int, schema: int, record: int) -> bytes:
        key = key_commitment(self.deks[compartment, owner])[:16]
        head = header(1, compartment, schema, 1, subject=self.subject(owner), record=record, key=key)
        return head + secrets.token_bytes(12 + 64 + 16)

    def leaves(self, records: Sequence[tuple[int, tuple[int, int, int]]], hashes: bytes) -> Iterator[Leaf]:
        for compartment in (1, 2):
            for owner in range(self.customers):
                sums = tuple(
                    sorted(
                        RecordSum(one[2], 1, one[1], hashes[place * 32 : place * 32 + 32])
                        for place, (who, one) in enumerate(records)
                        if who == owner and one[0] == compartment
                    )
                )
                dek = self.deks[compartment, owner]
                c = verdict_commitment(dek, "hand_over", RULES)
                yield Leaf(compartment, 0, owner, self.subject(owner), key_commitment(dek), sums, c, ("contract",))

    def pages(self, withheld: Sequence[int]) -> Iterator[tuple[int, int, bytes]]:
        for compartment in (1, 2):
            keys = [
                bytes(32) if owner in withheld else self.deks[compartment, owner] for owner in range(self.customers)
            ]
            yield compartment, 0, b"".join(keys).ljust(SLOTS * 32, b"\0")

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def put(self, name: str, data: bytes) -> None:
        with self.target(name) as target:
            target.write(data)

    @contextmanager
    def target(self, name: str) -> Iterator[BinaryIO]:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            yield target


TABLES = (
    TableInfo("客户", "subject", "customer", (ColumnInfo("姓名", "person.name", "2", "general"),)),
    TableInfo("订单", "about", "customer", (ColumnInfo("金额", "record.amount", "1", "general"),)),
)
SCHEMAS = (
    SchemaInfo(1, "客户", 1, ("编号", "姓名"), home=True),
    SchemaInfo(2, "客户", 2, ("病史",), home=False),
    SchemaInfo(3, "订单", 1, ("编号", "金额"), home=True),
)
COMPARTMENTS = (
    CompartmentInfo(1, "general", ("contract",), "P3Y"),
    CompartmentInfo(2, "sensitive", ("service",), "P1Y"),
)
