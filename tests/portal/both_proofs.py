"""Somebody who has proven both of what identifies them."""

from collections.abc import Iterator
from pathlib import Path

from custody.acts.finding import CLASSES
from custody.acts.own_values import Own, own_values
from custody.base.ids import subject_bytes
from custody.vault.index import NEWEST, normalise
from tests.portal.conftest import at, everybody
from tests.portal.somebody import NUMBER, PHONE

EMAIL = "contact.email"


def with_both(where: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Customers of the members' list with one number, one telephone and one e-mail address there, each of a normal form, and what those are."""
    with at(where, "zhouning") as desk:
        for who in everybody(where):
            with desk.store.read() as tx:
                (vault,) = tx.find("vault")
                own = own_values(desk, tx, str(vault["id"]), subject_bytes(who))
            told = {cls: [one for one in own if one.cls == cls] for cls in (NUMBER, PHONE, EMAIL)}
            if all(len(found) == 1 and _usable(found[0]) for found in told.values()):
                yield who, {cls: found[0].text for cls, found in told.items()}


def _usable(one: Own) -> bool:
    return any(place.table == "会员" for place in one.places) and bool(
        normalise(NEWEST[CLASSES[one.cls]], one.text, "CN")
    )
