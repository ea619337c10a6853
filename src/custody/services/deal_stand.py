"""Where a deal stands: its stages with dates, what its gates lack, the newest verdicts, the parties, who acts next (C1)."""

from collections.abc import Mapping
from typing import cast

from custody.acts import gates, lawbook, line, overrides, unanswered
from custody.acts.desk import Desk
from custody.acts.matters import called, came, deal, detail_of, facts_of
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.law.gate import VERDICTS
from custody.model.party import PartyCard
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one


def deal_stand(desk: Desk, laws: Laws, named: str) -> Mapping[str, Json]:
    """One deal as it stands now. The figures are those of the newest gate, never computed anew."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        name, facts = str(matter["id"]), facts_of(tx, str(matter["id"]))
        way = line.line_of(tx, matter, facts)
        steps = way.steps
        done = line.stages(tx, desk, matter, steps)
        now = desk.clock.now()
        newest = gates.newest_gate(tx, name)
        shut = gates.of_line(tx, matter, facts, lawbook.packs(laws), desk.today(), way.name, newest)
        waits = unanswered.recalls(desk, tx, matter)
        recalls: list[dict[str, Json]] = [
            {"n": each.n, "due_at": stamp(each.due), "late": each.due <= now, "held": each.held} for each in waits
        ]
        return {
            "id": name, "ref": called(tx, matter), "came": came(matter), "state": str(matter["state"]), "version": int(matter["version"] or 1),
            "structure": facts.get("deal.structure"), "facts": facts, "law": str(detail_of(matter).get("law", "")),
            "vault": _vault(tx, matter), "seller": _party(tx, desk.space), "buyer": _party(tx, str(matter["counterparty"])),
            "stages": [{name: row[name] for name in ("stage", "at", "ledger", "state")} for row in done],
            "next": line.onward(done, steps), "gates": list[Json](shut), "verdicts": _verdicts(newest),
            "overrides": list[Json](overrides.told(tx, name, desk.today())),
            "unanswered": list[Json](recalls), "held": sum(cast("int", one_recall["held"]) for one_recall in recalls), "late": sum(1 for one_recall in recalls if one_recall["late"]),
        }  # fmt: skip


def _verdicts(newest: dict[str, Json]) -> Json:
    if not newest:
        return None
    counts = cast("dict[str, Json]", newest.get("by_verdict", {}))
    return {**newest, "by_verdict": {verdict: counts.get(verdict, 0) for verdict in VERDICTS}}


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
