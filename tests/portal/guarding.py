"""A child, and a guardian who says yes for it."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from custody.base import ids
from custody.services.grant_ask import grant_ask
from custody.services.grant_give import grant_give
from custody.services.portal_prove import portal_prove
from custody.services.training_record import training_record
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


def may_see(where: Path, handle: str) -> None:
    """Somebody is trained, and another gives them a grant for sensitive data in the law's name."""
    with at(where, handle) as desk:
        until = (desk.today() + timedelta(days=30)).isoformat()
        grant = str(grant_ask(desk, "sensitive", "legal", until, "papers of guardians", None)["id"])
    with at(where, "suhe" if handle != "suhe" else "zhouning") as desk:
        training_record(desk, handle, "privacy", until)
        grant_give(desk, grant)
