"""What a customer says on the portal and what it becomes: pages, answers, and what is on file for the gate."""

import json
import sqlite3
from pathlib import Path

from custody.acts.holdings import Held, holdings, identifiers
from custody.acts.links import opened
from custody.base import ids
from custody.services.portal_answer import LOOSENS, portal_answer
from custody.services.portal_prove import portal_prove
from custody.services.portal_show import portal_show
from tests.portal.conftest import at, laws

ROOT = Path(__file__).resolve().parents[2]
ONE_OPEN = ("notice.delivered", "consent.separate.sensitive")
"""Who was told and answered for the sensitive part alone is asked one question; who answered nothing is asked two."""
ANSWERED = ("consent.separate", "consent.refused", "objection", "withdrawal")
AGREED = ("notice.delivered", "consent.separate", "consent.separate.sensitive")
"""Who agreed to both, and did not object, moves."""


def answer(where: Path, text: str, question: str, act: str, proof: str | None = None, **more: str) -> dict:
    """What loosens comes with the second factor, unless a test says otherwise."""
    if proof is None:
        proof = shown_who(where, text) if act in LOOSENS else ""
    with at(where) as desk:
        return dict(
            portal_answer(desk, laws(where), text, proof, {"question": question, "act": act, "lang": "zh", **more})
        )


def shown_who(where: Path, text: str) -> str:
    """The second factor, by something on file."""
    with at(where) as desk:
        return str(portal_prove(desk, laws(where), text, *portal_value(where, text))["proof"])


def page(where: Path, text: str, lang: str = "zh", proof: str = "") -> dict:
    with at(where) as desk:
        return dict(portal_show(desk, laws(where), text, proof, lang))


def asked(where: Path, text: str) -> list[str]:
    return [one["question"] for one in page(where, text)["asked"]]


def where_to(told: dict) -> str:
    """Whether the person's data moves, waits or stays; how much of it depends on who was picked."""
    return str(told["outlook"]).removesuffix("-in-part")


def evidence(where: Path, who: str) -> set[tuple[int, str]]:
    store = sqlite3.connect(where / "seller" / "core.db")
    rows = store.execute(
        "SELECT compartment, type FROM evidence WHERE subject = ?", (ids.subject_bytes(who),)
    ).fetchall()
    store.close()
    return {(place, kind) for place, kind in rows if kind != "notice.delivered"}


def child(where: Path) -> str:
    """Somebody under 14, as their fact row says."""
    store = sqlite3.connect(where / "seller" / "core.db")
    rows = store.execute(
        "SELECT id, facts FROM subject WHERE kind = 'customer' AND state = 'live' ORDER BY id"
    ).fetchall()
    store.close()
    return next(ids.subject_text(one) for one, facts in rows if json.loads(facts).get("turns_14_on", "") > "2026-05-01")


def on_file(where: Path, text: str) -> list[Held]:
    """What the vault holds of whoever this link is for."""
    with at(where) as desk, desk.store.read() as tx:
        link = opened(desk, tx, text)
        matter = tx.find("matter", id=link.matter)[0]
        return holdings(desk, tx, str(matter["vault"]), link.subject)


def portal_value(where: Path, text: str) -> tuple[str, str]:
    """(kind, value) of an identifier on file, as the vault holds it; a number first, which nobody shares: some of the sample's people have one telephone."""
    found = identifiers(on_file(where, text))
    kind = next(one for one in ("customer-number", "phone", "id-number") if one in found)
    return kind, found[kind][0]
