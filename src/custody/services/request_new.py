"""Take in a request that came by telephone, letter, e-mail or at the desk: with how its person was identified (B4)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.requesting import CHANNELS, KINDS, intake
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing
from custody.ports.laws import Laws
from custody.ports.store import one

PROOFS: Final = ("phone", "email", "id-number", "customer-number", "in-person")


def request_new(desk: Desk, laws: Laws, named_deal: str, subject: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """`given`: kind, channel, proof, note. Raises Missing `subject.unknown`, Malformed `request.form`."""
    desk.require(("owner", "privacy", "data", "department"))
    kind, channel, proof = (given.get(name, "") for name in ("kind", "channel", "proof"))
    for value, allowed in ((kind, KINDS), (channel, CHANNELS[1:]), (proof, PROOFS)):
        if value not in allowed:
            raise Malformed(
                "request.form", "A kind, channel or proof is not known.", next=f"Say one of: {', '.join(allowed)}."
            )
    who = ids.subject_bytes(subject)
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        row = one(tx, "subject", vault=str(matter["vault"]), id=who, state="live")
        if row is None:
            raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
        made = intake(desk, tx, laws, matter, row, kind, channel, proof, given.get("note", "").strip())
    mirrored(desk)
    return made
