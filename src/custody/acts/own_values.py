"""What a person may correct on their own page: each distinct value in tables about themselves, and every place where it stands."""

from dataclasses import dataclass, field

from custody.acts.correcting import Place
from custody.acts.desk import Desk
from custody.acts.holdings import NEVER, rank
from custody.acts.links import seal_code
from custody.acts.own_tables import own_tables
from custody.acts.reading import Reader
from custody.acts.values import shelf, values_of
from custody.classify.taxonomy import classes
from custody.ports.store import Transaction


@dataclass(slots=True)
class Own:
    """One value of one class, and where it stands."""

    cls: str
    text: str = field(repr=False)
    places: list[Place] = field(default_factory=list)


def own_values(desk: Desk, tx: Transaction, vault: str, subject: bytes) -> list[Own]:
    """In the order of the page, what people call themselves first; technical columns, passwords and details of cards are left out."""
    own = own_tables(tx, vault)
    with Reader(desk, tx, vault, only={subject}) as reader:
        found: dict[tuple[str, str], Own] = {}
        for value in values_of(tx, vault, reader, shelf(tx, vault, reader), subject):
            known = classes().get(value.cls)
            if value.table in own and value.cls not in NEVER and known is not None and known.level != "none":
                each = found.setdefault((value.cls, value.text), Own(value.cls, value.text))
                each.places.append(Place(value.table, value.row, value.column))
    return sorted(found.values(), key=lambda each: rank(each.cls))


def mark_of(desk: Desk, link: str, own: Own) -> str:
    """What a page names this very value by; it tells the value to nobody."""
    return seal_code(desk, link, own.text, own.cls).hex()


def kinds_of(own: list[Own]) -> list[str]:
    """The classes that may be corrected, each once."""
    return list(dict.fromkeys(each.cls for each in own))
