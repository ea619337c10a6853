"""File a finished paper: its digests enter the ledger bound to the deal, and it counts as the evidence it is (C1, E4)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import EVERYBODY, EVERYTHING, deal, record_evidence
from custody.acts.papers import papers
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.laws import Laws

FILERS: Final = ("privacy", "lawyer")
"""Whose word it is that a paper was made."""


def document_file(desk: Desk, laws: Laws, named: str, kind: str, digests: Mapping[str, str]) -> Mapping[str, Json]:
    """`digests` are those of the PDF in each language. Raises Missing `document.kind`.

    Filing an assessment says that it was made; a notice on file says nothing of whom it reached.
    """
    desk.require(FILERS)
    packs = lawbook.packs(laws)
    found = papers(laws).kind(kind, packs)
    if found is None:
        raise Missing("document.kind", "No paper is called so.", next="custody deal documents DEAL")
    filed = [f"document.{found.name.lower()}", *([found.files] if found.files else [])]
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        matter = deal(desk, tx, named)
        says: dict[str, Json] = {
            "kind": found.name,
            "sha256": dict(sorted(digests.items())),
            "rules": packs.version,
            "version": int(matter["version"] or 1),
            "evidence": list[Json](filed),
            "principal": desk.principal.id,
        }
        position = append(tx, desk.space, now, "document-filed", says, detail={"matter": str(matter["id"])})
        rows = [(EVERYBODY, EVERYTHING, one) for one in filed]
        fresh = record_evidence(tx, str(matter["id"]), rows, now, position)
    return {
        "deal": str(matter["ref"]),
        "kind": found.name,
        "evidence": list[Json](filed),
        "ledger": f"{desk.space}@{position}",
        "resumed": not fresh,
    }
