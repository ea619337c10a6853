"""A child, and a guardian who says yes for it."""

import sqlite3
from pathlib import Path

from custody.base import ids
from custody.services.portal_prove import portal_prove
from tests.portal.answering import answer, child, portal_value
from tests.portal.conftest import at, laws
from tests.portal.tokens import token

NAME = "欧阳监护"


def silent(where: Path) -> str:
    """A child of whom nobody said anything yet, and no paper was seen."""
    who = child(where)
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("DELETE FROM evidence WHERE subject = ? AND type NOT LIKE 'notice.%'", (ids.subject_bytes(who),))
    return who


def says(where: Path, who: str, act: str, name: str = NAME) -> None:
    text = token(where, who)
    with at(where) as desk:
        proof = portal_prove(desk, laws(where), text, *portal_value(where, text))["proof"]
    more = {"relation": "parent", "guardian": name} if act == "given" else {}
    answer(where, text, "consent.guardian", act, proof, **more)
