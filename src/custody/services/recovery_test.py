"""Try recovery sheets: enough of them must give the key that the vault stands under today (A4)."""

import hmac
from collections.abc import Mapping, Sequence

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import open_keyring, vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.vault import shares, sheet


def recovery_test(desk: Desk, texts: Sequence[str], vault: str | None) -> Mapping[str, Json]:
    """The trial is entered in the ledger. Raises `shares.sheet`, `shares.few`, `shares.mixed`, Broken `shares.other`."""
    desk.require(("owner", "operator", "auditor"))
    read = [sheet.read(text) for text in texts]
    key = shares.combine(read)
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        ring = open_keyring(desk, tx, str(row["id"]))
        if not hmac.compare_digest(ring.key, key):
            raise Broken(
                "shares.other",
                f"These sheets open generation {read[0].generation}; the vault stands under generation {ring.generation}.",
                kind="altered",
                next="Look for the sheets of the newest generation, or print new ones.",
            )
        says: dict[str, Json] = {"vault": ring.vault, "g": ring.generation, "sheets": len(read)}
        append(tx, desk.space, stamp(desk.clock.now()), "recovery-tested", says)
    return {"vault": str(row["name"]), "generation": ring.generation, "sheets": len(read), "opens": True}
