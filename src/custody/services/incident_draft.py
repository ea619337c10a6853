"""Draft what an incident makes the law want told, to the authority and to the persons: by when, and what is still to be written (E2; spec/incidents.md §6)."""

from collections.abc import Mapping

from custody.acts import incidents
from custody.acts.desk import Desk
from custody.acts.incident_papers import drafts, said
from custody.acts.incidents import READERS
from custody.acts.papers import papers
from custody.base.canonical import Json
from custody.ports.laws import Laws


def incident_draft(desk: Desk, laws: Laws, ref: str, values: Mapping[str, Json]) -> Mapping[str, Json]:
    """Every paper of the incident; writes nothing. `values` holds what is written by hand: {item: text or {zh, en}}.

    `undrafted` are the duties of which no contents ship. Raises Missing `incident.unknown`, Malformed `document.values`.
    """
    desk.require(READERS)
    told = papers(laws)
    with desk.store.read() as tx:
        row = incidents.incident(tx, desk.space, ref)
        made, rest = drafts(desk, tx, laws, row, values)
    return {
        "incident": ref,
        "drafts": [said(one, told) for one in made],
        "undrafted": [
            {name: line[name] for name in ("rule", "duty", "title", "law", "due_at", "certain")} for line in rest
        ],
    }
