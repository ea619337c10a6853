"""Count whom an incident touched, in what a vault holds: their number becomes a fact of it, who they are does not (E2; spec/incidents.md §7)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from custody.acts import facts, incidents
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.incident_people import Listing, Touched, chosen, listing, mark, touched
from custody.acts.incidents import COUNTED, DECIDERS
from custody.acts.matters import detail_of, facts_of
from custody.acts.mirroring import mirrored
from custody.acts.vaults import sha256, vault_row
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

PEOPLE, SENSITIVE = "incident.affected_subjects", "incident.affected_sensitive"


class Where(NamedTuple):
    """In which vault, in which of its tables or columns (all unless named), and a list of the leaked file."""

    vault: str | None
    columns: tuple[str, ...]
    listed: bytes | None


def incident_count(desk: Desk, laws: Laws, ref: str, where: Where) -> Mapping[str, Json]:
    """A line of the list that names nobody here counts as one person whom nobody knows.

    Raises Missing `incident.unknown`, `vault.unknown`; Malformed `incident.column`, `incident.file`; Refused `incident.closed`; Denied `lookup.limit`.
    """
    desk.person()
    desk.require(DECIDERS)
    with desk.store.read() as tx:
        row, vault = incidents.live(tx, desk.space, ref), vault_row(tx, desk.space, where.vault)
        day = incidents.day(facts_of(tx, str(row["id"])), desk.card.place, desk.zones).isoformat()
        columns = chosen(tx, str(vault["id"]), where.columns)
    listed = listing(desk, vault, where.listed)
    with desk.store.read() as tx:
        found = touched(desk, tx, str(vault["id"]), columns, listed, day)
    told = _told(desk, vault, where, found, listed)
    with desk.store.write() as tx:
        row = incidents.live(tx, desk.space, ref)
        position = _kept(desk, tx, row, str(vault["id"]), told)
        after = incidents.told(
            tx, laws, incidents.incident(tx, desk.space, ref), desk.card.place, stamp(desk.clock.now())
        )
    return {**after, "counted": {**told, "vault": str(vault["name"])}, "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}  # fmt: skip


def _told(desk: Desk, vault: Row, where: Where, found: Touched, listed: Listing | None) -> dict[str, Json]:
    """What is kept of the counting: numbers and names of columns, and a mark of the list that tells it to nobody."""
    held: list[Json] = [
        {"table": one.table, "column": one.name, "class": one.cls, "tier": one.tier, "people": found.columns[one]}
        for one in sorted(found.columns)
    ]
    lines = listed or Listing()
    return {
        "asked": list[Json](where.columns), "columns": held, "people": len(found.people), "customers": len(found.customers), "sensitive": len(found.sensitive & set(found.people)),
        "by_kind": dict(sorted(Counter(found.kinds.values()).items())), "list": mark(desk, vault, where.listed), "lines": lines.lines, "unmatched": lines.unmatched, "several": lines.several,
        "at": stamp(desk.clock.now()), **({"unread": found.unread} if found.unread else {}),
    }  # fmt: skip


def _kept(desk: Desk, tx: Transaction, row: Row, vault: str, told: Mapping[str, Json]) -> int:
    """The newest counting of each vault stands; their sums are the facts."""
    detail, version = dict(detail_of(row)), cast("int", row["version"]) + 1
    counted = {**incidents.counted(detail), vault: told}
    said = _facts(list(counted.values()))
    facts.keep(desk, tx, str(row["id"]), version, said, {})
    tx.change(
        "matter",
        {
            "version": version,
            "detail": canonical.encode({**detail, COUNTED: {name: dict(one) for name, one in counted.items()}}),
        },
        id=str(row["id"]),
    )
    says: dict[str, Json] = {
        "matter": str(row["id"]), "version": version, "vault": vault, "people": told["people"], "sensitive": told["sensitive"], "unmatched": told["unmatched"],
        "facts": sha256(canonical.encode(said)), "principal": desk.principal.id,
    }  # fmt: skip
    return append(tx, desk.space, stamp(desk.clock.now()), "incident-counted", says)


def _facts(counted: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """Whom nobody knows may be anybody: they are among the affected, and among those of whom something sensitive is, where that was touched."""
    unknown = [cast("int", one["unmatched"]) for one in counted]
    grave = [
        any(cast("Mapping[str, Json]", each)["tier"] == "sensitive" for each in cast("Sequence[Json]", one["columns"]))
        for one in counted
    ]
    people = sum(cast("int", one["people"]) for one in counted) + sum(unknown)
    sensitive = sum(cast("int", one["sensitive"]) for one in counted)
    return {PEOPLE: people, SENSITIVE: sensitive + sum(n for n, is_grave in zip(unknown, grave, strict=True) if is_grave)}  # fmt: skip
