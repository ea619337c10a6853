"""Put a copy on the list that custody cannot see: paper, a phone, a processor (docs/architecture.md §1, A6)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.copies import KINDS
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.terms import NOBODY_SAID, Term, bounded, keep
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.store import Row, one

ROLES: Final = ("owner", "privacy", "data", "advisor")


def copy_declare(desk: Desk, vault: str | None, name: str, kind: str, term: Term = NOBODY_SAID) -> Mapping[str, Json]:
    """Put a copy on the list: paper, a phone, a processor. Declared again, one has the new day and keeper, and nothing else changes.

    Raises Malformed `copy.kind`, `copy.term`.
    """
    desk.require(ROLES)
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
        if known is None or term != NOBODY_SAID:
            full = bounded(desk, full, listed)
            keep(tx, held, name, full)
            says: dict[str, Json] = {"kind": listed, **({"until": full.until} if full.until else {})}
            told: dict[str, Json] = {"name": name, "keeper": full.keeper}
            append(tx, desk.space, stamp(desk.clock.now()), "copy-declared", says, detail=told)
    return {"name": name, "kind": listed, "keeper": full.keeper, "until": full.until, "resumed": known is not None}


def _filled(term: Term, before: Row | None) -> Term:
    """Of what nobody says now, what was said before holds."""
    if before is None:
        return term
    return Term(term.keeper or str(before["keeper"]), term.until or str(before["until"]), str(before["place"]))
