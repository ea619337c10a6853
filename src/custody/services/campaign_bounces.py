"""Take in what came back, notifications of a relay or reports of a gateway: each becomes work for somebody, and evidence for the gate (B1)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import returned
from custody.acts.asking import newest
from custody.acts.campaigning import BOUNCED, DELIVERED, POSTED, SENDING, SENT, campaign, counts, is_apart
from custody.acts.contacts import SMS
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.letters import number, numbers
from custody.acts.matters import EVERYTHING, record_evidence
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row, Transaction

_CAME_BACK: Final = frozenset((SENDING, SENT, DELIVERED, POSTED))


def campaign_bounces(desk: Desk, ref: str, messages: Sequence[bytes]) -> Mapping[str, Json]:
    """Whoever's message came back for good was not told. What names no message of ours is counted and left alone."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        known, told, gone = _known(tx, row), Counter[str](), list[bytes]()
        for one in (found for data in messages for found in _read(row, data)):
            sending = next((known[name] for name in one.names if name in known), None)
            told[one.what if sending else returned.OTHER] += 1
            if sending is not None and one.what == returned.FAILED and sending["state"] in _CAME_BACK:
                values = {"state": BOUNCED, "reply": one.code}
                tx.change("sending", values, campaign=str(row["id"]), subject=sending["subject"])
                gone.append(cast("bytes", sending["subject"]))
        now = stamp(desk.clock.now())
        says: dict[str, Json] = {"campaign": str(row["id"]), "bounced": len(set(gone))}
        position = append(tx, desk.space, now, "campaign-bounced", says)
        _evidence(tx, row, gone, now, position)
        made = counts(tx, row)
    return {"campaign": ref, "bounced": len(set(gone)), "delayed": told[returned.DELAYED], "other": told[returned.OTHER], "counts": made,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _known(tx: Transaction, row: Row) -> dict[str, Row]:
    """Every message by our name for it, a text message by the gateway's name, too, and a letter by its number: whoever got a letter since is not untold by a mail."""
    rows = tx.find("sending", campaign=str(row["id"]))
    called = [(number(row, one), one) for one in rows if one["reply"] == "post"]
    often = Counter(name for name, _ in called)
    posted = {name: one for name, one in called if often[name] == 1}
    gateway = {str(one["reply"]): one for one in rows if one["reply"]} if row["channel"] == SMS else {}
    return posted | gateway | {str(one["message_id"]): one for one in rows if one["reply"] != "post"}


def _read(row: Row, data: bytes) -> list[returned.Returned]:
    if found := numbers(data):
        return [returned.Returned(returned.FAILED, (one,), "returned") for one in found]
    return returned.texts(data) if row["channel"] == SMS else returned.mail(data)


def _evidence(tx: Transaction, row: Row, gone: Sequence[bytes], now: str, position: int) -> None:
    """Not delivered after all, unless that person has answered meanwhile, and so was reached. What is no notice of the deal was none in the first place."""
    if is_apart(row):
        return
    matter = str(row["matter"])
    since = str(row["made_at"])  # an answer of before says nothing of whether this message arrived
    unreached = [who for who in gone if all(str(each["at"]) <= since for each in newest(tx, matter, who).values())]
    for who in unreached:
        tx.drop("evidence", matter=matter, subject=who, compartment=EVERYTHING, type="notice.delivered")
    record_evidence(tx, matter, [(who, EVERYTHING, "notice.bounced") for who in unreached], now, position)
