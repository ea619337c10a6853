"""Release: at closing, the keys of those cleared now, and of nobody else, sealed to the buyer (C6, D3).

Later objections win: everybody is decided again at this moment, and a slot is live only when the gate cleared it, the
package holds it and nothing that came since says otherwise. No key is written before the transaction that releases it holds
the store; whatever was answered until then is looked at there, and can only make the release smaller than was approved.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast

from custody.acts import job, lawbook, let_go
from custody.acts.approval import content_hash, demand
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.evidence import entry_kind
from custody.acts.gates import require_open
from custody.acts.handing import INVITE, LEAVES, counterparty, invitation, own, statement_row
from custody.acts.matters import deal, facts_of, ledger_size, require_hand_over
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.vaults import Keyring, open_keyring, sha256, slots_of
from custody.base import ids, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.law.pack import Packs
from custody.model.party import PartyCard
from custody.package import leaf
from custody.package.leaf import Leaf
from custody.package.release import (
    FORMAT,
    KEM,
    GateRef,
    LogHead,
    Manifest,
    Origin,
    PackageRef,
    Recipient,
    digest,
    folder_name,
)
from custody.package.release_seal import Released, seal
from custody.package.statements import Gate as GateSaid
from custody.package.statements import Invite, ReleasedStatement, Shipped, release_subjects
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction
from custody.vault.page import PAGE_BYTES, put, slot

TERM: Final = timedelta(days=90)
FOLDER: Final = folder_name(1)
_DECIDES_NOTHING: Final = frozenset(
    ("links-made", "links-revoked", "looked-up", "portal-proof", "request-received", "revealed", "reveal-refused")
)
"""Entries of acts after which everybody's verdict is what it was; any other act has everybody decided again."""


@dataclass(frozen=True, slots=True)
class _Plan:
    matter: Row
    shipped: Shipped
    live: tuple[Leaf, ...]
    leaves: tuple[Leaf, ...]
    counts: Mapping[str, int]
    planned: Mapping[str, Json]
    as_of: int


@sole_writer("deal", "named_deal")
def release(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Write release 1 into `out`. Raises Refused `release.*`, `gate.*`, `act.unapproved`."""
    desk.require(("owner", "privacy"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
    key = f"release:{matter['id']!s}:{matter['version']!s}:1"
    if done := job.finished(desk, key):
        with desk.store.read() as tx:
            out.write(f"{FOLDER}/released.dsse.json", own(desk, tx, str(matter["id"]), ReleasedStatement)[1])
        return done
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal, out)
        buyer = counterparty(tx, str(matter["counterparty"]))
        invite = out.read(INVITE)
        invited = invitation(invite, buyer, desk.card, str(matter["ref"]), rehearsal=desk.rehearsal)
        content = content_hash({**plan.planned, "invite": sha256(invite)})
        if dry_run:
            would: dict[str, Json] = {"approve": ["release", content], "slots": len(plan.live)}
            return {"deal": str(matter["ref"]), "subjects": plan.counts["hand_over"], "would": would}
        demand(desk, tx, "release", content)
    begun = job.begin(desk, key, "release", {"release": ids.new("rel")})
    with desk.store.write() as tx:
        plan = _as_of_now(desk, tx, packs, plan, out)
        made = _write(desk, tx, plan, buyer, invited, sha256(invite), out)
        says = ReleasedStatement(
            deal=str(matter["ref"]), n=1, kind="full", manifest=digest(made.data), package=plan.shipped.package,
            seller=desk.signer.identity.id, buyer=buyer.identity.id,
        )  # fmt: skip
        subjects = release_subjects(made.data, made.enc, made.pages_sha256)
        let_go.note(tx, plan.matter, 1, plan.live)
        out.write(f"{FOLDER}/released.dsse.json", issue(desk, tx, str(matter["id"]), subjects, says))
        result: dict[str, Json] = {
            "id": str(begun["release"]), "deal": str(matter["ref"]), "n": 1, "subjects": plan.counts["hand_over"], "slots": len(plan.live),
            "rows": sum(len(one.records) for one in plan.live), "bytes": out.path(f"{FOLDER}/pages.bin").stat().st_size,
            "sha256": digest(made.data), "by_verdict": dict(plan.counts),
            "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), 'released')['position']!s}",
        }  # fmt: skip
        return job.finish(tx, key, result)


def _plan(desk: Desk, tx: Transaction, packs: Packs, named_deal: str, out: Files) -> _Plan:
    matter = deal(tx, desk.space, named_deal)
    name = str(matter["id"])
    require_hand_over(matter, facts_of(tx, name))
    shipped, _ = own(desk, tx, name, Shipped)
    if shipped.gate != sha256(own(desk, tx, name, GateSaid)[1]):
        raise Refused("release.gate-moved", "A newer gate decided after shipping.", next="Ship again in a new version.")
    leaves = tuple(leaf.decode(line) for line in out.read(LEAVES).splitlines())
    if merkle.root([merkle.leaf_hash(one.encode()) for one in leaves]).hex() != shipped.leaves.root:
        raise Refused("release.package-changed", "The package is not the one that was shipped.", next="custody verify")
    now = decide(tx, matter, packs, desk.clock.now().date())
    require_open(tx, name, "release", facts_of(tx, name), packs, desk.clock.now().date(), now.regimes)
    live = tuple(one for one in leaves if now.verdict(one.subject, one.compartment) == "hand_over")
    counts = now.by_verdict()
    people = {one.subject for one in live if now.kinds[one.subject] == "customer"}
    if len(people) != counts["hand_over"]:
        raise Refused("release.not-shipped", "Some cleared customers are not in the package.", next="custody gate DEAL")
    planned: dict[str, Json] = {
        "act": "release", "deal": name, "version": matter["version"], "root": now.root(), "slots": len(live)
    }  # fmt: skip
    return _Plan(matter, shipped, live, leaves, counts, planned, ledger_size(tx, desk.space))


def _as_of_now(desk: Desk, tx: Transaction, packs: Packs, plan: _Plan, out: Files) -> _Plan:
    """The plan as of everything acknowledged until now. Raises Refused `release.moved` when somebody more would be released."""
    since = range(plan.as_of, ledger_size(tx, desk.space))
    if all(entry_kind(tx, desk.space, number) in _DECIDES_NOTHING for number in since):
        return plan
    again = _plan(desk, tx, packs, str(plan.matter["id"]), out)
    if not {one.place for one in again.live} <= {one.place for one in plan.live}:
        raise Refused(
            "release.moved", "More could be released now than was approved.", next="custody release DEAL --dry-run"
        )
    return again


def _write(
    desk: Desk, tx: Transaction, plan: _Plan, buyer: PartyCard, invited: Invite, invite_hash: str, out: Files
) -> Released:
    ring = open_keyring(desk, tx, str(plan.matter["vault"]))
    hashes = [cast("bytes", row["hash"]) for row in tx.scan("ledger_entry", order=("position",), space=desk.space)]
    now = desk.clock.now()
    draft = Manifest(
        format=FORMAT, deal=str(plan.matter["ref"]), n=1, previous=None, kind="full", package=PackageRef(plan.shipped.package),
        seller=desk.signer.identity.id, buyer=buyer.identity.id, recipient=Recipient(invited.key_id, invite_hash, invited.nonce),
        origin=Origin(ring.origin.hex(), ring.generation, ring.head.root.hex()), suite=1, kem=KEM, leaves=plan.shipped.leaves,
        gate=GateRef(plan.shipped.gate, ledger_size(tx, desk.space)), counts=dict(plan.counts),
        checkpoint=LogHead(f"custody.example/ledger/{desk.space}", len(hashes), merkle.root(hashes).hex()),
        issued_at=stamp(now), expires_at=stamp(now + TERM),
    )  # fmt: skip
    with out.writer(f"{FOLDER}/pages.bin") as target:
        made = seal(draft, _pages(tx, ring, plan), target, invited.public)
    out.write(f"{FOLDER}/manifest.json", made.data)
    out.write(f"{FOLDER}/enc", made.enc)
    return made


def _pages(tx: Transaction, ring: Keyring, plan: _Plan) -> Iterator[tuple[int, int, bytes]]:
    """Every page that holds a shipped slot: live slots as they are, all others zero."""
    live = {one.place for one in plan.live}
    by_page: dict[tuple[int, int], list[int]] = defaultdict(list)
    for one in plan.leaves:
        by_page[one.compartment, one.page] += [one.slot] if one.place in live else []
    for (compartment, page), numbers in sorted(by_page.items()):
        held, given = slots_of(tx, ring, compartment, page), bytearray(PAGE_BYTES)
        for number in numbers:
            put(given, number, slot(held, number))
        yield compartment, page, bytes(given)
