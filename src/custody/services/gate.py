"""Decide everybody: verdict per subject and compartment, totals that add up, one signed root (C3)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from custody.acts import lawbook, overrides, twins
from custody.acts.again import decide_again
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.gated import Gated
from custody.acts.matters import datamap_of, deal, facts_of, ledger_size, require_live
from custody.acts.statements import issue
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.law.gate import Gate
from custody.law.pack import Packs
from custody.package.statements import Gate as GateSaid
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction

STAGES = ("ship", "release", "destroy")
GATERS: Final = ("owner", "privacy", "lawyer", "advisor")


def gate(desk: Desk, laws: Laws, named_deal: str) -> Mapping[str, Json]:
    """Decide as of now. Each run is a gate of its own number; the newest is what `ship` and `release` look at.

    Raises Denied `act.role`, Refused `deal.ended`.
    """
    desk.require(GATERS)
    packs = lawbook.packs(laws)
    on = desk.today()
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_live(matter)
    twins.seek_heard(desk, matter)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        require_live(matter)
        verdicts, again = decide_again(tx, matter, packs, on)
        number = next_number(tx, f"gate:{matter['id']!s}")
        _keep(tx, matter, number, verdicts)
        root = verdicts.root()
        counts = verdicts.by_verdict()
        result = _result(tx, matter, packs, on, verdicts)
        says = GateSaid(
            deal=str(matter["ref"]),
            version=int(matter["version"] or 1),
            on_date=on.isoformat(),
            datamap=datamap_of(tx, matter),
            rules=packs.version,
            root=root.removeprefix("sha256:"),
            count=verdicts.count,
            total=sum(counts.values()),
            by_verdict=counts,
            as_of=ledger_size(tx, desk.space),
            vectors=len(verdicts.decisions),
            overridden=_overridden(verdicts),
        )
        issue(desk, tx, str(matter["id"]), [named("gate", root)], says, n=number)
        _remember(desk, tx, matter, number, {**result, "again": again, "regimes": list[Json](verdicts.regimes)})
    return {**result, "gate": number, "root": root, "again": again}


def _overridden(verdicts: Gated) -> tuple[str, ...] | None:
    """The rules that people set aside, as the statement names them; nothing where none was."""
    return tuple(sorted({rule for one in verdicts.decisions for rule in one.overridden})) or None


def _remember(desk: Desk, tx: Transaction, matter: Row, number: int, result: Mapping[str, Json]) -> None:
    """Keep what it said: whoever looks at the deal later need not decide everybody again."""
    row: Cells = {"key": f"gate:{matter['id']!s}:{number}", "id": ids.new("job"), "kind": "gate", "state": "done"}
    tx.add("job", [{**row, "started_at": stamp(desk.clock.now()), "result": canonical.encode(dict(result))}])


def _keep(tx: Transaction, matter: Row, number: int, verdicts: Gated) -> None:
    members = verdicts.members
    base: Cells = {"matter": str(matter["id"]), "gate": number}
    tx.add("vector", [
        {**base, "number": place, "facts": canonical.encode(told), "verdict": one.verdict, "members": members[place],
         "reasons": canonical.encode([[reason.rule, reason.verdict, list(reason.missing)] for reason in one.reasons])}
        for place, (one, told) in enumerate(zip(verdicts.decisions, verdicts.cases, strict=True))
    ])  # fmt: skip
    tx.add("verdict_page", (
        {**base, "compartment": compartment, "page": page, "vectors": blob}
        for compartment, page, blob in verdicts.blobs
    ))  # fmt: skip


def _result(tx: Transaction, matter: Row, packs: Packs, on: date, verdicts: Gated) -> dict[str, Json]:
    counts = verdicts.by_verdict()
    others = [name for name in verdicts.kind_names if name not in {"customer", "reference", "quarantine"}]
    kinds = {name: sum(verdicts.by_verdict(name).values()) for name in others}
    held = overrides.held(tx, str(matter["id"]), on)
    gate = Gate(packs, facts_of(tx, str(matter["id"])), on)
    blocked: list[Json] = []
    for stage in STAGES:
        rules: list[Json] = [rule.id for rule in gate.blocked(stage, held, verdicts.regimes)]
        if rules:
            blocked.append({"stage": stage, "rules": rules})
    return {
        "deal": str(matter["ref"]), "version": int(matter["version"] or 1), "on_date": on.isoformat(),
        "total": sum(counts.values()), "by_verdict": dict(counts), "by_tier": _by_tier(tx, matter, verdicts),
        "vectors": len(verdicts.decisions), "reasons": _reasons(verdicts, packs), "blocked_stages": blocked,
        "out_of_scope": dict(kinds), "overrides": _overrides(tx, matter, verdicts, on),
    }  # fmt: skip


def _overrides(tx: Transaction, matter: Row, verdicts: Gated, on: date) -> list[Json]:
    """What people set aside and what that touched: customers whose case it took a reason from."""
    told: list[Json] = []
    for row in overrides.told(tx, str(matter["id"]), on):
        if row["state"] == "live":
            numbers = [place for place, one in enumerate(verdicts.decisions) if row["rule"] in one.overridden]
            told.append({**row, "count": verdicts.people_of(numbers)})
    return told


def _by_tier(tx: Transaction, matter: Row, verdicts: Gated) -> dict[str, Json]:
    tiers = {int(row["number"] or 0): str(row["tier"]) for row in tx.find("compartment", vault=str(matter["vault"]))}
    return {tier: dict(counts) for tier, counts in verdicts.by_tier(tiers).items()}


def _reasons(verdicts: Gated, packs: Packs) -> list[Json]:
    vectors: dict[tuple[str, str], list[int]] = {}
    told: dict[tuple[str, str], tuple[Mapping[str, str], set[str]]] = {}
    for number, one in enumerate(verdicts.decisions):
        for reason in one.reasons:
            key = (reason.rule, reason.verdict)
            vectors.setdefault(key, []).append(number)
            told.setdefault(key, (reason.text, set()))[1].update(reason.missing)
    people = {key: verdicts.people_of(numbers) for key, numbers in vectors.items()}
    found: list[Json] = []
    for (rule, verdict), count in sorted(people.items(), key=lambda item: (-item[1], item[0])):
        if not count:
            continue
        text, missing = told[rule, verdict]
        known = packs.rule(rule)
        found.append({
            "rule": rule, "verdict": verdict, "count": count, "text": dict(text), "missing": sorted(missing),
            "reference": dict(known.reference) if known else {},
        })  # fmt: skip
    return found
