"""Try recovery sheets: enough of them must give the key that the vault stands under today (A4)."""

import hmac
from collections.abc import Mapping, Sequence

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.sheets import read_sheets
from custody.acts.vaults import UNTRIED, open_keyring, vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.vault import shares


def recovery_test(desk: Desk, texts: Sequence[tuple[str, str]], vault: str | None) -> Mapping[str, Json]:
    """`texts` are (name, text). The trial is entered in the ledger, and lets a vault that waited for it be sealed into.

    Raises `shares.sheet`, `shares.few`, `shares.mixed`, `shares.twice`, Broken `shares.other`.
    """
    desk.require(("owner", "operator", "auditor"))
    read = read_sheets(texts)
    key = shares.combine(read)
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        ring = open_keyring(desk, tx, str(row["id"]))
        if not hmac.compare_digest(ring.key, key):
            raise _other(read[0].generation, ring.generation)
        tx.change("vault", {"state": "open"}, id=ring.vault, state=UNTRIED)
        says: dict[str, Json] = {"vault": ring.vault, "g": ring.generation, "sheets": len(read)}
        append(tx, desk.space, stamp(desk.clock.now()), "recovery-tested", says)
    return {"vault": str(row["name"]), "generation": ring.generation, "sheets": len(read), "opens": True}


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
