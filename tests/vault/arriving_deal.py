"""A hand-over of any size to the home of a `World`, written as a seller writes it, without a seller's home: for tests of what arrives.

Every key and id follows from the customer's number, so nothing is held while it is written. Records lie in no order of customers.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from custody import wiring
from custody.acts.reading import Reader
from custody.base import canonical, dsse, ids
from custody.base.clock import stamp
from custody.base.signing import Signer
from custody.base.statement import statement, subject
from custody.model.party import PartyCard
from custody.package import release, statements
from custody.package.contents import ColumnInfo, CompartmentInfo, Contents, SchemaInfo, TableInfo
from custody.package.leaf import Leaf, RecordSum, key_commitment, verdict_commitment
from custody.package.release import Manifest
from custody.package.release_seal import seal
from custody.package.writer import PackageWriter
from custody.services.invite import invite
from custody.services.receive import receive
from custody.vault import record as records
from custody.vault.payload import pack
from custody.vault.suite import AES
from tests.vault.histories.world import World

DEAL, NAME = "D-1", "received"
ORIGIN, DIGEST = bytes(range(16)), "sha256:" + "22" * 32
SLOTS, STEP = 1024, 700_001
TABLES = (TableInfo("t", "subject", "customer", (ColumnInfo("m", "person.name", "2", "general"),
                                                      ColumnInfo("n", "health.record", "3", "sensitive"))),)  # fmt: skip
SCHEMAS = (SchemaInfo(1, "t", 1, ("m",), home=True), SchemaInfo(2, "t", 2, ("n",), home=False))
COMPARTMENTS = (CompartmentInfo(1, "general", ("contract",), "P3Y"), CompartmentInfo(2, "sensitive", ("service",), "P1Y"))  # fmt: skip
Slot = tuple[int, int]
"""A compartment, and the number of a customer."""


def who(number: int) -> bytes:
    """The id of a customer."""
    return hashlib.sha256(b"who %d" % number).digest()[:16]


def dek(number: int, compartment: int) -> bytes:
    """Their key."""
    return hashlib.sha256(b"dek %d %d" % (number, compartment)).digest()


@dataclass
class Arriving:
    """What lies between the companies; `count` customers with a record in each of two compartments.

    `lost` are left out of the segment although leaves name them, `named` says as whom a leaf names somebody; `before` happens at the buyer before it invites.
    """

    root: Path
    count: int
    lost: frozenset[Slot] = frozenset()
    named: Mapping[Slot, int] = field(default_factory=dict)
    rehearsal: bool = True
    previous: str | None = None
    before: Callable[[World], object] = bool
    lasting: bool = True
    """Whether the roots outlive the process, in files under a passphrase."""
    signer: Signer = field(default_factory=Signer.generate)

    def __post_init__(self) -> None:
        """The buyer's home, the seller's keys, the invitation."""
        self.world = World(self.root / "world", lasting=self.lasting)
        self.world.desk = replace(self.world.desk, rehearsal=self.rehearsal)
        self.files = wiring.folder(self.root / "handover")
        card = PartyCard(ids.new("pty"), "卖方", "Seller", "", "CN", self.signer.identity, "separate")
        with self.world.desk.store.write() as tx:
            tx.add("party", [{"id": card.id, "own": "", "card": canonical.encode(card.to_json()), "identity": self.signer.identity.id,
                              "confirmed_at": stamp(self.world.clock.now())}])  # fmt: skip
        self.before(self.world)
        self.seller = card.id
        invite(self.world.desk, card.id, DEAL, self.files)
        self.invite = self.files.read("invite.dsse.json")

    def ship(self) -> "Arriving":
        """The package."""
        buyer = self.world.desk.card.identity.id
        told = Contents(1, "pkg_01JPACKAGE0000000000000000", DEAL, self.signer.identity.id, buyer, ORIGIN.hex(), 1, DIGEST, DIGEST,
                        stamp(self.world.clock.now()), self.rehearsal, "cleared", TABLES, SCHEMAS, COMPARTMENTS)  # fmt: skip
        writer, hashes = PackageWriter(lambda name: self.files.writer(f"package/{name}"), told), bytearray()
        order = [n * STEP % self.count for n in range(self.count)]
        inside = [(compartment, n) for n in order for compartment in (1, 2) if (compartment, n) not in self.lost]
        writer.segment("0001", bytes(16), (self._sealed(n, c) for c, n in inside), hashes.extend)
        where = {slot: at for at, slot in enumerate(inside)} if self.lost else {}
        self._at: Callable[[Slot], int] = where.get if self.lost else self._place
        writer.leaves(self._leaves(bytes(hashes)))
        for name in ("datamap", "gate", "invite"):
            writer.file(f"statements/{name}.json", b"{}")
        self.package = writer.close()
        made = self.package.contents
        says = statements.Shipped(deal=DEAL, package=self.package.id, seller=self.signer.identity.id, buyer=buyer, gate=made.gate,
                                  invite=release.digest(self.invite), leaves=made.leaves, records=made.records,
                                  bytes=self.package.bytes, files=self.package.files)  # fmt: skip
        self.files.write("package/shipped.dsse.json", self._sign(says, [subject("package", self.package.id)]))
        return self

    def release(
        self, n: int, chosen: Callable[[int], bool], kind: str = "full", parts: Sequence[int] = (1, 2)
    ) -> "Arriving":
        """The keys of the chosen customers, of these parts."""
        draft, key = self._draft(n, kind)
        at = release.folder_name(n)
        with self.files.writer(f"{at}/pages.bin") as target:
            made = seal(draft, self._pages(chosen, parts), target, key)
        self.files.write(f"{at}/enc", made.enc)
        return self._released(draft, made.data, made.enc, made.pages_sha256)

    def call_back(self, n: int, slots: Sequence[Slot]) -> "Arriving":
        """The order to shred these."""
        named = tuple(release.RecallEntry(compartment, who // SLOTS, who % SLOTS, AES.key_id(dek(who, compartment)).hex())
                      for compartment, who in sorted(slots))  # fmt: skip
        draft = replace(self._draft(n, "recall")[0], recall=named)
        return self._released(draft, release.encode(draft), b"", "")

    def _draft(self, n: int, kind: str) -> tuple[Manifest, bytes]:
        """A release without keys as yet, and the key that they are to be sealed to."""
        invited = canonical.decode(canonical.unb64(canonical.decode(self.invite)["payload"]))["predicate"]
        told, buyer = self.package.contents, self.world.desk.card.identity.id
        draft = release.Manifest(
            release.FORMAT, DEAL, n, self.previous, kind, release.PackageRef(self.package.id), self.signer.identity.id, buyer,
            release.Recipient(invited["key_id"], release.digest(self.invite), invited["nonce"]), release.Origin(ORIGIN.hex(), 1, "44" * 32), 1,
            release.KEM, told.leaves, release.GateRef(DIGEST, 1), {}, release.LogHead("custody.example/ledger/s", 1, "55" * 32),
            stamp(self.world.clock.now()), "2027-06-01T00:00:00.000000Z",
        )  # fmt: skip
        return draft, canonical.unb64(invited["key"])

    def _released(self, draft: Manifest, data: bytes, enc: bytes, pages: str) -> "Arriving":
        """The manifest and its statement."""
        at = release.folder_name(draft.n)
        self.files.write(f"{at}/manifest.json", data)
        self.previous = release.digest(data)
        says = statements.ReleasedStatement(deal=DEAL, n=draft.n, kind=draft.kind, manifest=self.previous, package=self.package.id,
                                            seller=draft.seller, buyer=draft.buyer, closing=None)  # fmt: skip
        named = statements.release_subjects(data, enc, pages)
        self.files.write(f"{at}/released.dsse.json", self._sign(says, named))
        return self

    def invite_anew(self) -> "Arriving":
        """After a re-seal, and to it goes what is released from here on."""
        invite(self.world.desk, self.seller, DEAL, self.files, anew=True)
        self.invite = self.files.read("invite.dsse.json")
        return self

    def receive(self) -> Mapping[str, object]:
        """The buyer takes in what lies there next."""
        return receive(self.world.desk, DEAL, self.files, NAME)

    def held(self) -> dict[str, int]:
        """How many rows of what has arrived the buyer's store has."""
        with self.world.desk.store.read() as tx:
            (matter,) = tx.find("matter", ref=DEAL)
            tables = ("subject", "record", "segment", "page")
            return {table: tx.count(table, vault=str(matter["vault"])) for table in tables}

    def _place(self, slot: Slot) -> int:
        """Which record of the segment is of this slot: `STEP` has an inverse modulo the count."""
        return 2 * (slot[1] * pow(STEP, -1, self.count) % self.count) + slot[0] - 1

    def _sealed(self, n: int, compartment: int) -> bytes:
        key = dek(n, compartment)
        head = records.new_header(compartment, compartment, who(n), compartment, AES.key_id(key))
        (made,) = records.seal(ORIGIN, [(head, key, pack(n, ["x" * 200]))], count=1)
        return made

    def _leaves(self, hashes: bytes) -> Iterator[Leaf]:
        for compartment in (1, 2):
            for n in range(self.count):
                key, at = dek(n, compartment), self._at((compartment, n))
                sha256 = bytes(32) if at is None else hashes[32 * at : 32 * at + 32]
                yield Leaf(compartment, n // SLOTS, n % SLOTS, who(self.named.get((compartment, n), n)), key_commitment(key),
                           (RecordSum(compartment, 1, compartment, sha256),), verdict_commitment(key, "hand_over", DIGEST), ("contract",))  # fmt: skip

    def _pages(self, chosen: Callable[[int], bool], parts: Sequence[int]) -> Iterator[tuple[int, int, bytes]]:
        for compartment in parts:
            for page in range(-(-self.count // SLOTS)):
                inside = range(page * SLOTS, min(self.count, (page + 1) * SLOTS))
                keys = b"".join(dek(n, compartment) if chosen(n) else bytes(32) for n in inside)
                yield compartment, page, keys.ljust(SLOTS * 32, b"\0")

    def _sign(self, says: statements.Predicate, subjects: Sequence[Mapping[str, canonical.Json]]) -> bytes:
        payload = statement(f"{says.KIND}/v1", subjects, statements.predicate(says), signer_id=self.signer.identity.id,
                            at=self.world.clock.now(), rehearsal=self.rehearsal, hosting="separate")  # fmt: skip
        return dsse.encode(dsse.sign(self.signer, payload))


def readable(arrived: Arriving, count: int) -> dict[bytes, int]:
    """How many records of each customer open; each that there is must."""
    with arrived.world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=NAME)
        found = {who(n): tx.find("record", vault=row["id"], subject=who(n)) for n in range(count)}
        with Reader(arrived.world.desk, tx, str(row["id"])) as reader:
            return {one: sum(1 for each in rows if reader.open(each)) for one, rows in found.items()}


def receiving(folder: Path, size: int) -> Callable[[], object]:
    """The first release of `size` customers into a new vault."""
    made = Arriving(folder, size).ship().release(1, lambda _: True)
    return lambda: made.receive()["subjects"]


def receiving_more(folder: Path, size: int) -> Callable[[], object]:
    """A later release of nearly all of them into the same vault."""
    made = Arriving(folder, size).ship().release(1, lambda n: n % 50 == 0)
    made.receive()
    made.release(2, lambda n: n % 50 > 0, "delta")
    return lambda: made.receive()["subjects"]


def vault(deal: Arriving) -> str:
    """The buyer's."""
    with deal.world.desk.store.read() as tx:
        return str(tx.find("vault", name=NAME)[0]["id"])


def parts(deal: Arriving, n: int) -> list[int]:
    """Of which parts of a customer the buyer has records."""
    with deal.world.desk.store.read() as tx:
        return sorted(row["compartment"] for row in tx.find("record", vault=vault(deal), subject=who(n)))
