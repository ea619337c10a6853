"""Every correction with whoever has to know of it; late ones first (A7). `corrections_due` is what the schedule looks at."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, cast

from custody.acts import corrections
from custody.acts.desk import Desk
from custody.acts.warned import answers, told_since
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.store import Cells

MOST: Final = 500


def correction_list(desk: Desk, state: str, subject: str = "") -> Mapping[str, Json]:
    """`state` may be empty; with `subject` those of one customer alone. `answers`: what was written back to the word to an old address and nobody has read. Raises Malformed `correction.which`, `id.subject`."""
    desk.require(("owner", "privacy", "lawyer", "data", "department", "auditor"))
    if state and state not in corrections.STATES:
        raise Malformed(
            "correction.which", "There is no such state.", next=f"Say one of: {', '.join(corrections.STATES)}."
        )
    now = stamp(desk.clock.now())
    whose: Cells = {"subject": ids.subject_bytes(subject)} if subject else {}
    with desk.store.read() as tx:
        rows = tx.find("correction", order=("asked_at", "id"), party=desk.space, **whose)
        buyers = corrections.Buyers(desk, tx)
        wrote = answers(desk, tx)
        told = [corrections.told(desk, tx, row, now, buyers) for row in rows if state in {"", row["state"]}]
    told.sort(key=lambda each: (not each["late"], str(each["asked_at"])))
    return {
        "total": len(told), "by_state": dict(sorted(Counter(str(row["state"]) for row in rows).items())),
        "late": sum(bool(each["late"]) for each in told), "corrections": [cast("Json", each) for each in told[:MOST]],
        **({"answers": wrote} if wrote else {}),
    }  # fmt: skip


def corrections_due(desk: Desk) -> Mapping[str, Json]:
    """Close what nobody proved in time; `ok` is False while a recipient has not acknowledged a correction in time: an alarm."""
    with desk.store.write() as tx:
        lapsed = 0
        for row in tx.find("correction", party=desk.space, state=corrections.WAITING):
            if str(row["until"]) <= stamp(desk.clock.now()):
                lapsed += tx.change("correction", {"state": corrections.LAPSED, "code": b""}, id=row["id"])
        told_since(desk, tx)
        late = corrections.late(desk, tx)
    return {"lapsed": lapsed, "late": late, "ok": not late}
