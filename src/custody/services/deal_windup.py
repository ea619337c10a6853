"""Wind a company up: what law keeps stays with a keeper until its date, the rest is destroyed and certified (C1, C9)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

import numpy as np

from custody.acts import duties, job, lawbook, line, quarantined
from custody.acts.approval import content_hash, demand
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.doomed import counted, elsewhere, ending, last_root, parts, shred_all, still_there
from custody.acts.ending import certificate
from custody.acts.gates import require_open
from custody.acts.handing import DESTROYED, WOUND_UP
from custody.acts.kept_copies import in_hand, require_accounted, to_account
from custody.acts.marks import Marks
from custody.acts.matters import deal, facts_of, ledger_size, require_live
from custody.acts.rotate import rotate
from custody.acts.shred import held
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.unknown import require_known
from custody.acts.vaults import sha256
from custody.acts.verdicts import Crowd, Verdicts
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.base.statement import subject as named
from custody.law.pack import Packs
from custody.package.accounted import Customers, Erasures, Stays
from custody.package.ending import WoundUp
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

# What a company that ends is, whatever was asked about the hand-over before it.
_ENDS: Final[Mapping[str, Json]] = {
    "event.kind": "cessation",
    "seller.stops_service": True,
    "seller.loses_purpose": True,
}
_KEEPS: Final = "retain_only"

WINDERS: Final = ("owner", "privacy")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Whose slots go, who stays with what and why, and the root of the verdicts it follows from."""

    go: Marks
    kept: tuple[tuple[str, tuple[str, ...], int], ...]
    customers: int
    held: int
    root: str
    until: str | None
    keeping: tuple[str, ...]


@sole_writer("deal", "named_deal")
def deal_windup(
    desk: Desk, laws: Laws, named_deal: str, keeper: str, out: Files, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Two people. `keeper` has what stays from then on. Raises Refused `deal.not-ending`, `deal.unfinished`, `windup.unknown`, `destroy.copies`, `act.unapproved`."""
    desk.require(WINDERS)
    packs, on = lawbook.packs(laws), desk.today()
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        name, vault, key = str(matter["id"]), str(matter["vault"]), f"deal-windup:{matter['id']!s}"
        _require_ready(desk, tx, matter)
    if done := job.finished(desk, key):
        return _said_again(desk, name, done, out)
    begun = job.begun(desk, key)
    if begun is None or not _started(desk, vault, begun):
        with desk.store.read() as tx:
            verdicts = decide(tx, matter, packs, on, _ENDS)
            copies, asks = in_hand(tx, vault), to_account(tx, vault)
            require_open(tx, name, "destroy", {**facts_of(tx, name), **_ENDS}, packs, on, verdicts.regimes)
            _require_known(verdicts, packs)
            plan = _plan(desk, tx, matter, packs, verdicts)
        content = content_hash({"act": "deal-windup", "deal": name, "version": matter["version"], "root": plan.root, "slots": plan.go.digest(), "keeper": keeper, "copies": copies})  # fmt: skip
        if dry_run:
            return {"deal": str(matter["ref"]), "would": _would(plan, content, asks)}
        begun = _begun(desk, vault, (key, content), plan, begun)
    elif dry_run:
        return {"deal": str(matter["ref"]), "would": begun.get("would", {})}
    work = ending(vault, begun)
    quarantined.clear(desk, vault)
    doomed = Marks.unpacked(str(begun.get("go", "")))
    erasures = shred_all(desk, work, doomed)
    rotation = rotate(desk, vault, max(cast("int", begun["generation"]), last_root(desk, work)))
    with desk.store.write() as tx:
        customers = counted(tx, vault, doomed, cast("int", begun["customers"]))
        job.finish(tx, key, result := _say(desk, tx, matter, keeper, (begun, rotation, erasures, customers)))
    return {**_said_again(desk, name, result, out), "resumed": False}


def _would(plan: _Plan, content: str, asks: Sequence[str] = ()) -> dict[str, Json]:
    """What a second person approves; nothing while copies in one's own hands are not accounted for."""
    waits: dict[str, Json] = {"copies": list[Json](asks)} if asks else {"approve": ["deal-windup", content]}
    return {**waits, "slots": len(plan.go), "customers": plan.customers, "held": plan.held, "kept": _kept(plan), "keeping": list[Json](plan.keeping)}  # fmt: skip


def _started(desk: Desk, vault: str, begun: job.Result) -> bool:
    """Whether some of it went: what goes is settled from then on, whatever is decided by now."""
    with desk.store.read() as tx:
        # One that a release before this one began shredded in one transaction, or not at all.
        whole = "erased" in begun and tx.count("erasure", vault=vault) > cast("int", begun["erased"])
        return whole or parts(desk, tx, ending(vault, begun)).entries > 0


def _begun(desk: Desk, vault: str, work: tuple[str, str], plan: _Plan, begun: job.Result | None) -> job.Result:
    """Approved by a second person, and noted: what goes, and what the vault was before. Raises Refused `gate.stale` where others would go than were noted."""
    if begun is not None:
        if begun["slots"] != plan.go.digest():
            raise Refused("gate.stale", "Facts or answers changed since the gate decided.", next="custody gate DEAL")
        return begun
    with desk.store.write() as tx:
        require_accounted(tx, vault)
        demand(desk, tx, "deal-windup", work[1], deal=work[0].partition(":")[2])
        row = one(tx, "vault", id=vault)
        assert row is not None
        noted: dict[str, Json] = {
            "generation": row["generation"], "kept": _kept(plan), "customers": plan.customers, "root": plan.root, "slots": plan.go.digest(),
            "go": plan.go.packed(), "would": _would(plan, work[1]), "since": ledger_size(tx, desk.space), "elsewhere": elsewhere(desk, tx, vault),
        }  # fmt: skip
    return job.begin(desk, work[0], "deal-windup", noted)


def _require_ready(desk: Desk, tx: Transaction, matter: Row) -> None:
    """Only a company that ends is wound up, and after everything else on its line."""
    facts = facts_of(tx, str(matter["id"]))
    if not line.ends_seller(facts):
        raise Refused(
            "deal.not-ending", f"The company of {matter['ref']!s} does not end with it.", next="custody deal plan DEAL"
        )
    if tx.count("statement", matter=str(matter["id"]), kind="woundup"):
        return
    require_live(matter)
    require_known(desk, tx, str(matter["id"]))
    steps = line.line_of(tx, matter, facts).steps
    rows = line.stages(tx, desk, matter, steps)
    before = [str(row["stage"]) for row in rows[: [step.stage for step in steps].index("wound-up")] if not row["at"]]
    if before:
        raise Refused(
            "deal.unfinished", f"Not behind this deal yet: {', '.join(before)}.", next="custody deal plan DEAL"
        )


def _require_known(verdicts: Verdicts, packs: Packs) -> None:
    """Nothing is destroyed while it is not known whether law keeps it. Raises Refused `windup.unknown`."""
    missing: set[str] = set()
    for decision in verdicts.decisions:
        for reason in decision.reasons:
            rule = packs.rule(reason.rule)
            if rule is not None and rule.verdict == _KEEPS and reason.verdict != _KEEPS:
                missing.update(reason.missing)
    if missing:
        raise Refused(
            "windup.unknown",
            f"Whether law keeps some of it is not known: {', '.join(sorted(missing))}.",
            next="custody deal facts DEAL FACTS.json",
            where={"facts": len(missing)},
        )


def _plan(desk: Desk, tx: Transaction, matter: Row, packs: Packs, verdicts: Verdicts) -> _Plan:
    keeps = verdicts.chosen(verdicts.that({_KEEPS}))
    go, gone = _goes(desk, tx, str(matter["vault"]), verdicts, keeps)
    facts = {**facts_of(tx, str(matter["id"])), **_ENDS}
    told = duties.clocks(duties.outcome(tx, matter, facts, packs, desk.today()), packs, facts, desk.clock.now())
    keeping = [row for row in told if row["bound"] == "not_before"]
    dates = [str(row["due_at"]) for row in keeping if row["state"] == "keep"]
    until = max((datetime.fromisoformat(one).date().isoformat() for one in dates), default=None)
    rules = tuple(sorted({str(row["rule"]) for row in keeping}))
    kept = still_there(tx, str(matter["vault"]), go, held(tx, str(matter["vault"]), stamp(desk.clock.now())))
    return _Plan(go, _stays(verdicts, keeps), gone, kept, verdicts.root().removeprefix("sha256:"), until, rules)


def _goes(desk: Desk, tx: Transaction, vault: str, verdicts: Verdicts, keeps: Crowd) -> tuple[Marks, int]:
    """(the slots that go, of how many people): of customers what law does not keep, and every quarantined row that no hold keeps."""
    go, gone, inside = Marks(), verdicts.nobody(), _inside(verdicts)
    for spot in sorted(verdicts.groups.pages):
        slots, who, numbers = verdicts.numbered(*spot)
        mine = inside[who] & ~keeps[numbers]
        gone[who[mine]] = True
        for number in slots[mine].tolist():
            go.add((*spot, number))
    for place in quarantined.going(desk, tx, vault):
        go.add(place)
    return go, int(np.count_nonzero(gone))


def _inside(verdicts: Verdicts) -> Crowd:
    return verdicts.of_kind("customer") | verdicts.of_kind("joint")


def _stays(verdicts: Verdicts, keeps: Crowd) -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """(what, rules, people) of what stays: what law keeps, and people who are no customers and outside this deal."""
    people: dict[str, Crowd] = defaultdict(verdicts.nobody)
    rules: dict[str, set[str]] = defaultdict(set)
    inside, nobody = _inside(verdicts), verdicts.of_kind("reference") | verdicts.of_kind("quarantine")
    for spot in sorted(verdicts.groups.pages):
        _, who, numbers = verdicts.numbered(*spot)
        for what, mine in (
            ("retain-only", inside[who] & keeps[numbers]),
            ("out-of-scope", ~inside[who] & ~nobody[who]),
        ):
            if mine.any():
                people[what][who[mine]] = True
                rules[what].update(_rules(verdicts, np.unique(numbers[mine]).tolist(), only=what == "retain-only"))
    return tuple((what, tuple(sorted(rules[what])), int(np.count_nonzero(who))) for what, who in sorted(people.items()))


def _rules(verdicts: Verdicts, numbers: Sequence[int], *, only: bool) -> Iterator[str]:
    """What gave the reasons; with `only`, the reasons that keep."""
    for number in numbers:
        for reason in verdicts.decisions[number].reasons:
            if not only or reason.verdict == _KEEPS:
                yield reason.rule


def _kept(plan: _Plan) -> list[Json]:
    return [
        {"what": what, "why": list(why), "count": count, "until": plan.until if what == "retain-only" else None}
        for what, why, count in plan.kept
    ]


def _say(
    desk: Desk, tx: Transaction, matter: Row, keeper: str,
    done: tuple[Mapping[str, Json], Mapping[str, Json], Erasures, Customers],
) -> dict[str, Json]:  # fmt: skip
    """The certificate, then who keeps what stays; both signed, both entered. `done`: what was begun, the rotation, what was shredded, and of whom."""
    begun, rotation, erasures, customers = done
    name, ref = str(matter["id"]), str(matter["ref"])
    kept = tuple(_stay(row) for row in cast("list[dict[str, Json]]", begun["kept"]))
    receipts = tuple(str(row["sha256"]) for row in tx.find("statement", order=("n",), matter=name, kind="receipt"))
    says = certificate(desk, tx, ref, str(matter["vault"]), receipts, kept, rotation, erasures, customers)
    before = tx.count("statement", matter=name, kind="destroyed")
    subjects = [named("vault", says.proven.vault), *(named("receipt", one) for one in receipts)]
    certified = issue(desk, tx, name, subjects, says, n=before + 1)
    told = WoundUp(
        deal=ref,
        keeper=keeper,
        root=str(begun["root"]),
        certificate=sha256(certified),
        customers=customers.shredded,
        kept=kept,
    )
    envelope = issue(desk, tx, name, [named("woundup", sha256(name.encode()))], told)
    tx.change("matter", {"state": "delivered"}, id=name)
    return {
        "id": str(begun["id"]), "deal": ref, "subjects": told.customers, "held": customers.held, "rows": says.proven.shredded, "bytes": 0, "sha256": sha256(envelope),
        "certificate": sha256(certified), "heading": says.heading, "keeper": keeper, "kept": begun["kept"], "finished_at": stamp(desk.clock.now()),
    }  # fmt: skip


def _stay(row: Mapping[str, Json]) -> Stays:
    why = tuple(map(str, cast("list[Json]", row["why"])))
    return Stays(str(row["what"]), why, cast("int", row["count"]), cast("str | None", row["until"]))


def _said_again(desk: Desk, name: str, done: job.Result, out: Files) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        for kind, file in (("destroyed", DESTROYED), ("woundup", WOUND_UP)):
            out.write(file, cast("bytes", tx.find("statement", order=("n",), matter=name, kind=kind)[-1]["envelope"]))
    return done
