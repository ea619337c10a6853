"""Put a copy on the list that custody cannot see: paper, a phone, a processor (docs/architecture.md §1, A6)."""

from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts.copies import KINDS, PROCESSOR, keep_purposes
from custody.acts.copies import purposes as purposes_of
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.terms import NOBODY_SAID, Term, bounded, keep
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.store import Row, one
from custody.privacy.vocabularies import vocabularies

PURPOSES: Final = tuple(vocabularies()["purpose"])
ROLES: Final = ("owner", "privacy", "data", "advisor")


def copy_declare(
    desk: Desk, vault: str | None, name: str, kind: str, term: Term = NOBODY_SAID, purposes: Sequence[str] = ()
) -> Mapping[str, Json]:
    """Put a copy on the list: paper, a phone, a processor with its purposes. Declared again, one has the new day, keeper and purposes, and nothing else changes.

    Raises Malformed `copy.kind`, `copy.term`, `copy.purpose`.
    """
    desk.require(ROLES)
    if unknown := [one_purpose for one_purpose in purposes if one_purpose not in PURPOSES]:
        raise Malformed(
            "copy.purpose",
            f"Not a purpose: {len(unknown)} of those given.",
            next=f"Say one or more of: {', '.join(PURPOSES)}.",
        )
    if kind not in KINDS:
        raise Malformed("copy.kind", "Copies of this kind are not known.", next=f"Say one of: {', '.join(KINDS)}.")
    with desk.store.write() as tx:
        held = str(vault_row(tx, desk.space, vault)["id"])
        known = one(tx, "copy", vault=held, name=name)
        listed = kind if known is None else str(known["kind"])
        before = one(tx, "copy_term", vault=held, name=name)
        full = _filled(term, before)
        if known is None:
            tx.add("copy", [{"vault": held, "name": name, "kind": kind, "sha256": "", "account": b""}])
        if purposes and listed != PROCESSOR:
            raise Malformed("copy.purpose", "Purposes are those of a processor.", next="--kind processor")
        if purposes:
            keep_purposes(tx, held, name, purposes)
        if known is None or term != NOBODY_SAID or purposes:
            full = bounded(desk, full, listed)
            keep(tx, held, name, full)
            says: dict[str, Json] = {"kind": listed, **({"until": full.until} if full.until else {}),
                                     **({"purposes": list[Json](purposes)} if purposes else {})}  # fmt: skip
            told: dict[str, Json] = {"name": name, "keeper": full.keeper}
            append(tx, desk.space, stamp(desk.clock.now()), "copy-declared", says, detail=told)
        told_for = purposes_of(tx, held, name)
    return {
        "name": name,
        "kind": listed,
        "keeper": full.keeper,
        "until": full.until,
        "purposes": list[Json](told_for),
        "resumed": known is not None,
    }


def _filled(term: Term, before: Row | None) -> Term:
    """Of what nobody says now, what was said before holds."""
    if before is None:
        return term
    return Term(term.keeper or str(before["keeper"]), term.until or str(before["until"]), str(before["place"]))
