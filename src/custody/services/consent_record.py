"""Everything one customer was asked and answered in a deal, as consent records after ISO/IEC TS 27560 (B2, spec/consent.md)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.handing import understood
from custody.acts.matters import deal
from custody.base import ids
from custody.base.canonical import Json, b64
from custody.package.answer import Answer, Called
from custody.ports.store import Row

SCHEMA = "https://custody.example/consent/1"


def consent_record(desk: Desk, named_deal: str, subject: str) -> Mapping[str, Json]:
    """One record per question, with an event per answer; every receipt is verified again. Raises Broken when one was changed."""
    desk.require(("owner", "privacy", "lawyer", "auditor"))
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        rows = tx.find("answer", order=("question", "version"), matter=str(matter["id"]), subject=who)
    by_question: dict[str, list[Row]] = {}
    for row in rows:
        by_question.setdefault(str(row["question"]), []).append(row)
    records: list[Json] = [_record(desk, subject, answers) for answers in by_question.values()]
    return {"deal": str(matter["ref"]), "subject": subject, "count": len(records), "records": records}


def _record(desk: Desk, subject: str, rows: list[Row]) -> Json:
    said = [
        understood(cast("bytes", row["receipt"]), Answer, desk.card.identity, rehearsal=desk.rehearsal) for row in rows
    ]
    last = said[-1]
    receipts: list[Json] = [b64(cast("bytes", row["receipt"])) for row in rows]
    return {
        "header": {"schema_version": SCHEMA, "record_id": last.record, "pii_principal_id": subject, "version": last.version},
        "processing": {
            "deal": last.deal, "question": last.question, "pii_controllers": [_party(last.controller)], "purposes": list(last.purposes),
            "pii_categories": list(last.categories), "recipients": [_party(one) for one in last.recipients],
            "lawful_basis": "consent", "withdrawal_method": last.withdrawal,
        },
        "events": [_event(one, row) for one, row in zip(said, rows, strict=True)],
        "receipts": receipts,
    }  # fmt: skip


def _event(said: Answer, row: Row) -> Json:
    return {
        "event_time": said.answered_at, "event_state": said.act, "event_type": "explicit", "expression": said.expression,
        "language": said.language, "notice": said.text, "wording": said.wording, "proof": list(said.proof),
        "entity": {"capacity": said.capacity, "relation": said.relation}, "receipt_sha256": str(row["sha256"]),
        **({"evidence_sha256": said.evidence} if said.evidence else {}),
    }  # fmt: skip


def _party(one: Called) -> Json:
    return {"name": {"zh": one.zh, "en": one.en}, "contact": one.contact}
