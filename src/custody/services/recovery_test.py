"""Try recovery sheets: enough of them must give the key that the vault stands under today, or that a backup still does (A4)."""

import hmac
from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts.backed_keys import backed_keys
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.sheets import read_one, read_sheets, several
from custody.acts.vaults import UNTRIED, vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.vault import shares


def recovery_test(desk: Desk, texts: Sequence[tuple[str, str]], vault: str | None) -> Mapping[str, Json]:
    """`texts` are (name, text). The trial is entered in the ledger, and lets a vault that waited for it be sealed into.

    While a rotation waits for a place, sheets of the generation before are tried beside those of the one in force.
    Raises `shares.sheet`, `shares.few`, `shares.mixed`, `shares.twice`, Broken `shares.other`.
    """
    desk.require(("owner", "operator", "auditor"))
    every = [(read_one(*one).generation, one) for one in several(texts)]
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        keys, live = backed_keys(desk, tx, row), cast("int", row["generation"])
        given = {generation if generation in keys else live for generation, _ in every} or {live}
        tried: dict[int, int] = {}
        for generation in sorted(given):  # what is of no such generation is tried with those in force, and named there
            some = [one for of, one in every if (of if of in keys else live) == generation]
            _try(some, generation, keys[generation])
            tried[generation] = len(some)
            says: dict[str, Json] = {"vault": str(row["id"]), "g": generation, "sheets": len(some)}
            append(tx, desk.space, stamp(desk.clock.now()), "recovery-tested", says)
        if live in tried:
            tx.change("vault", {"state": "open"}, id=str(row["id"]), state=UNTRIED)
    return {"vault": str(row["name"]), "generation": max(tried), "generations": list[Json](tried), "sheets": sum(tried.values()), "opens": True}  # fmt: skip


def _try(some: Sequence[tuple[str, str]], generation: int, key: bytes) -> None:
    read = read_sheets(some)
    if not hmac.compare_digest(shares.combine(read), key):
        raise _other(read[0].generation, generation)


def _other(theirs: int, live: int) -> Broken:
    if theirs == live:
        return Broken(
            "shares.other", "These sheets are of another vault.", kind="altered", next="Say which: --vault NAME"
        )
    return Broken(
        "shares.other",
        f"These sheets open generation {theirs}; the vault stands under generation {live}.",
        kind="altered",
        next="Look for the sheets of the newest generation, or print new ones.",
    )
