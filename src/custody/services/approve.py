"""Approve, with one's own key, what another person is about to do (docs/architecture.md §6)."""

from collections.abc import Mapping

from custody.acts.approval import APPROVERS, give
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.one_hand import key_made
from custody.acts.stepping import ACT, ahead
from custody.base.canonical import Json
from custody.base.clock import stamp


def approve(desk: Desk, act: str, content: str) -> Mapping[str, Json]:
    """Sign for `act` on exactly `content` (the hash that the `--dry-run` of the act printed); lasts 24 hours."""
    desk.require(APPROVERS)
    with desk.store.write() as tx:
        approval = give(desk, tx, act, content)
        if act == ACT and ahead(
            tx, desk.space, desk.clock.now()
        ):  # no entry can be written before it: `clock-corrected` names it
            return _given(desk, act, content, approval)
        says: dict[str, Json] = {"act": act, "content": content, "approval": approval}
        if made := key_made(tx, desk.space, desk.principal.id):  # so that the two keys can be held against each other
            says |= {"key_by": made.by, "key_at": made.at}
        append(tx, desk.space, stamp(desk.clock.now()), "approved", says)
    return _given(desk, act, content, approval)


def _given(desk: Desk, act: str, content: str, approval: str) -> Mapping[str, Json]:
    return {"id": approval, "act": act, "content": content, "principal": desk.principal.id}
