"""Record an incident, or what was learned of one since (E2; spec/incidents.md §1, §2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

from custody.acts import facts, incidents, lawbook
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.incidents import DISCOVERED, KIND, OPEN, RECORDERS
from custody.acts.matters import detail_of, facts_of
from custody.acts.mirroring import mirrored
from custody.acts.vaults import sha256
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Malformed, Missing
from custody.law import subject as subjects
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction

_GROUPS: Final = ("incident", "seller")
_FIRST_YEAR: Final = 2018


def incident_record(
    desk: Desk, laws: Laws, ref: str, given: Mapping[str, Json], named: Sequence[str]
) -> Mapping[str, Json]:
    """`ref` is '' for a new one; `given` are the leaves that change, by group. Raises Malformed `incident.facts`, `incident.when`, `law.facts`, Missing `incident.law`."""
    desk.person()
    desk.require(RECORDERS)
    if wrong := sorted(group for group in given if group not in _GROUPS):
        raise Malformed("incident.facts", f"Of an incident are kept facts of these groups alone: {', '.join(_GROUPS)}.", where={"fact": wrong[0][:80]}, next="custody law facts incident seller")  # fmt: skip
    said, places = facts.stated(laws, given), _places(laws, named)
    with desk.store.write() as tx:
        now = desk.clock.now()
        row = incidents.live(tx, desk.space, ref) if ref else _opened(desk, tx, places, now, said)
        position = _kept(desk, tx, row, said, places, fresh=not ref)
        told = incidents.told(
            tx, laws, incidents.incident(tx, desk.space, str(row["ref"])), desk.card.place, stamp(now)
        )
    return {**told, "ledger": f"{desk.space}@{position}" if position is not None else "", "mirrored": mirrored(desk)}


def _places(laws: Laws, named: Sequence[str]) -> list[str]:
    """With the laws above each. Raises Missing `incident.law`."""
    found = sorted({law for place in named for law in subjects.laws(place)})
    if unknown := [law for law in found if law not in lawbook.packs(laws).regimes]:
        raise Missing("incident.law", "The law of this place is not loaded: nothing would say when its authority is told.", where={"place": unknown[0][:16]}, next="custody law rules")  # fmt: skip
    return found


def _opened(desk: Desk, tx: Transaction, places: list[str], now: datetime, said: Mapping[str, Json]) -> Row:
    _moment(said, now)
    ours = set(subjects.laws(desk.card.place))
    detail: dict[str, Json] = {
        "recorded_at": stamp(now),
        "closed_at": "",
        "places": list[Json](sorted({*ours, *places})),
        "done": [],
    }
    row: Cells = {"id": ids.new("inc"), "party": desk.space, "kind": KIND, "ref": f"I-{now.year}-{next_number(tx, f'incident:{desk.space}:{now.year}'):04d}",
                  "version": 0, "state": OPEN, "vault": "", "counterparty": "", "detail": canonical.encode(detail)}  # fmt: skip
    tx.add("matter", [row])
    return row


def _kept(
    desk: Desk, tx: Transaction, row: Row, said: Mapping[str, Json], places: list[str], *, fresh: bool
) -> int | None:
    """A new version, unless nothing of it is new."""
    name, known, detail = str(row["id"]), facts_of(tx, str(row["id"])), dict(detail_of(row))
    changed = {leaf: value for leaf, value in said.items() if known.get(leaf) != value}
    more = sorted({*incidents.places(detail), *places})
    if not changed and more == detail["places"]:
        return None
    _moment({**known, **changed}, desk.clock.now())
    version = cast("int", row["version"]) + 1
    facts.keep(desk, tx, name, version, changed, {})
    tx.change(
        "matter", {"version": version, "detail": canonical.encode({**detail, "places": list[Json](more)})}, id=name
    )
    says: dict[str, Json] = {"matter": name, "version": version, "leaves": list[Json](sorted(changed)), "facts": sha256(canonical.encode(changed)),
                             "places": list[Json](more), "principal": desk.principal.id}  # fmt: skip
    return append(tx, desk.space, stamp(desk.clock.now()), "incident-recorded" if fresh else "incident-amended", says)


def _moment(said: Mapping[str, Json], now: datetime) -> None:
    """When it was discovered is known, and not ahead. Raises Malformed `incident.when`."""
    moment = said.get(DISCOVERED)
    if not isinstance(moment, str) or parse(moment).year < _FIRST_YEAR or parse(moment) > now:
        raise Malformed("incident.when", "It is not said when the incident was discovered, or that lies ahead.", next='{"incident": {"discovered_at": "2026-03-16T10:00:00+08:00"}}')  # fmt: skip
