"""What a person sees of how their data is kept right: what they can correct, what was corrected, whether it is time to confirm."""

from custody.acts import corrections
from custody.acts.desk import Desk
from custody.acts.own_values import Own, mark_of, own_values
from custody.acts.policies import CORRECTIONS
from custody.acts.reviewing import months_ago
from custody.acts.visiting import Visit
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.classify.taxonomy import classes
from custody.ports.store import Row, Transaction, one


def fresh(desk: Desk, tx: Transaction, seen: Visit) -> dict[str, Json]:
    """`own` is empty until the second factor: a veiled list shows nothing that could be corrected."""
    vault, now = str(seen.matter["vault"]), stamp(desk.clock.now())
    row = one(tx, "confirmed", vault=vault, subject=seen.link.subject)
    at = str(row["at"]) if row else ""
    since = months_ago(desk.clock.now(), CORRECTIONS.in_force(tx, desk.space).policy.confirm_months)
    own = own_values(desk, tx, vault, seen.link.subject) if seen.live and seen.proof else []
    rows = tx.find("correction", order=("done_at",), vault=vault, subject=seen.link.subject)
    return {
        "own": _numbered(desk, seen.link.name, own), "confirmed_at": at, "confirm": seen.live and at < since,
        "corrections": [_told(one_row, now) for one_row in rows if one_row["state"] in {corrections.DONE, corrections.UNDONE}],
    }  # fmt: skip


def _numbered(desk: Desk, link: str, own: list[Own]) -> list[Json]:
    """Each value with its number among those of its class, and its mark."""
    seen, told = dict[str, int](), list[Json]()
    for each in own:
        which = seen[each.cls] = seen.get(each.cls, -1) + 1
        told.append(
            {
                "class": each.cls,
                "which": which,
                "key": f"{each.cls}/{which}-{mark_of(desk, link, each)}",
                "name": _name(each.cls),
                "value": each.text,
            }
        )
    return told


def _told(row: Row, now: str) -> dict[str, Json]:
    return {"id": str(row["id"]), "name": _name(str(row["cls"])), "state": str(row["state"]), "done_at": str(row["done_at"]),
            "undo_until": str(row["undo_until"]), "undo": row["state"] == corrections.DONE and str(row["undo_until"]) > now}  # fmt: skip


def _name(cls: str) -> Json:
    known = classes().get(cls)
    return known.called if known else {"zh": cls, "en": cls}
