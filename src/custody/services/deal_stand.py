"""Where a deal stands: its stages with dates, what its gates lack, the newest verdicts, the parties, who acts next (C1)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import lawbook, overrides
from custody.acts.desk import Desk
from custody.acts.matters import deal, facts_of
from custody.base import canonical
from custody.base.canonical import Json
from custody.law.gate import VERDICTS, Gate
from custody.law.pack import Packs, Rule
from custody.model.party import PartyCard
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

GATED: Final = ("ship", "release", "destroy")
# A stage and the statement that proves it; the first three are proved by the vault.
_PROOF: Final = (
    ("cleared", "gate"), ("packed", "shipped"), ("shipped", "shipped"), ("released", "released"), ("received", "receipt"),
    ("destroyed", "destroyed"),
)  # fmt: skip
# A change of control hands nothing over: the company stays the controller (design §1).
_CONTROL: Final = (("cleared", "gate"), ("controlled", "control"))
_NEXT: Final = {
    "controlled": ("control", ("owner",)),
    "cleared": ("gate", ("privacy", "owner", "lawyer")), "packed": ("ship", ("data", "owner")),
    "shipped": ("ship", ("data", "owner")), "released": ("release", ("owner", "privacy")),
    "received": ("receive", ()), "destroyed": ("destroy", ("owner", "privacy")),
}  # fmt: skip


def deal_stand(desk: Desk, laws: Laws, named: str) -> Mapping[str, Json]:
    """One deal as it stands now. The figures are those of the newest gate, never computed anew."""
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named)
        name, facts = str(matter["id"]), facts_of(tx, str(matter["id"]))
        done = _stages(tx, desk, matter, _CONTROL if facts.get("deal.structure") == "share_transfer" else _PROOF)
        gates = _gates(tx, lawbook.packs(laws), desk, matter, facts)
        return {
            "id": name, "ref": str(matter["ref"]), "state": str(matter["state"]), "version": int(matter["version"] or 1),
            "structure": facts.get("deal.structure"), "facts": facts, "law": str(_detail(matter).get("law", "")),
            "vault": _vault(tx, matter), "seller": _party(tx, desk.space), "buyer": _party(tx, str(matter["counterparty"])),
            "stages": done, "next": _next(done), "gates": gates, "verdicts": _newest(tx, name),
            "overrides": list[Json](overrides.told(tx, name, desk.clock.now().date())),
        }  # fmt: skip


def _stages(tx: Transaction, desk: Desk, matter: Row, proof: Sequence[tuple[str, str]]) -> list[Json]:
    """Each stage, when it was reached, and which ledger entry proves it; the first not reached is `now`."""
    vault, found = str(matter["vault"]), list[tuple[str, str, Json]]()
    signed = one(tx, "vault", id=vault)
    map_at = one(tx, "statement", matter=str(signed["datamap"]), kind="datamap") if signed else None
    sealed_at = _sealed_at(tx, desk, vault)
    at = str(map_at["at"]) if map_at else sealed_at
    found += [("connected", at, None), ("classified", at, map_at["position"] if map_at else None), ("sealed", sealed_at, None)]  # fmt: skip
    for stage, kind in proof:
        rows = tx.find("statement", order=("n",), matter=str(matter["id"]), kind=kind)
        found.append((stage, str(rows[-1]["at"]) if rows else "", rows[-1]["position"] if rows else None))
    places = [place for place, (_, when, _) in enumerate(found) if not when]
    now = places[0] if places else len(found)
    return [
        {"stage": stage, "at": when, "ledger": position, "state": "done" if place < now else "now" if place == now else "open"}
        for place, (stage, when, position) in enumerate(found)
    ]  # fmt: skip


def _sealed_at(tx: Transaction, desk: Desk, vault: str) -> str:
    # A vault is opened by one job; a vault that came from another party has none here.
    jobs = (row for row in tx.find("job", order=("started_at",), kind="seal") if desk.space in str(row["key"]))
    for row in jobs:
        told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["result"])))
        if told.get("vault") == vault:
            return str(row["started_at"])
    return ""


def _gates(tx: Transaction, packs: Packs, desk: Desk, matter: Row, facts: Mapping[str, Json]) -> list[Json]:
    on = desk.clock.now().date()
    held, gate, found = overrides.held(tx, str(matter["id"]), on), Gate(packs, facts, on), list[Json]()
    places = _places(tx, packs, str(matter["id"]), facts)
    for stage in GATED:
        found += [_shut(stage, rule, packs, facts, held) for rule in gate.blocked(stage, held, places)]
    return found


def _places(tx: Transaction, packs: Packs, matter: str, facts: Mapping[str, Json]) -> tuple[str, ...]:
    """Whose law the deal touches: as the newest gate found; before the first, as the facts say."""
    newest = _newest(tx, matter)
    if isinstance(newest, dict) and newest.get("regimes"):
        return tuple(cast("list[str]", newest["regimes"]))
    told = {str(value) for leaf, value in facts.items() if leaf.endswith("jurisdiction")}
    return tuple(sorted(told & packs.regimes))


def _shut(stage: str, rule: Rule, packs: Packs, facts: Mapping[str, Json], held: frozenset[str]) -> Json:
    answer = packs.ask(rule, facts)
    return {
        "stage": stage, "rule": rule.id, "title": dict(rule.title), "says": dict(rule.says), "reference": dict(rule.reference),
        "unknown": answer.value is None, "asks": sorted(answer.missing), "evidence": [one for one in rule.evidence if one not in held],
    }  # fmt: skip


def _newest(tx: Transaction, matter: str) -> Json:
    rows = tx.find("statement", order=("n",), matter=matter, kind="gate")
    if not rows:
        return None
    kept = one(tx, "job", key=f"gate:{matter}:{rows[-1]['n']!s}")
    told = cast("dict[str, Json]", canonical.decode(cast("bytes", kept["result"]))) if kept else {}
    counts = cast("dict[str, Json]", told.get("by_verdict", {}))
    told["by_verdict"] = {verdict: counts.get(verdict, 0) for verdict in VERDICTS}
    return {**told, "gate": rows[-1]["n"], "at": str(rows[-1]["at"]), "ledger": rows[-1]["position"]}


def _next(stages: list[Json]) -> Json:
    for row in stages:
        assert isinstance(row, dict)
        if row["state"] == "now":
            act, roles = _NEXT.get(str(row["stage"]), ("", ()))
            return {"stage": row["stage"], "act": act, "roles": list(roles)}
    return None


def _party(tx: Transaction, party: str) -> Json:
    row = one(tx, "party", id=party) if party else None
    if row is None:
        return None
    card = PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))
    return {
        "id": party, "name": {"zh": card.name_zh, "en": card.name_en}, "uscc": card.uscc, "place": card.place,
        "fingerprint": card.identity.fingerprint, "confirmations": tx.count("confirmation", party=party),
        "confirmed": bool(row["confirmed_at"]),
    }  # fmt: skip


def _vault(tx: Transaction, matter: Row) -> Json:
    row = one(tx, "vault", id=str(matter["vault"]))
    return {"id": str(row["id"]), "name": str(row["name"])} if row else None


def _detail(matter: Row) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", canonical.decode(cast("bytes", matter["detail"]) or b"{}"))
