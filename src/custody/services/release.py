"""Release: at closing, the keys of those cleared now, and of nobody else, sealed to the buyer (C6, D3).

Later objections win: everybody is decided again at this moment, and a slot is live only when the gate cleared it, the
package holds it and nothing that came since says otherwise.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from custody.acts import job
from custody.acts.approval import content_hash, demand
from custody.acts.deciding import by_verdict, decide
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import (
    INVITE,
    SHIPPED,
    Invitation,
    counterparty,
    invitation,
    predicate,
    read_leaves,
    statement_row,
)
from custody.acts.matters import deal, facts_of, require_hand_over
from custody.acts.statements import issue
from custody.acts.vaults import open_keyring, sha256, slots_of
from custody.base import ids
from custody.base.canonical import Json, b64
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.base.statement import subject as named
from custody.law.pack import Packs, load
from custody.model.party import PartyCard
from custody.package.leaf import Leaf
from custody.package.release import FORMAT, KEM, ReleasePage, manifest, page_list, pages_file
from custody.package.release_seal import SECRET_BYTES, Binding, release_key, seal_page, seal_secret
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction
from custody.vault.page import PAGE_BYTES, put, slot


@dataclass(frozen=True, slots=True)
class _Plan:
    matter: Row
    live: tuple[Leaf, ...]
    leaves: tuple[Leaf, ...]
    counts: Mapping[str, int]
    content: str


def release(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Write release 1 into `out`. Raises Refused `release.*`, `gate.*`, `act.unapproved`."""
    desk.require(("owner", "privacy"))
    packs = load(laws.rules(), laws.facts(), laws.version())
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        key = f"release:{matter['id']}:{matter['version']}:1"
    if (done := job.finished(desk, key)) and not dry_run:
        return done
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal, out)
        buyer = counterparty(tx, str(plan.matter["counterparty"]))
        invited = invitation(out.read(INVITE), buyer, desk.card)
        customers = plan.counts["hand_over"]
        if dry_run:
            would: dict[str, Json] = {"approve": ["release", plan.content], "slots": len(plan.live)}
            return {"deal": str(plan.matter["ref"]), "subjects": customers, "would": would}
        demand(desk, tx, "release", plan.content)
        job.begin(desk, key, "release", {"release": ids.new("rel")})
        files = _write(desk, tx, plan, buyer, invited, out)
    with desk.store.write() as tx:
        told: dict[str, Json] = {"deal": str(plan.matter["ref"]), "n": 1, "manifest": files["manifest"], "seal": files["seal"],
                                 "pages": files["pages"], "package": str(_shipped(tx, plan.matter, desk)["package"]),
                                 "counts": dict(plan.counts), "slots": len(plan.live)}  # fmt: skip
        subjects = [named(name, files[name]) for name in ("manifest", "seal", "pages")]
        envelope = issue(desk, tx, str(plan.matter["id"]), "released", subjects, told)
        out.write("release-0001/released.dsse.json", envelope)
        append(
            tx,
            desk.space,
            stamp(desk.clock.now()),
            "released",
            {"n": 1, "manifest": files["manifest"], "slots": len(plan.live)},
        )
        position = statement_row(tx, str(plan.matter["id"]), "released")["position"]
        size = out.path("release-0001/pages.bin").stat().st_size
        result: dict[str, Json] = {
            "id": str(plan.matter["id"]), "deal": str(plan.matter["ref"]), "n": 1, "subjects": customers, "slots": len(plan.live),
            "rows": sum(len(one.records) for one in plan.live), "bytes": size, "sha256": files["manifest"],
            "ledger": f"{desk.space}@{position}", "by_verdict": dict(plan.counts),
        }  # fmt: skip
        return job.finish(tx, key, result)


def _plan(desk: Desk, tx: Transaction, packs: Packs, named_deal: str, out: Files) -> _Plan:
    matter = deal(tx, desk.space, named_deal)
    require_hand_over(matter, facts_of(tx, str(matter["id"])))
    shipped = _shipped(tx, matter, desk)
    gate = predicate(statement_row(tx, str(matter["id"]), "gate"), desk)
    if shipped["gate"] != gate["root"]:
        raise Refused("release.gate-moved", "A newer gate decided after shipping.", next="custody ship DEAL again")
    leaves = tuple(read_leaves(out))
    now = decide(tx, matter, packs, desk.clock.now().date())
    live = tuple(one for one in leaves if now.verdict(bytes.fromhex(one.subject), one.compartment) == "hand_over")
    people = {one.subject for one in live}
    counts = by_verdict(now)
    cleared = sum(1 for one in people if now.kinds[bytes.fromhex(one)] == "customer")
    if cleared != counts["hand_over"]:
        raise Refused("release.not-shipped", "Some cleared customers are not in the package.", next="custody gate DEAL")
    content = content_hash({"act": "release", "deal": str(matter["id"]), "root": now.root(), "slots": len(live)})
    return _Plan(matter, live, leaves, counts, content)


def _write(
    desk: Desk, tx: Transaction, plan: _Plan, buyer: PartyCard, invited: Invitation, out: Files
) -> dict[str, str]:
    ring = open_keyring(desk, tx, str(plan.matter["vault"]))
    bound = Binding(1, ring.origin, str(plan.matter["ref"]), 1)
    secret = secrets.token_bytes(SECRET_BYTES)
    key = release_key(secret, b"", bound)
    pages = []
    for (compartment, page), live in _by_page(plan).items():
        held = slots_of(tx, ring, compartment, page)
        given = bytearray(PAGE_BYTES)
        for one in live:
            put(given, one.slot, slot(held, one.slot))
        pages.append(ReleasePage(compartment, page, seal_page(key, bound, compartment, page, bytes(given)), len(live)))
    shipped = _shipped(tx, plan.matter, desk)
    head = tx.find("ledger_head", space=desk.space)[0]
    data = manifest({
        "format": FORMAT, "deal": bound.deal, "n": 1, "previous": None, "kind": "full",
        "package": {"id": str(shipped["package"]), "shipped": sha256(out.read(SHIPPED))},
        "seller": desk.signer.identity.id, "buyer": buyer.identity.id,
        "recipient": {"key_id": invited.key_id, "invite": invited.sha256, "nonce": invited.nonce},
        "origin": {"vault": ring.vault, "g": ring.generation, "head": ring.head.root.hex()}, "suite": 1, "kem": KEM,
        "pages": page_list(pages), "leaves": shipped["leaves"], "gate": {"root": str(shipped["gate"]), "as_of": _size(head)},
        "counts": dict(plan.counts), "checkpoint": {"space": desk.space, "size": _size(head)}, "closing": None,
        "issued_at": stamp(desk.clock.now()),
    })  # fmt: skip
    seal = seal_secret(secret, invited.public, data)
    packed = pages_file(pages)
    for name, content in (("manifest.json", data), ("seal.bin", seal), ("pages.bin", packed)):
        out.write(f"release-0001/{name}", content)
    return {"manifest": sha256(data), "seal": sha256(seal), "pages": sha256(packed), "nonce": b64(b"")}


def _by_page(plan: _Plan) -> dict[tuple[int, int], Sequence[Leaf]]:
    pages: dict[tuple[int, int], list[Leaf]] = defaultdict(list)
    live = {one.place for one in plan.live}
    for one in plan.leaves:
        pages[one.compartment, one.page] += [one] if one.place in live else []
    return dict(sorted(pages.items()))


def _shipped(tx: Transaction, matter: Row, desk: Desk) -> Mapping[str, Json]:
    return predicate(statement_row(tx, str(matter["id"]), "shipped"), desk)


def _size(head: Row) -> int:
    return cast("int", head["size"])
