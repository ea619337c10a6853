"""Draft what an incident makes the law want told, to the authority and to the persons: by when, and what is still to be written (E2; spec/incidents.md §6)."""

from collections.abc import Mapping

from custody.acts import incidents
from custody.acts.campaigning import INCIDENT, counts, texts
from custody.acts.desk import Desk
from custody.acts.incident_papers import drafts, said
from custody.acts.incidents import READERS
from custody.acts.matters import detail_of
from custody.acts.papers import papers
from custody.base.canonical import Json
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction


def incident_draft(desk: Desk, laws: Laws, ref: str, values: Mapping[str, Json]) -> Mapping[str, Json]:
    """Every paper of the incident; writes nothing. `values` holds what is written by hand: {item: text or {zh, en}}.

    `counted` is the newest counting of each vault, `campaigns` what tells its customers; `undrafted` are the duties of which no contents ship. Raises Missing `incident.unknown`, Malformed `document.values`.
    """
    desk.require(READERS)
    told = papers(laws)
    with desk.store.read() as tx:
        row = incidents.incident(tx, desk.space, ref)
        made, rest = drafts(desk, tx, laws, row, values)
        counted, sent = _counted(tx, row), _campaigns(desk, tx, ref)
    return {
        "incident": ref,
        "drafts": [said(one, told) for one in made],
        "undrafted": [
            {name: line[name] for name in ("rule", "duty", "title", "law", "due_at", "certain")} for line in rest
        ],
        "counted": counted,
        "campaigns": sent,
    }


def _counted(tx: Transaction, row: Row) -> list[Json]:
    names = {str(vault["id"]): str(vault["name"]) for vault in tx.find("vault", party=str(row["party"]))}
    return [{**one, "vault": names.get(vault, vault)} for vault, one in incidents.counted(detail_of(row)).items()]


def _campaigns(desk: Desk, tx: Transaction, ref: str) -> list[Json]:
    rows = [row for row in tx.find("campaign", order=("ref",), party=desk.space) if texts(row).get(INCIDENT) == ref]
    return [
        {"campaign": str(row["ref"]), "kind": texts(row)["paper"], "people": tx.count("sending", campaign=str(row["id"])), "counts": counts(tx, row)}
        for row in rows
    ]  # fmt: skip
