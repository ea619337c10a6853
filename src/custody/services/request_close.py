"""Answer a request: granted, in part, or refused by a rule that is named; the customer sees it on their page (B4)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import done_for, lawbook
from custody.acts.asked import ENDED, request, told
from custody.acts.closed_accounts import keep_away
from custody.acts.desk import Desk
from custody.acts.done_for import REFUSED
from custody.acts.grounds import require_grounds
from custody.acts.identified import KINDS
from custody.acts.mirroring import mirrored
from custody.acts.noted import CLOSING, SAYING_NO
from custody.acts.refusals import resting_on
from custody.acts.requesting import end
from custody.acts.tokens import DECIDES
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed
from custody.model.party import MACHINES
from custody.ports.laws import Laws
from custody.ports.store import Row, one

CLOSERS: Final = ("owner", "privacy", "lawyer")
_PROVEN: Final = frozenset(KINDS)


def request_close(
    desk: Desk, laws: Laws, ref: str, state: str, by_rule: str, by: Sequence[str] = ()
) -> Mapping[str, Json]:
    """What is refused, whole or in part, names the rule; what is granted rests on the acts that did it. Closing it again changes nothing.

    `by_rule` names a ground of each law that binds, with commas between. What a deletion leaves in other hands is named too, as `copy:NAME`. Raises Malformed `request.state`, `request.rule`, `request.grounds`, `request.act`,
    Refused `request.laws`, `request.undone`, `request.unnamed`, `request.elsewhere`, `request.copies`, Denied `request.machine`.
    """
    desk.require((*CLOSERS, DECIDES))
    if state not in ENDED:
        raise Malformed(
            "request.state", "A request ends granted, partly or refused.", next=f"Say one of: {', '.join(ENDED)}."
        )
    rules = list(dict.fromkeys(one.strip() for one in by_rule.split(",") if one.strip()))
    if (state != "granted") != bool(rules):
        raise Malformed(
            "request.rule",
            "A refusal, whole or in part, names the rule it rests on; what is granted names none.",
            next="custody request grounds REF",
        )
    _keep_away(desk, ref, state, by)
    with desk.store.write() as tx:
        row, now = request(desk, tx, ref), stamp(desk.clock.now())
        if row["closed_at"]:
            return {**told(row, now), "acts": done_for.answering(tx, row), "resumed": True}
        require_grounds(lawbook.packs(laws), row, rules, desk.today())
        _require_proven(desk, row, state)
        acts, left = done_for.rests_on(desk, tx, row, state, by)
        done_for.keep(tx, row, acts, now)
        position = end(desk, tx, row, state, resting_on(lawbook.packs(laws), *rules), acts, left)
        after = told(request(desk, tx, ref), now)
    mirrored(desk)
    return {
        **after,
        "acts": list[Json](acts),
        "outstanding": [each.told() for each in left],
        "resumed": False,
        "ledger": f"{desk.space}@{position}",
    }


def _keep_away(desk: Desk, ref: str, state: str, by: Sequence[str]) -> None:
    """Whoever's account is closed, whole or in part, is on the list before their page says so: nothing else may have put them there."""
    with desk.store.read() as tx:
        row = request(desk, tx, ref)
        if row["closed_at"] or row["kind"] != CLOSING or state == REFUSED:
            return
        done_for.rests_on(desk, tx, row, state, by)
        vault = cast("Row", one(tx, "vault", id=str(row["vault"])))
    keep_away(desk, vault, [cast("bytes", row["subject"])])


def _require_proven(desk: Desk, row: Row, state: str) -> None:
    """A machine saw nobody: what it grants was proven by an identifier on file, but for a no, which takes no proof. Raises Denied `request.machine`."""
    if not desk.principal.roles & MACHINES or state == REFUSED or row["kind"] in SAYING_NO or row["proof"] in _PROVEN:
        return
    raise Denied(
        "request.machine", "Who this person is was not shown by an identifier on file: a person answers it.",
        next="Somebody of the company: custody request close REF",
    )  # fmt: skip
