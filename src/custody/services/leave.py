"""A person who leaves says what became of every copy they had, and signs it themselves (C9)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.leavers import STATES, State, said_by
from custody.acts.line import ABORTED
from custody.acts.matters import deal, facts_of, require_control
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.base.statement import subject as named
from custody.package.succession import Leaver


def leave(desk: Desk, named_deal: str, state: str) -> Mapping[str, Json]:
    """Once per person and deal; saying it again returns what was said first. Raises Malformed `leaver.state`."""
    known: dict[str, State] = {one: one for one in STATES}
    if state not in known:
        raise Malformed("leaver.state", "This says nothing about the copies.", next=f"Say one of: {', '.join(STATES)}.")
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        name, ref = str(matter["id"]), str(matter["ref"])
        if matter["state"] != ABORTED:
            require_control(matter, facts_of(tx, name))
        said = said_by(tx, name)
        if desk.principal.id in said:
            return {"deal": ref, "state": said[desk.principal.id], "resumed": True}
        says = Leaver(deal=ref, principal=desk.principal.id, state=known[state])
        subject = named("control", sha256(name.encode()))
        issue(desk, tx, name, [subject], says, n=len(said) + 1, personal=True)
    return {"deal": ref, "state": state, "resumed": False}
