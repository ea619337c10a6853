"""A list that says that people were told, or agreed before, is the word of two: of whoever takes it, and of a second person who took the same list or approved it (spec/consent.md §7, §9).

Such a list alone lets data move, and so does a paper that staff say they saw (§8). What is on file already is not asked for again.
"""

from collections.abc import Sequence
from typing import Final, cast

from custody.acts.approval import APPROVERS, content_hash, demand, give
from custody.acts.desk import Desk
from custody.acts.untrue import since
from custody.base.clock import parse
from custody.base.errors import Refused
from custody.model.party import MACHINES
from custody.ports.store import Transaction

ACT: Final = "answers"
TOLD: Final = ("notice.delivered", "notice.change")
"""What a list may say that takes a reason to wait away."""


def content_of(tx: Transaction, matter: str, digest: str) -> str:
    """What the second person stands for: exactly this list, in this deal as it was told last. Who signed before what customers were told changed did not sign that they were told since."""
    changed = since(tx, matter)
    return content_hash({"act": ACT, "deal": matter, "list": digest, **({"since": changed} if changed else {})})


def agreed_of(matter: str, digest: str, texts: str, zone: str) -> str:
    """The same of a list of consents of before: with the words of its versions, and the zone of times that name none."""
    return content_hash({"act": ACT, "deal": matter, "consents": digest, "texts": texts, "zone": zone})


def seen_of(matter: str, subject: str, document: str, relation: str, digest: str) -> str:
    """The same of a guardian's paper that was seen at the desk: exactly this picture, of this child."""
    return content_hash({"act": ACT, "deal": matter, "subject": subject, "document": document, "relation": relation, "paper": digest})  # fmt: skip


def unvouched(tx: Transaction, matter: str, said: Sequence[tuple[bytes, str, int]]) -> list[int]:
    """The numbers of the lines that say of somebody, for the first time, that they were told; `said` has who, the answer, the line."""
    found = list[int]()
    for kind in TOLD:
        lines = [(who, number) for who, answer, number in said if answer == kind]
        rows = tx.among("evidence", ("subject",), "subject", [who for who, _ in lines], matter=matter, type=kind)
        known = {cast("bytes", who) for (who,) in rows}
        found += [number for who, number in lines if who not in known]
    return found


def vouched(desk: Desk, tx: Transaction, matter: str, content: str) -> str:
    """The second person's approval; '' while there is none, and then whoever takes the list here has given their own word, where theirs may count."""
    try:
        return demand(desk, tx, ACT, content, deal=matter)
    except Refused:
        if desk.principal.roles & APPROVERS and not desk.principal.roles & MACHINES and not _given(desk, tx, content):
            give(desk, tx, ACT, content)
        return ""


def _given(desk: Desk, tx: Transaction, content: str) -> bool:
    rows = tx.find("approval", act=ACT, content=content, principal=desk.principal.id)
    return any(parse(str(row["expires_at"])) >= desk.clock.now() for row in rows)
