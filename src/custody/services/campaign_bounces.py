"""Take in what came back, notifications of a relay or reports of a gateway: each becomes work for somebody, and evidence for the gate (B1)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, cast

from custody.acts import replies, returned
from custody.acts.asking import newest
from custody.acts.came_back import Sent, Went, held_against, meant, noted_of, require_said
from custody.acts.campaigning import BOUNCED, DELIVERED, POSTED, PRINTED, SENDING, SENT, campaign, counts, is_apart
from custody.acts.contacts import SMS, contacts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.letters import number, numbers
from custody.acts.mailbox import messages
from custody.acts.matters import EVERYTHING, record_evidence
from custody.acts.untrue import is_untrue
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.store import Cells, Row, Transaction
from custody.ports.store import one as only

TAKERS: Final = ("owner", "privacy", "data")

_SHOWN: Final = 20
_BATCH: Final = 200
_REPLIES: Final = "replies"
_RETURNED: Final = "returned"
"""What stands as the reply of a letter that came back."""
_BY_POST: Final = frozenset(("post", _RETURNED))
_MESSAGE: Final = frozenset((SENDING, SENT, DELIVERED))
_ANSWERED: Final = _MESSAGE | {BOUNCED}
"""Whose reader may write although something came back."""
_ON_ITS_WAY: Final = frozenset((SENDING, SENT))
_LETTER: Final = frozenset((PRINTED, POSTED, DELIVERED))
"""From which states each comes back: a letter was on its way whether or not somebody has noted yet that it was posted."""


def campaign_bounces(desk: Desk, ref: str, files: Sequence[bytes], say: str = "") -> Mapping[str, Json]:
    """Whoever's message came back for good was not told. What names no message of ours is counted and left alone; a number of a letter that is none refuses all. What names ours and is not understood keeps it from counting as delivered, until somebody who has read these files says what they are: `say`. What its own reader wrote back is nobody's silence: it waits for somebody who says what it was (`campaign reply`).

    Raises Malformed `campaign.say`, `campaign.numbers`, `campaign.returned` for a file that is not read whole.
    """
    desk.require(TAKERS)
    require_said(say)
    with desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        known, told, gone = _known(tx, row), Counter[str](), list[bytes]()
        found = [one for n, data in enumerate(files, start=1) for one in _read(row, n, data, known)]
        for one, sent, readers in held_against(found, known, partial(_went, desk, tx, row)):
            said, wrote = meant(one, say), bool(readers) and not one.auto
            told[said if sent else _REPLIES if wrote else returned.OTHER] += 1
            for each in readers if wrote else ():
                replies.take(tx, row, each.row, one, desk.clock.now())
            for each in sent:
                whose: Cells = {"campaign": str(row["id"]), "subject": each.row["subject"]}
                stands = cast("Row", only(tx, "sending", **whose))  # an earlier one of these files may have changed it
                if said == returned.FAILED and stands["state"] in each.states:
                    tx.change("sending", {"state": BOUNCED, "reply": one.code}, **whose)
                    gone.append(cast("bytes", each.row["subject"]))
                elif stands["state"] in _ON_ITS_WAY and (noted := noted_of(stands, one, say, desk.clock.now())):
                    tx.change("sending", {"reply": noted}, **whose)
        now = stamp(desk.clock.now())
        says: dict[str, Json] = {
            "campaign": str(row["id"]),
            "bounced": len(set(gone)),
            **({"replies": told[_REPLIES]} if told[_REPLIES] else {}),
            **({"said": say} if say else {}),
        }
        position = append(tx, desk.space, now, "campaign-bounced", says, detail={"matter": str(row["matter"])})
        _evidence(tx, row, gone, now, position)
        made = counts(tx, row)
    return {"campaign": ref, "read": told.total(), "bounced": len(set(gone)), "delayed": told[returned.DELAYED], "unclear": told[returned.UNCLEAR], "replies": told[_REPLIES], "other": told[returned.OTHER], "counts": made,
            "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _known(tx: Transaction, row: Row) -> dict[str, list[Sent]]:
    """Every message by our name for it, a text message by the gateway's name, too, and a letter by its number: whoever got a letter since is not untold by a mail."""
    rows = tx.find("sending", campaign=str(row["id"]))
    called = [(number(row, one), one) for one in rows if one["reply"] in _BY_POST or one["state"] == PRINTED]
    often = Counter(name for name, _ in called)
    letters = {name: [Sent(one, _LETTER)] for name, one in called if often[name] == 1}
    sent = [Sent(one, _MESSAGE) for one in rows if one["reply"] not in _BY_POST]
    gateway = {str(one.row["reply"]): [one] for one in sent if one.row["reply"]} if row["channel"] == SMS else {}
    return letters | gateway | {str(one.row["message_id"]): [one] for one in sent}


def _went(desk: Desk, tx: Transaction, row: Row, wanted: set[str], among: Sequence[Sent] | None) -> Went:
    """To whom of this campaign, or of these messages, e-mails went. Their addresses are opened in memory, and kept nowhere."""
    made, unsure, matter = dict[str, list[Sent]](), list[Sent](), only(tx, "matter", id=str(row["matter"]))
    if row["channel"] == SMS or matter is None:
        return Went({})
    rows = [
        one
        for one in (tx.find("sending", campaign=str(row["id"])) if among is None else [each.row for each in among])
        if one["reply"] not in _BY_POST and one["state"] in (_MESSAGE if among is None else _ANSWERED)
    ]
    for start in range(0, len(rows), _BATCH):
        batch = {cast("bytes", one["subject"]): one for one in rows[start : start + _BATCH]}
        for who, contact in contacts(desk, tx, str(matter["vault"]), list(batch)).items():
            if contact.email.casefold() in wanted:
                made.setdefault(contact.email.casefold(), []).append(Sent(batch[who], _MESSAGE))
            unsure += [Sent(batch[who], _MESSAGE)] if contact.unread else []
    return Went(made, unsure)


def _read(row: Row, n: int, data: bytes, known: Mapping[str, Sequence[Sent]]) -> list[returned.Returned]:
    """What one file says. A number that is no letter's, or that two bear, was mistyped: whose letter came back is looked at and not guessed."""
    if found := numbers(data):
        if wrong := [str(place) for place, one in enumerate(found, start=1) if one not in known]:
            raise Malformed("campaign.numbers", f"No one letter of this campaign that was printed bears these numbers: {', '.join(wrong[:_SHOWN])} of file {n}.",
                            next="Read the number on the letter again; it begins with its campaign's.")  # fmt: skip
        return [returned.Returned(returned.FAILED, (one,), _RETURNED) for one in found]
    parts = messages(n, data)
    if row["channel"] == SMS:
        return returned.texts(data)
    return [said for one in parts for said in returned.mail(one)]


def _evidence(tx: Transaction, row: Row, gone: Sequence[bytes], now: str, position: int) -> None:
    """Not delivered after all, unless that person has answered meanwhile, and so was reached. What is no notice of the deal was none in the first place."""
    if is_apart(row) or is_untrue(tx, row):  # whoever was told anew since was told by another message
        return
    matter = str(row["matter"])
    since = str(row["made_at"])  # an answer of before says nothing of whether this message arrived
    unreached = [who for who in gone if all(str(each["at"]) <= since for each in newest(tx, matter, who).values())]
    for who in unreached:
        tx.drop("evidence", matter=matter, subject=who, compartment=EVERYTHING, type="notice.delivered")
    record_evidence(tx, matter, [(who, EVERYTHING, "notice.bounced") for who in unreached], now, position)
