"""A customer corrects a value on their own page (A7, B3; spec/freshness.md §3).

What the policy leaves to the person is done at once. What is high risk is done at once only where the link itself went to the old
channel, and that channel has been on file long enough and since before the link was made; everything else becomes a request for staff.
"""

import hmac
from collections.abc import Mapping
from typing import Final, cast

from custody.acts import corrections
from custody.acts.agreed_corrections import carry_out_all, worded
from custody.acts.correcting import Place, cell_at
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.own_values import Own, mark_of, own_values
from custody.acts.policies import CORRECTIONS
from custody.acts.requesting import intake, require_few
from custody.acts.sole import holding
from custody.acts.visiting import Visit, proven
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction, one
from custody.privacy.corrections import OLD_CHANNEL, SELF, Policy

_REASON: Final = "person-corrected"


def portal_correct(desk: Desk, laws: Laws, token: str, proof: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """`given`: class, which (of its values, from 0; with the mark that the page gives, that value alone), value. Returns `did`: done or asked. Raises Denied `portal.proof`, Malformed `correction.value`."""
    with desk.store.read() as tx:
        seen = proven(desk, tx, laws, token, proof)
        vault = cast("Row", one(tx, "vault", id=seen.matter["vault"]))
    with holding(desk, str(vault["name"])):  # from the first look: what was chosen is what is written
        with desk.store.read() as tx:
            policy = CORRECTIONS.in_force(tx, desk.space).policy
            chosen = _chosen(desk, seen, own_values(desk, tx, str(vault["id"]), seen.link.subject), given)
            value = worded(chosen.cls, given.get("value", ""), str(vault["region"]))
            made = [_drafted(desk, tx, str(vault["id"]), seen, place) for place in chosen.places]
            may = _may(desk, tx, seen, policy, chosen.cls)
        if may:
            carry_out_all(desk, made, value)
    if not may:
        return _asked(desk, laws, token, proof, f"{chosen.cls}: {value}")
    return {"did": "done", "class": chosen.cls, "corrections": [str(row["id"]) for row, _ in made], "mirrored": mirrored(desk)}  # fmt: skip


def _chosen(desk: Desk, seen: Visit, own: list[Own], given: Mapping[str, str]) -> Own:
    """By its mark where one is given: a number means another value once one of them was put right."""
    which, _, mark = given.get("which", "0").partition("-")
    found = [each for each in own if each.cls == given.get("class")]
    marked = [each for each in found if mark and hmac.compare_digest(mark_of(desk, seen.link.name, each), mark)]
    if marked:
        return marked[0]
    if mark or not (which.isascii() and which.isdigit() and int(which[:4]) < len(found)):
        raise Malformed("portal.request", "Say what you ask for.", next="Open the link again.")
    return found[int(which[:4])]


def _may(desk: Desk, tx: Transaction, seen: Visit, policy: Policy, cls: str) -> bool:
    rule = policy.of(cls)
    if rule.by == SELF:
        return True
    reached = corrections.REACHES.get(seen.link.channel, "")
    right = reached == cls if cls in corrections.REACHES.values() else bool(reached)
    vault, who = str(seen.matter["vault"]), seen.link.subject
    fresh = corrections.unsettled_channels(tx, vault, who, stamp(desk.clock.now()))
    # A link that went to an earlier address lives for weeks: whoever holds it does not hold the one on file now.
    fresh |= corrections.changed_since(tx, vault, who, str(cast("Row", one(tx, "link", id=seen.link.id))["made_at"]))
    return rule.by == OLD_CHANNEL and right and reached not in fresh


def _drafted(desk: Desk, tx: Transaction, vault: str, seen: Visit, place: Place) -> tuple[Cells, corrections.Draft]:
    draft = corrections.Draft(
        vault,
        seen.link.subject,
        place.table,
        place.column,
        cell_at(tx, vault, seen.link.subject, place),
        f"link+{seen.proof}",
        _REASON,
        corrections.REACHES.get(seen.link.channel, ""),
        "portal",
    )
    return corrections.new_row(desk, draft, corrections.DONE), draft


def _asked(desk: Desk, laws: Laws, token: str, proof: str, note: str) -> Mapping[str, Json]:
    """What staff have to look at: a request with the law's clock, the new value among its sealed words."""
    with desk.store.write() as tx:
        seen = proven(desk, tx, laws, token, proof)
        require_few(desk, tx, seen.link.subject)
        made = intake(desk, tx, laws, seen.matter, seen.subject, "correct", "portal", seen.proof, note)
    return {"did": "asked", "request": made["ref"], "mirrored": mirrored(desk)}
