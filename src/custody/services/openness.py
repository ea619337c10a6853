"""What anybody may know of how a company treats its customers' data: what, why, whom, how long, transfers, figures, the ledger's head (B5, spec/openness.md).

Nothing about one person, no name of staff, no count of people.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, cast

from custody.acts.campaigning import WENT, texts
from custody.acts.copies import processors
from custody.acts.desk import Desk
from custody.acts.moved_days import day
from custody.acts.public_deals import contact, deals, recalls
from custody.acts.public_figures import asked, begun, head, incidents, since
from custody.acts.public_held import held
from custody.acts.untrue import OFF, void
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row, Transaction

_SAFE: Final = "https://"


def openness(desk: Desk) -> Mapping[str, Json]:
    """Everything on the page, as of now."""
    desk.require(("owner", "privacy", "auditor"))
    now = desk.clock.now()
    begins, from_then = since(desk), begun(desk)
    with desk.store.read() as tx:
        published, today = tx.find("publication", order=("ref",), party=desk.space), desk.today().isoformat()
        notices: list[Json] = [_notice(tx, row) for row in published if str(row["from_on"]) <= today]
        return {
            "company": {"zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh}, "contact": contact(desk, tx), "pages": _pages(desk, tx),
            "at": stamp(now), "since": begins, "rehearsal": desk.rehearsal, "held": held(desk, tx), "processors": _processors(desk, tx),
            "deals": deals(desk, tx), "recalls": recalls(desk, tx, from_then), "notices": notices, "asked": asked(desk, tx, now), "incidents": incidents(desk, tx, from_then), "log": head(desk, tx),
        }  # fmt: skip


def _processors(desk: Desk, tx: Transaction) -> list[Json]:
    """Those who process for the company, by name with what for, but for who gave everything back or never had anything."""
    found: dict[str, dict[str, None]] = {}
    for vault in tx.find("vault", order=("name",), party=desk.space):
        for name, why in processors(tx, str(vault["id"])).items():
            found.setdefault(name, {}).update(dict.fromkeys(why))
    return [{"name": name, "purposes": list[Json](why)} for name, why in sorted(found.items())]


def _pages(desk: Desk, tx: Transaction) -> str:
    """Where the newest campaign that went out and leads to customers' pages finds them; '' where none does. A plan may never be approved."""
    rows = (row for row in tx.find("campaign", order=("made_at",), party=desk.space) if _went(tx, row))
    found = [base for row in rows if (base := texts(row)["pages"].rstrip("/")).startswith(_SAFE)]
    return found[-1] if found else ""


def _went(tx: Transaction, row: Row) -> bool:
    return any(tx.count("sending", campaign=str(row["id"]), state=state) for state in WENT)


def _notice(tx: Transaction, row: Row) -> Json:
    """A public notice: where it stands and since when, until when at least or until when it did; for how many is nobody's matter."""
    soonest = date.fromisoformat(str(row["from_on"])) + timedelta(days=cast("int", row["days"]))
    why, off = void(tx, row), day(tx, str(row["matter"]), OFF)
    return {"shown_in": str(row["place"]), "where": str(row["location"]), "from": str(row["from_on"]), "until": str(row["until_on"]),
            "soonest": soonest.isoformat(), "text": str(row["text"]), **({why: True} if why else {}), **({"off_on": off} if why == "off" and off else {})}  # fmt: skip
