"""Make links to customers' own pages of a deal: one customer's, or everybody's as a list for a print shop or a gateway (B3)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from custody.acts import links
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import one

CHANNELS: Final = ("email", "phone", "letter", "desk")
MOST_DAYS: Final = 365


def link_new(desk: Desk, named_deal: str, subject: str, channel: str, days: int) -> Mapping[str, Json]:
    """Raises Missing `subject.unknown`, Malformed `link.channel`, `link.days`. The token is told once and kept nowhere."""
    desk.require(("owner", "privacy", "data"))
    if channel not in CHANNELS:
        raise Malformed("link.channel", "This channel is not known.", next=f"Say one of: {', '.join(CHANNELS)}.")
    if not 1 <= days <= MOST_DAYS:
        raise Malformed("link.days", "A link lives from 1 to 365 days.")
    who = ids.subject_bytes(subject)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        if one(tx, "subject", vault=str(matter["vault"]), id=who, state="live") is None:
            raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
        made = links.make(desk, tx, str(matter["id"]), who, channel, timedelta(days=days))
        says: dict[str, Json] = {
            "matter": str(matter["id"]),
            "links": 1,
            "channel": channel,
            "expires_at": made.expires_at,
        }
        position = append(tx, desk.space, stamp(desk.clock.now()), "links-made", says)
    return {"deal": str(matter["ref"]), "link": made.name, "path": f"/t/{links.token(desk, made)}", "channel": channel,
            "expires_at": made.expires_at, "ledger": f"{desk.space}@{position}"}  # fmt: skip
