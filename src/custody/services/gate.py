"""Decide everybody: verdict per subject and compartment, totals that add up, one signed root (C3)."""

import struct
from collections import Counter
from collections.abc import Mapping
from datetime import date

from custody.acts import lawbook
from custody.acts.counter import next_number
from custody.acts.deciding import Verdicts, by_verdict, decide, members_by_place
from custody.acts.desk import Desk
from custody.acts.matters import EVERYBODY, EVERYTHING, datamap_of, deal, evidence_of, facts_of, ledger_size
from custody.acts.statements import issue
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.statement import subject as named
from custody.law.gate import VERDICTS, Gate
from custody.law.pack import Packs
from custody.package.statements import Gate as GateSaid
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction
from custody.vault.page import SLOTS

STAGES = ("ship", "release", "destroy")


def gate(desk: Desk, laws: Laws, named_deal: str) -> Mapping[str, Json]:
    """Decide as of now. Each run is a gate of its own number; the newest is what `ship` and `release` look at."""
    packs = lawbook.packs(laws)
    on = desk.clock.now().date()
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        verdicts = decide(tx, matter, packs, on)
        number = next_number(tx, f"gate:{matter['id']!s}")
        _keep(tx, matter, number, verdicts)
        root = verdicts.root()
        counts = by_verdict(verdicts)
        result = _result(tx, matter, packs, on, verdicts)
        says = GateSaid(
            deal=str(matter["ref"]),
            version=int(matter["version"] or 1),
            on_date=on.isoformat(),
            datamap=datamap_of(tx, matter),
            rules=packs.version,
            root=root.removeprefix("sha256:"),
            count=len(verdicts.of),
            total=sum(counts.values()),
            by_verdict=counts,
            as_of=ledger_size(tx, desk.space),
            vectors=len(verdicts.decisions),
        )
        issue(desk, tx, str(matter["id"]), [named("gate", root)], says, n=number)
    return {**result, "gate": number, "root": root}


def _keep(tx: Transaction, matter: Row, number: int, verdicts: Verdicts) -> None:
    members = Counter(verdicts.of.values())
    base: Cells = {"matter": str(matter["id"]), "gate": number}
    tx.add("vector", [
        {**base, "number": place, "facts": canonical.encode(told), "verdict": one.verdict, "members": members[place],
         "reasons": canonical.encode([[reason.rule, reason.verdict, list(reason.missing)] for reason in one.reasons])}
        for place, (one, told) in enumerate(zip(verdicts.decisions, verdicts.cases, strict=True))
    ])  # fmt: skip
    for (compartment, page), slots in members_by_place(verdicts).items():
        numbers = [0xFFFF] * SLOTS
        for slot, (_, vector) in slots.items():
            numbers[slot] = vector
        blob = struct.pack(f">{SLOTS}H", *numbers)
        tx.add("verdict_page", [{**base, "compartment": compartment, "page": page, "vectors": blob}])


def _result(tx: Transaction, matter: Row, packs: Packs, on: date, verdicts: Verdicts) -> dict[str, Json]:
    counts = by_verdict(verdicts)
    kinds = Counter(kind for kind in verdicts.kinds.values() if kind not in {"customer", "reference", "quarantine"})
    held = evidence_of(tx, str(matter["id"])).get(EVERYBODY, {}).get(EVERYTHING, set())
    gate = Gate(packs, facts_of(tx, str(matter["id"])), on)
    blocked: list[Json] = []
    for stage in STAGES:
        rules: list[Json] = [rule.id for rule in gate.blocked(stage, frozenset(held), verdicts.regimes)]
        if rules:
            blocked.append({"stage": stage, "rules": rules})
    return {
        "deal": str(matter["ref"]), "version": int(matter["version"] or 1), "on_date": on.isoformat(),
        "total": sum(counts.values()), "by_verdict": dict(counts), "by_tier": _by_tier(tx, matter, verdicts),
        "vectors": len(verdicts.decisions), "reasons": _reasons(verdicts, packs), "blocked_stages": blocked,
        "out_of_scope": dict(kinds),
    }  # fmt: skip


def _by_tier(tx: Transaction, matter: Row, verdicts: Verdicts) -> dict[str, Json]:
    tiers = {int(row["number"] or 0): str(row["tier"]) for row in tx.find("compartment", vault=str(matter["vault"]))}
    best: dict[tuple[bytes, str], str] = {}
    for (subject, compartment), number in verdicts.of.items():
        if verdicts.kinds[subject] == "customer":
            key = (subject, tiers.get(compartment, "general"))
            found = verdicts.decisions[number].verdict
            best[key] = min(best.get(key, found), found, key=VERDICTS.index)
    counted: dict[str, dict[str, int]] = {tier: dict.fromkeys(VERDICTS, 0) for tier in ("general", "sensitive")}
    for (_, tier), verdict in best.items():
        counted[tier][verdict] += 1
    return {tier: dict(counts) for tier, counts in counted.items()}


def _reasons(verdicts: Verdicts, packs: Packs) -> list[Json]:
    people: dict[tuple[str, str], set[bytes]] = {}
    told: dict[tuple[str, str], tuple[Mapping[str, str], set[str]]] = {}
    for (subject, _), number in verdicts.of.items():
        if verdicts.kinds[subject] != "customer":
            continue
        for reason in verdicts.decisions[number].reasons:
            key = (reason.rule, reason.verdict)
            people.setdefault(key, set()).add(subject)
            told.setdefault(key, (reason.text, set()))[1].update(reason.missing)
    found: list[Json] = []
    for (rule, verdict), who in sorted(people.items(), key=lambda item: -len(item[1])):
        text, missing = told[rule, verdict]
        known = packs.rule(rule)
        found.append({
            "rule": rule, "verdict": verdict, "count": len(who), "text": dict(text), "missing": sorted(missing),
            "reference": dict(known.reference) if known else {},
        })  # fmt: skip
    return found
