"""Take in what came back (delivery status notifications, RFC 3464): each becomes work for somebody, and evidence for the gate (B1)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from typing import Final, cast

from custody.acts.asking import newest
from custody.acts.campaigning import BOUNCED, DELIVERED, SENDING, SENT, campaign, counts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import EVERYTHING, record_evidence
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row, Transaction

_LARGEST: Final = 1 << 20
_CAME_BACK: Final = frozenset((SENDING, SENT, DELIVERED))


def campaign_bounces(desk: Desk, ref: str, messages: Sequence[bytes]) -> Mapping[str, Json]:
    """Whoever's message came back for good was not told. What is no notification of ours is counted and left alone."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        row = campaign(tx, desk.space, ref)
        by_id = {str(one["message_id"]): one for one in tx.find("sending", campaign=str(row["id"]))}
        told: Counter[str] = Counter()
        gone = []
        for data in messages:
            what, sending, status = _read(data, by_id)
            told[what] += 1
            if sending is not None and what == BOUNCED and sending["state"] in _CAME_BACK:
                tx.change(
                    "sending", {"state": BOUNCED, "reply": status}, campaign=str(row["id"]), subject=sending["subject"]
                )
                gone.append(cast("bytes", sending["subject"]))
        now = stamp(desk.clock.now())
        says: dict[str, Json] = {"campaign": str(row["id"]), "bounced": len(set(gone))}
        position = append(tx, desk.space, now, "campaign-bounced", says)
        _evidence(tx, str(row["matter"]), gone, now, position)
        made = counts(tx, row)
    return {"campaign": ref, "bounced": len(set(gone)), "delayed": told["delayed"], "other": told["other"], "counts": made,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _evidence(tx: Transaction, matter: str, gone: Sequence[bytes], now: str, position: int) -> None:
    """Not delivered after all, unless that person has answered meanwhile, and so was reached."""
    unreached = [who for who in gone if not newest(tx, matter, who)]
    for who in unreached:
        tx.drop("evidence", matter=matter, subject=who, compartment=EVERYTHING, type="notice.delivered")
    record_evidence(tx, matter, [(who, EVERYTHING, "notice.bounced") for who in unreached], now, position)


def _read(data: bytes, by_id: Mapping[str, Row]) -> tuple[str, Row | None, str]:
    """(bounced, delayed or other; whose message; status code)."""
    if len(data) > _LARGEST:
        return "other", None, ""
    report = message_from_bytes(data)
    found = next((by_id[name] for name in _named(report) if name in by_id), None)
    status = next((part for part in report.walk() if part.get_content_type() == "message/delivery-status"), None)
    if found is None or status is None:
        return "other", None, ""
    fields = cast("list[Message]", status.get_payload()) if status.is_multipart() else []
    action = next((str(one["Action"]).strip().lower() for one in fields if one["Action"]), "")
    code = next((str(one["Status"]).strip() for one in fields if one["Status"]), "")
    code = code if code.replace(".", "").isdigit() and len(code) < 12 else ""
    return (BOUNCED if action == "failed" else "delayed" if action == "delayed" else "other"), found, code


def _named(report: Message) -> Iterator[str]:
    """Message-IDs that the report names: of the returned message first, then of its own thread."""
    for part in report.walk():
        if part.get_content_type() == "message/rfc822":
            yield from (str(one["Message-ID"] or "").strip() for one in cast("list[Message]", part.get_payload()))
        elif part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            if isinstance(text, bytes):
                yield str(message_from_bytes(text)["Message-ID"] or "").strip()
    for name in ("In-Reply-To", "References"):
        yield from str(report[name] or "").split()
