"""A customer corrects a value on their own page (A7, B3; spec/freshness.md §3).

What the policy leaves to the person is done at once. What is high risk is done at once only where the link itself went to the old
channel, and that channel has been on file long enough; everything else becomes a request for staff.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import corrections
from custody.acts.agreed_corrections import carry_out, worded
from custody.acts.correcting import Place, cell_at
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.own_values import Own, own_values
from custody.acts.policies import CORRECTIONS
from custody.acts.requesting import intake
from custody.acts.sole import holding
from custody.acts.visiting import Visit, proven
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one
from custody.privacy.corrections import OLD_CHANNEL, SELF, Policy

_REASON: Final = "person-corrected"


def portal_correct(desk: Desk, laws: Laws, token: str, proof: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """`given`: class, which (of its values, from 0), value. Returns `did`: done or asked. Raises Denied `portal.proof`, Malformed `correction.value`."""
    with desk.store.read() as tx:
        seen = proven(desk, tx, laws, token, proof)
        policy, vault = (
            CORRECTIONS.in_force(tx, desk.space).policy,
            cast("Row", one(tx, "vault", id=seen.matter["vault"])),
        )
        chosen = _chosen(own_values(desk, tx, str(vault["id"]), seen.link.subject), given)
        value = worded(chosen.cls, given.get("value", ""), str(vault["region"]))
        may = _may(desk, tx, seen, policy, chosen.cls)
    if not may:
        return _asked(desk, laws, token, proof, f"{chosen.cls}: {value}")
    made: list[Json] = []
    with holding(desk, str(vault["name"])):
        for place in chosen.places:
            made.append(_one(desk, str(vault["id"]), seen, place, value))  # noqa: PERF401 - each is a transaction of its own
    return {"did": "done", "class": chosen.cls, "corrections": made, "mirrored": mirrored(desk)}


def _chosen(own: list[Own], given: Mapping[str, str]) -> Own:
    which = given.get("which", "0")
    found = [each for each in own if each.cls == given.get("class")]
    if not (which.isascii() and which.isdigit() and int(which[:4]) < len(found)):
        raise Malformed("portal.request", "Say what you ask for.", next="Open the link again.")
    return found[int(which[:4])]


def _may(desk: Desk, tx: Transaction, seen: Visit, policy: Policy, cls: str) -> bool:
    rule = policy.of(cls)
    if rule.by == SELF:
        return True
    reached = corrections.REACHES.get(seen.link.channel, "")
    right = reached == cls if cls in corrections.REACHES.values() else bool(reached)
    fresh = corrections.unsettled_channels(tx, str(seen.matter["vault"]), seen.link.subject, stamp(desk.clock.now()))
    return rule.by == OLD_CHANNEL and right and reached not in fresh


def _one(desk: Desk, vault: str, seen: Visit, place: Place, value: str) -> str:
    with desk.store.read() as tx:
        cell = cell_at(tx, vault, seen.link.subject, place)
    draft = corrections.Draft(
        vault,
        seen.link.subject,
        place.table,
        place.column,
        cell,
        f"link+{seen.proof}",
        _REASON,
        corrections.REACHES.get(seen.link.channel, ""),
    )
    row = corrections.new_row(desk, draft, corrections.DONE)
    carry_out(desk, row, draft, value)
    return str(row["id"])


def _asked(desk: Desk, laws: Laws, token: str, proof: str, note: str) -> Mapping[str, Json]:
    """What staff have to look at: a request with the law's clock, the new value among its sealed words."""
    with desk.store.write() as tx:
        seen = proven(desk, tx, laws, token, proof)
        made = intake(desk, tx, laws, seen.matter, seen.subject, "correct", "portal", seen.proof, note)
    return {"did": "asked", "request": made["ref"], "mirrored": mirrored(desk)}
