"""Bulk reveal: several customers at once, for one purpose and reason, approved by a second person; each decided and entered on its own (A3).

It may be narrowed to fields, as a look at one is: of each customer those alone are decided over and opened that they have.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts import revealing
from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.held_fields import columns, held_fields
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.ports.store import Transaction

ACT: Final = "bulk-reveal"
MOST: Final = 1_000
_WITHOUT: Final[Mapping[str, Json]] = {
    "zh": "这位客户没有所要的字段。",
    "en": "This customer has none of the fields asked for.",
}


def reveal_fields(desk: Desk) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """{vault: the fields of its tables}, names and classes alone: what a look may be narrowed to."""
    desk.person()
    desk.require(revealing.ROLES)
    found: dict[str, Sequence[Mapping[str, str]]] = {}
    with desk.store.read() as tx:
        for row in tx.find("vault", order=("id",), party=desk.space):
            found[str(row["name"])] = [
                {"name": f"{table}/{column}", "table": table, "column": column, "class": cls, "tier": tier}
                for table, told in columns(tx, str(row["id"])).items()
                for column, (cls, tier) in told.items()
            ]
    return found


def reveal_many(
    desk: Desk, vault: str | None, named: Sequence[str], purpose: str, reason: str, fields: Sequence[str] = (), *, dry_run: bool
) -> Mapping[str, Json]:  # fmt: skip
    """What may be opened of each. Raises Refused `act.unapproved`, Missing `subject.unknown`, Malformed `reveal.many`, `reveal.field`."""
    desk.person()
    desk.require(revealing.ROLES)
    revealing.checked(purpose, reason)
    subjects = sorted({ids.subject_bytes(text.strip()) for text in named if text.strip()})
    if not 1 <= len(subjects) <= MOST:
        raise Malformed("reveal.many", f"One to {MOST} customers are named, one sub_… on each line.")
    with desk.store.read() as tx:
        held = str(vault_row(tx, desk.space, vault)["id"])
        wanted = _wanted(tx, held, fields)
    content = _content(held, subjects, (purpose, reason), wanted, desk.principal.id)
    base: dict[str, Json] = {"purpose": purpose, "reason": reason, "subjects": len(subjects), "fields": list[Json](wanted)}  # fmt: skip
    if dry_run:
        return {**base, "would": {"approve": [ACT, content]}}
    with desk.store.write() as tx:
        demand(desk, tx, ACT, content, once=True)
        theirs = {one: [field for field in wanted if field in _names(tx, held, one)] for one in subjects}
        without = [one for one in subjects if wanted and not theirs[one]]
        looks = [
            revealing.decide_and_enter(desk, tx, held, one, purpose, reason, theirs[one])
            for one in subjects
            if one not in without
        ]
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
    refused += [{"subject": ids.subject_text(one), "why": [_WITHOUT], "ledger": ""} for one in without]
    return {**base, "shown": shown, "refused": refused}


def _wanted(tx: Transaction, vault: str, fields: Sequence[str]) -> list[str]:
    """The fields asked for, sorted. Raises Malformed `reveal.field` for one that no table of the vault has."""
    known = {f"{table}/{column}" for table, told in columns(tx, vault).items() for column in told}
    if unknown := sorted(set(fields) - known):
        raise Malformed(
            "reveal.field", f"No field of this vault is called so: {', '.join(unknown)}.",
            next="custody customer SUBJECT names them; say TABLE/COLUMN.",
        )  # fmt: skip
    return sorted(set(fields))


def _names(tx: Transaction, vault: str, subject: bytes) -> frozenset[str]:
    return frozenset(one.name for one in held_fields(tx, vault, subject))


def _content(vault: str, subjects: Sequence[bytes], why: tuple[str, str], fields: Sequence[str], by: str) -> str:
    """What the second person approves: that this person sees these customers, for this purpose and reason, and of them these fields or all that opens."""
    said: dict[str, Json] = {
        "by": by,
        "purpose": why[0],
        "reason": why[1],
        **({"fields": list[Json](fields)} if fields else {}),
    }
    digest = hashlib.sha256(b"".join(subjects)).hexdigest()
    return content_hash({"act": ACT, "vault": vault, "subjects": len(subjects), "sha256": digest, **said})
