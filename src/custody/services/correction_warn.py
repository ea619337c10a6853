"""Tell the old address that a value of high risk was changed, and until when and how it is put back (A7; spec/freshness.md §4a).

Each message is journalled as `sending` before it is handed over; what a crash leaves so is in doubt, and not sent again before the relay's
log was asked (`correction warned`). Whoever took a correction in does not send the word of it: another member of staff does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from custody.acts import corrections, old_address
from custody.acts.contacts import SMS
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.old_address import Warned
from custody.acts.planning import EMAIL
from custody.acts.sole import holding
from custody.acts.warned import HELD, ROLES, settings_of, stood_for
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused, Unavailable
from custody.ports.mail import Mailer
from custody.ports.store import Cells
from custody.ports.texts import Texter

MOST: Final = 3
"""So many times a message that was not taken now is tried."""
_SENDER: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
_DOUBT: Final = frozenset(("mail.in-doubt", "texts.in-doubt"))
_LATER: Final = frozenset(("mail.later", "texts.later"))


class _Ended(NamedTuple):
    """What became of one message; `stopped` is why no more are sent now."""

    state: str
    reply: str
    stopped: str = ""


def correction_warn(
    desk: Desk, way: Mailer | Texter, given: Mapping[str, str], *, dry_run: bool = False
) -> Mapping[str, Json]:
    """`given`: sender (of mail), contact (how the company is reached); `dry_run` looks whether it may go, and sends nothing. Raises Malformed `correction.contact`, `correction.sender`, Refused `act.unapproved`."""
    desk.require(ROLES)
    channel = SMS if hasattr(way, "send_text") else EMAIL
    sender, contact = given.get("sender", "").strip(), given.get("contact", "").strip()
    if not contact.isprintable() or not 0 < len(contact) <= 120:
        raise Malformed("correction.contact", "How people reach the company is missing, or not one line of at most 120 characters.", next="--contact 'tel. 0571-1234567'")  # fmt: skip
    if channel == EMAIL and not _SENDER.fullmatch(sender):
        raise Malformed("correction.sender", "The sender's address is missing, or is none.", next="--sender privacy@shop.example")  # fmt: skip
    with holding(desk, HELD):
        with desk.store.read() as tx:
            found = old_address.waiting(desk, tx)
        mine = [each for each in found if any(row["principal"] == desk.principal.id for row in each.rows)]
        unreached = [each for each in found if not each.to]
        goes = [each for each in found if channel in each.to and each not in mine]
        if goes:
            _stand(desk, settings_of(desk, way.way, sender if channel == EMAIL else "", contact), used=not dry_run)
        if dry_run:
            return {"goes": len(goes), "dry_run": True}
        told, stopped = _send_all(desk, way, channel, goes, sender if channel == EMAIL else "", contact)
        for each in unreached:
            _move(desk, each, {"state": corrections.NO_ADDRESS})
            told += [(each, _Ended(corrections.NO_ADDRESS, ""))]
        position = _enter(desk, told, {"sender": sender, "contact": contact}) if told else None
    by = {state: sum(ended.state == state for _, ended in told) for state in (corrections.SENT, corrections.REFUSED, corrections.NO_ADDRESS, corrections.SENDING)}  # fmt: skip
    other = len(found) - len(goes) - len(unreached) - len([each for each in mine if channel in each.to])
    return {"sent": by[corrections.SENT], "refused": by[corrections.REFUSED], "no_address": by[corrections.NO_ADDRESS], "in_doubt": by[corrections.SENDING],
            "other_channel": other, "own": len([each for each in mine if channel in each.to]), "stopped": stopped,
            "mirrored": mirrored(desk), "ledger": "" if position is None else f"{desk.space}@{position}"}  # fmt: skip


def _stand(desk: Desk, bound: str, *, used: bool) -> None:
    with desk.store.write() as tx:
        found = stood_for(desk, tx, bound)
        if used:
            tx.change("approval", {"used_by": desk.principal.id}, id=found, used_by="")


def _send_all(
    desk: Desk, way: Mailer | Texter, channel: str, goes: Sequence[Warned], sender: str, contact: str
) -> tuple[list[tuple[Warned, _Ended]], str]:
    told = list[tuple[Warned, _Ended]]()
    for each in goes:
        at = desk.clock.now()
        name, tried = old_address.message_id(each.rows[0], sender), _move(desk, each, {})
        said = old_address.words(desk, each, contact)
        if channel == SMS:
            hand = partial(getattr(way, "send_text"), old_address.text(each, said, name))  # noqa: B009 - the two ports are told apart by it
        else:
            made = partial(old_address.mail, desk, each, said, sender, name, at)
            hand = partial(_by_mail, getattr(way, "send"), sender, each.to[EMAIL], made)  # noqa: B009 - as above
        _move(desk, each, {"state": corrections.SENDING, "message_id": name, "at": stamp(at), "n": tried + 1})
        ended = _one(hand, tried + 1)
        back: Cells = {"at": str(each.rows[0]["done_at"])} if ended.state == corrections.OPEN else {}
        _move(desk, each, {"state": ended.state, "reply": ended.reply, **back})
        told.append((each, ended))
        if ended.stopped:
            return told, ended.stopped
    return told, ""


def _by_mail(send: Callable[[str, str, bytes], str], sender: str, to: str, made: Callable[[], bytes]) -> str:
    return send(sender, to, made())


def _one(hand: Callable[[], object], tries: int) -> _Ended:
    try:
        return _Ended(corrections.SENT, str(hand()))
    except ValueError:  # what cannot stand in an envelope is found before the relay has the message
        return _Ended(corrections.NO_ADDRESS, "address")
    except Refused as error:
        return _Ended(corrections.REFUSED, str(error.where.get("code", "")))
    except Unavailable as error:
        if error.slug in _DOUBT:
            return _Ended(corrections.SENDING, "")
        if error.slug in _LATER:
            again = corrections.OPEN if tries < MOST else corrections.REFUSED
            return _Ended(again, str(error.where.get("code", "")))
        return _Ended(corrections.OPEN, "", error.slug)


def _move(desk: Desk, each: Warned, values: Cells) -> int:
    """Every correction of one message alike, in a commit of its own; how often it was tried."""
    tries = 0
    with desk.store.write() as tx:
        for name in each.names:
            (row,) = tx.find("correction_to", correction=name, name=corrections.OLD_NAME)
            tries = max(tries, int(row["n"] or 0))
            if values:
                tx.change("correction_to", values, correction=name, name=corrections.OLD_NAME)
    return tries


def _enter(desk: Desk, told: Sequence[tuple[Warned, _Ended]], given: Mapping[str, Json]) -> int:
    """Which corrections, by what end; never an address."""
    says: dict[str, Json] = {
        "corrections": [{"correction": name, "state": ended.state} for each, ended in told for name in each.names],
        "principal": desk.principal.id,
    }
    with desk.store.write() as tx:
        return append(tx, desk.space, stamp(desk.clock.now()), "correction-warned", says, detail=given)
