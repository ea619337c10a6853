"""What clocks speak of: places with zone and calendar, case-local facts, start events, what clocks are for (spec/law.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from custody.law.faults import Faults
from custody.law.lined import Lined, documents
from custody.law.schema import Leaf, Schema, read_leaf


@dataclass(frozen=True, slots=True)
class Place:
    """A place whose law may be loaded: its zone, the calendar of its working days, the laws that bind its people."""

    zone: str
    days: str
    law: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A moment from which a clock runs. `fact` holds it in a matter's facts; `also` are other words for it."""

    name: str
    fact: str
    also: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Terms:
    """`clocks.yaml`, read."""

    places: Mapping[str, Place]
    flags: Mapping[str, Leaf]
    events: Mapping[str, Event]
    duties: Mapping[str, Mapping[str, str]]

    def zone(self, place: str) -> str:
        """The zone of a place; UTC where the place is not known, which is a fault of its own."""
        return self.places[place].zone if place in self.places else "UTC"

    def duty(self, word: str) -> dict[str, str]:
        """What a rule's clock is for, in both languages; the rule's own word where none is given."""
        return dict(self.duties.get(word) or {"zh": word, "en": word})

    def over(self, schema: Schema) -> Schema:
        """The schema and the case-local facts."""
        return Schema({**schema.leaves, **self.flags})

    def event(self, word: str) -> str:
        """The event a word means; the word itself if none."""
        return next((one.name for one in self.events.values() if word == one.name or word in one.also), word)


def read_terms(text: str, schema: Schema, file: str = "clocks.yaml") -> Terms:
    """Read `clocks.yaml`. Raises Malformed `law.schema` with every fault."""
    faults = Faults(file)
    found = documents(text, faults)
    top = found[0] if found and isinstance(found[0], Lined) else Lined()
    places, flags, events, duties = (_rows(top, name, faults) for name in ("places", "flags", "events", "duties"))
    made = Terms(
        {
            name: Place(str(row.get("zone")), str(row.get("days", "")), tuple(row.get("law", ())))
            for name, row in places.items()
        },
        {name: read_leaf(name, row, faults) for name, row in flags.items()},
        {name: _event(name, row, schema, faults) for name, row in events.items()},
        {name: _spoken(name, row, faults) for name, row in duties.items()},
    )
    words = [word for one in made.events.values() for word in (one.name, *one.also)]
    for word in sorted({word for word in words if words.count(word) > 1}):
        faults.add(1, f"{word} means two events")
    faults.stop("law.schema", "Correct the terms named; nothing was loaded.")
    return made


def read_zones(text: str) -> dict[str, str]:
    """{place: zone} of `clocks.yaml` alone, for whoever asks nothing else of it."""
    found = documents(text, Faults("clocks.yaml"))
    top = found[0] if found and isinstance(found[0], Lined) else Lined()
    return {name: str(row.get("zone")) for name, row in _rows(top, "places", Faults("clocks.yaml")).items()}


def _rows(top: Lined, name: str, faults: Faults) -> dict[str, Lined]:
    rows = top.get(name)
    if not isinstance(rows, Lined) or any(not isinstance(row, Lined) for row in rows.values()):
        faults.add(top.at(name) if top else 1, f"{name} is a table of names")
        return {}
    return dict(rows)


def _event(name: str, row: Lined, schema: Schema, faults: Faults) -> Event:
    fact = str(row.get("fact", ""))
    if fact and (fact not in schema or schema.leaves[fact].kind != "instant"):
        faults.add(row.line, f"{name}: {fact} is no instant among the facts")
    words = _spoken(name, row, faults)
    return Event(name, fact, tuple(map(str, row.get("also", ()))), words["zh"], words["en"])


def _spoken(name: str, row: Lined, faults: Faults) -> dict[str, str]:
    if not all(isinstance(row.get(lang), str) for lang in ("zh", "en")):
        faults.add(row.line, f"{name} needs words in zh and en")
    return {lang: str(row.get(lang)) for lang in ("zh", "en")}
