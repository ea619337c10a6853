"""Say what somebody wrote back to a campaign, or to the word to an old address: only who has read it knows (B1, A7; spec/campaigns.md §4a)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import warned
from custody.acts.campaigning import campaign as campaign_of
from custody.acts.campaigning import told_to
from custody.acts.corrections import UNDONE
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.owning import HANDS
from custody.acts.replies import ASKED, HOLDING, SAYS, TABLE, UNREAD, hold, seen_to
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.ports.store import Row, Transaction, one

_CAMPAIGN: Final = "campaign"
_AGAIN: Final = "unread"
WORDS: Final = (*SAYS, _AGAIN)
"""The last takes back what was said before: it waits for a reader again."""


def campaign_reply(desk: Desk, reply: str, say: str, ref: str = "") -> Mapping[str, Json]:
    """Said again it changes nothing, otherwise what it says. What asked for something is taken in as a request first. Of a campaign that is named and not theirs nobody hears more.

    Raises Malformed `campaign.reply`, Missing `campaign.unknown`, `campaign.reply-unknown`, Refused `campaign.unasked`.
    """
    desk.require(HANDS)
    if ref:
        with desk.store.read() as tx:
            campaign_of(desk, tx, ref)
    if say not in WORDS:
        raise Malformed(
            "campaign.reply", "What was read says one of four things.", next=f"Say one of: {', '.join(WORDS)}."
        )
    said = UNREAD if say == _AGAIN else say
    with desk.store.write() as tx:
        row, to, of = _found(desk, tx, reply)
        who, told = cast("bytes", row["subject"]), {"work": reply, of: str(to.get("ref", to["id"])), "say": say}
        if row["said"] == said:
            return {**told, "resumed": True}
        if said == ASKED and not _seen_to(desk, tx, to, of, row):
            raise Refused("campaign.unasked", "Nothing that this person asked for was taken in on that day or since.",
                          next="custody request new DEAL SUBJECT --channel email --received DAY, or custody correction undo CORRECTION; or say that it asks for nothing")  # fmt: skip
        now = stamp(desk.clock.now())
        tx.change(TABLE, {"said": said, "said_at": now, "said_by": desk.principal.id}, id=reply)
        if said in HOLDING:
            _hold(tx, to, of, who)
        says: dict[str, Json] = {of: str(to["id"]), "say": say, "principal": desk.principal.id}
        detail: dict[str, Json] = {"reply": reply, "subject": ids.subject_text(who)}
        position = append(tx, desk.space, now, "campaign-reply", says, detail=detail)
    return {**told, "resumed": False, "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}


def _found(desk: Desk, tx: Transaction, reply: str) -> tuple[Row, Row, str]:
    """(what came, what it answers, whether that is a campaign or the correction of which an old address was told)."""
    row = one(tx, TABLE, id=reply)
    campaign = one(tx, "campaign", id=row["campaign"], party=desk.space) if row else None
    if row is not None and campaign is not None and told_to(desk, tx, campaign):
        return row, campaign, _CAMPAIGN
    word = one(tx, "correction", id=row["campaign"], party=desk.space) if row else None
    if row is None or word is None:
        raise Missing("campaign.reply-unknown", "Nothing that was written back is called so.", next="custody work list")
    return row, word, "correction"


def _seen_to(desk: Desk, tx: Transaction, to: Row, of: str, row: Row) -> bool:
    """Whether what it asked for was taken in; what came of a word to an old address also where the change was taken back."""
    if of == _CAMPAIGN:
        return seen_to(desk, tx, _vault(tx, to), row)
    return to["state"] == UNDONE or seen_to(desk, tx, str(to["vault"]), row)


def _hold(tx: Transaction, to: Row, of: str, who: bytes) -> None:
    if of == _CAMPAIGN:
        hold(tx, to, who)
    else:
        warned.hold(tx, str(to["id"]))


def _vault(tx: Transaction, campaign: Row) -> str:
    matter = one(tx, "matter", id=str(campaign["matter"]))
    return str(matter["vault"]) if matter else ""
