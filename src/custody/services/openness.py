"""What anybody may know of how a company treats its customers' data: classes, purposes, retention, transfers, figures, the ledger's head (B5).

Nothing about one person, no count of anything but requests, no name of staff.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median
from typing import Final, cast

from custody.acts.answering import telling
from custody.acts.asked import late, ours
from custody.acts.desk import Desk
from custody.acts.layouts import class_of
from custody.acts.matters import facts_of
from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.classify.taxonomy import classes
from custody.ports.store import Row, Transaction, one

_DAY: Final = timedelta(days=1)
_DONE: Final = ("released", "destroyed", "control")


def openness(desk: Desk) -> Mapping[str, Json]:
    """Everything on the page, as of now."""
    desk.require(("owner", "privacy", "auditor"))
    now = desk.clock.now()
    with desk.store.read() as tx:
        vaults = tx.find("vault", order=("name",), party=desk.space)
        held: list[Json] = [line for vault in vaults for line in _held(tx, str(vault["id"]))]
        copies = {
            str(row["name"]) for vault in vaults for row in tx.find("copy", vault=str(vault["id"]), kind="processor")
        }
        hashes = [cast("bytes", row["hash"]) for row in tx.scan("ledger_entry", order=("position",), space=desk.space)]
        notices: list[Json] = [_notice(row) for row in tx.find("publication", order=("ref",), party=desk.space)]
        deals: list[Json] = [_deal(tx, row) for row in tx.find("matter", order=("ref",), party=desk.space, kind="deal")]
        asked = _requests(
            [row for row in tx.find("request", order=("received_at",)) if ours(tx, desk.space, row)], stamp(now)
        )
    return {
        "company": {"zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh}, "at": stamp(now), "rehearsal": desk.rehearsal,
        "held": held, "processors": list[Json](sorted(copies)), "deals": deals, "notices": notices, "asked": asked,
        "log": {"size": len(hashes), "root": merkle.root(hashes).hex(), "space": desk.space, "fingerprint": desk.card.identity.fingerprint},
    }  # fmt: skip


def _held(tx: Transaction, vault: str) -> list[Json]:
    """One line for each compartment that somebody's data lies in: its classes, purposes, retention and tier."""
    found: list[Json] = []
    for row in tx.find("compartment", order=("number",), vault=vault):
        kinds = _classes(tx, vault, cast("int", row["number"]))
        if kinds:
            found.append({"classes": list[Json](kinds), "purposes": [one for one in str(row["purposes"]).split(",") if one],
                          "retention": str(row["retention"]), "tier": str(row["tier"])})  # fmt: skip
    return found


def _classes(tx: Transaction, vault: str, compartment: int) -> list[str]:
    found: dict[str, None] = {}
    for layout in tx.find("schema", order=("number",), vault=vault, compartment=compartment):
        told = cast("dict[str, list[str]]", canonical.decode(cast("bytes", layout["columns"])))
        own = class_of(tx, vault, str(layout["tbl"]))
        found |= dict.fromkeys(own[name] for name in told["columns"] if own.get(name) in classes())
    return [one for one in found if classes()[one].level != "none"]


def _deal(tx: Transaction, row: Row) -> Json:
    name = str(row["id"])
    done: list[Json] = [kind for kind in _DONE if tx.count("statement", matter=name, kind=kind)]
    return {"structure": str(facts_of(tx, name).get("deal.structure") or ""), "done": done, "to": _company(tx, str(row["counterparty"])),
            "closing_on": telling(tx, name).get("closing_on", "")}  # fmt: skip


def _notice(row: Row) -> Json:
    """A public notice: where it stands and since when, until when at least or until when it did; for how many is nobody's matter."""
    soonest = date.fromisoformat(str(row["from_on"])) + timedelta(days=cast("int", row["days"]))
    return {"shown_in": str(row["place"]), "where": str(row["location"]), "from": str(row["from_on"]), "until": str(row["until_on"]),
            "soonest": soonest.isoformat(), "text": str(row["text"])}  # fmt: skip


def _company(tx: Transaction, party: str) -> Json:
    row = one(tx, "party", id=party) if party else None
    card = cast("dict[str, Json]", canonical.decode(cast("bytes", row["card"]))) if row else {}
    return card.get("name", {"zh": "", "en": ""})


def _requests(rows: list[Row], now: str) -> Json:
    """By month, answered, in time, and the median of days; a median of nothing is null."""
    ended = [row for row in rows if row["closed_at"]]
    days = [(parse(str(row["closed_at"])) - parse(str(row["received_at"]))) / _DAY for row in ended]
    months = Counter(str(row["received_at"])[:7] for row in rows)
    return {"total": len(rows), "answered": len(ended), "late": sum(late(row, now) for row in rows),
            "median_days": int(median(days) + 0.5) if days else None,
            "months": [{"month": month, "count": count} for month, count in sorted(months.items())]}  # fmt: skip
