"""One draft of an incident as a PDF: to be signed and given to an authority, what is not written yet marked (E2; spec/incidents.md §6)."""

from collections.abc import Callable, Mapping
from typing import Any

from custody.acts import incidents
from custody.acts.desk import Desk
from custody.acts.incident_papers import drafts
from custody.acts.incidents import READERS
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.ports.laws import Laws

Draw = Callable[[str, Mapping[str, Any]], bytes]


def incident_print(
    desk: Desk, laws: Laws, draw: Draw, named: tuple[str, str, str], values: Mapping[str, Json]
) -> bytes:
    """`named`: the incident, the kind of paper, the language. Writes nothing. Raises Missing `incident.unknown`, `incident.draft`, Malformed `document.values`."""
    desk.require(READERS)
    ref, kind, lang = named
    with desk.store.read() as tx:
        made, _ = drafts(desk, tx, laws, incidents.incident(tx, desk.space, ref), values)
    found = next((one for one in made if one.kind.name == kind and lang in one.by), None)
    if found is None:
        raise Missing(
            "incident.draft", "No duty of this incident asks for such a paper.", next="custody incident draft REF"
        )
    return draw("paper", found.data(lang))
