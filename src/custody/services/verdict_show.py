"""One customer's verdicts with their reasons, the facts that were looked at, and what is missing (C3)."""

import struct
from collections.abc import Mapping
from typing import cast

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.overrides import lifted_by, lifted_of, of_person
from custody.acts.vaults import AUDIT, QUARANTINE, slot_places
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.law.pack import Packs
from custody.law.schema import Schema
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_UNDECIDED = 0xFFFF
Texts = Mapping[str, Json]
_RESIDENCE = {"name": "subject.residence", "zh": "客户所在地", "en": "where the customer lives"}


def verdict_show(desk: Desk, laws: Laws, named: str, subject: str) -> Mapping[str, Json]:
    """By the newest gate of the deal. Raises Missing `gate.none`, `subject.unknown`."""
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        gates = tx.find("statement", order=("n",), matter=str(matter["id"]), kind="gate")
        if not gates:
            raise Missing("gate.none", "Nobody was decided in this deal yet.", next="custody gate DEAL")
        row = one(tx, "subject", vault=str(matter["vault"]), id=ids.subject_bytes(subject))
        if row is None or row["state"] != "live":
            raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
        kept = {
            cast("int", one_row["number"]): one_row for one_row in tx.find("compartment", vault=str(matter["vault"]))
        }
        told, seen = list[Json](), set[str]()
        lifted = of_person(tx, str(matter["id"]), subject, desk.today())
        texts = _texts(tx, matter, cast("int", gates[-1]["n"]))
        for compartment, (page, slot) in slot_places(cast("bytes", row["slots"])).items():
            if compartment not in {AUDIT, QUARANTINE} and compartment in kept:
                vector = _vector(tx, matter, cast("int", gates[-1]["n"]), (compartment, page, slot))
                row_told = _verdict(packs, texts, kept[compartment], vector)
                seen.update(str(name) for name in (lifted_by(vector) if vector else ()))
                told.append({**row_told, "overridden": lifted_of(vector, lifted)})
    return {"deal": str(matter["ref"]), "subject": subject, "gate": gates[-1]["n"], "at": str(gates[-1]["at"]),
            "ledger": gates[-1]["position"], "verdicts": told,
            "overridden": [dict(one_row) for one_row in lifted if one_row["rule"] in seen]}  # fmt: skip


def _texts(tx: Transaction, matter: Row, gate: int) -> Texts:
    """What the gate said for reasons that no rule stands behind: an unknown place, a refusal."""
    row = one(tx, "job", key=f"gate:{matter['id']!s}:{gate}")
    told = cast("dict[str, list[dict[str, Json]]]", canonical.decode(cast("bytes", row["result"]))) if row else {}
    return {str(reason["rule"]): reason["text"] for reason in told.get("reasons", [])}


def _vector(tx: Transaction, matter: Row, gate: int, place: tuple[int, int, int]) -> Row | None:
    compartment, page, slot = place
    row = one(tx, "verdict_page", matter=str(matter["id"]), gate=gate, compartment=compartment, page=page)
    number = struct.unpack_from(">H", cast("bytes", row["vectors"]), 2 * slot)[0] if row else _UNDECIDED
    return None if number == _UNDECIDED else one(tx, "vector", matter=str(matter["id"]), gate=gate, number=number)


def _verdict(packs: Packs, texts: Texts, compartment: Row, vector: Row | None) -> dict[str, Json]:
    base: dict[str, Json] = {"compartment": compartment["number"] if isinstance(compartment["number"], int) else 0,
                             "tier": str(compartment["tier"]), "purposes": str(compartment["purposes"]).split(",")}  # fmt: skip
    if vector is None:
        return {**base, "verdict": "withhold", "reasons": [], "facts": {}, "evidence": [], "regimes": [], "alike": 0}
    seen = cast("dict[str, Json]", canonical.decode(cast("bytes", vector["facts"])))
    reasons = cast("list[list[Json]]", canonical.decode(cast("bytes", vector["reasons"])))
    why: list[Json] = [_reason(packs, texts, str(rule), str(verdict), missing) for rule, verdict, missing in reasons]
    return {**base, "verdict": str(vector["verdict"]), "reasons": why, "facts": seen.get("facts", {}), "regimes": seen.get("regimes", []),
            "evidence": seen.get("evidence", []), "alike": vector["members"] if isinstance(vector["members"], int) else 0}  # fmt: skip


def _reason(packs: Packs, texts: Texts, name: str, verdict: str, missing: Json) -> Json:
    rule, schema = packs.rule(name), packs.schema
    asked = cast("list[str]", missing)
    called: list[Json] = [_called(schema, one_name) for one_name in asked]
    base: dict[str, Json] = {"rule": name, "verdict": verdict, "missing": called}
    if rule is None:
        return {**base, "title": texts.get(name), "says": None, "tells": None, "reference": {}, "evidence": []}
    listed: list[Json] = list(rule.evidence)
    return {**base, "title": dict(rule.title), "says": dict(rule.says), "tells": dict(rule.to_customer) or None, "reference": dict(rule.reference), "evidence": listed}  # fmt: skip


def _called(schema: Schema, name: str) -> Json:
    """What is missing, as people call it: a fact, or evidence, which has no other name than its code."""
    if name == _RESIDENCE["name"]:
        return dict(_RESIDENCE)
    leaf = schema.leaves.get(name)
    return {"name": name, "zh": leaf.zh if leaf else name, "en": leaf.en if leaf else name}
