"""Bulk reveal: several customers at once, for one purpose and reason, approved by a second person; each decided and entered on its own (A3)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts import revealing
from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed

ACT: Final = "bulk-reveal"
MOST: Final = 1_000


def reveal_many(
    desk: Desk, vault: str | None, named: Sequence[str], purpose: str, reason: str, *, dry_run: bool
) -> Mapping[str, Json]:
    """What may be opened of each. Raises Refused `act.unapproved`, Missing `subject.unknown`, Malformed `reveal.many`."""
    desk.person()
    desk.require(revealing.ROLES)
    revealing.checked(purpose, reason)
    subjects = sorted({ids.subject_bytes(text.strip()) for text in named if text.strip()})
    if not 1 <= len(subjects) <= MOST:
        raise Malformed("reveal.many", f"One to {MOST} customers are named, one sub_… on each line.")
    with desk.store.read() as tx:
        held = str(vault_row(tx, desk.space, vault)["id"])
    content = _content(held, subjects, purpose, reason)
    base: dict[str, Json] = {"purpose": purpose, "reason": reason, "subjects": len(subjects)}
    if dry_run:
        return {**base, "would": {"approve": [ACT, content]}}
    with desk.store.write() as tx:
        demand(desk, tx, ACT, content, once=True)
        looks = [revealing.decide_and_enter(desk, tx, held, one, purpose, reason) for one in subjects]
    with desk.store.read() as tx:
        shown: list[Json] = [
            {"subject": ids.subject_text(look.subject), "tables": revealing.opened(desk, tx, held, look), "ledger": f"{desk.space}@{look.position}"}
            for look in looks
            if look.made.open
        ]  # fmt: skip
    refused: list[Json] = [
        {
            "subject": ids.subject_text(look.subject),
            "why": list[Json](look.made.sentences(purpose, opened=False)),
            "ledger": f"{desk.space}@{look.position}",
        }
        for look in looks
        if not look.made.open
    ]
    return {**base, "shown": shown, "refused": refused}


def _content(vault: str, subjects: Sequence[bytes], purpose: str, reason: str) -> str:
    """What the second person approves: these customers, for this purpose and reason."""
    digest = hashlib.sha256(b"".join(subjects)).hexdigest()
    return content_hash(
        {"act": ACT, "vault": vault, "subjects": len(subjects), "sha256": digest, "purpose": purpose, "reason": reason}
    )
