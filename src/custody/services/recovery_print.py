"""Recovery sheets for a vault as it stands: one for each holder, enough of which bring its key back (A4, spec/vault.md §12).

A sheet is secret paper. It is told once, kept nowhere, and tried before it is told: every choice of enough sheets must
give the key. A rotation makes sheets old; then new ones are printed.
"""

import hmac
import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import open_keyring, vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Malformed
from custody.vault import shares, sheet

MOST: Final = 12
_TRIED: Final = 64


def recovery_print(desk: Desk, vault: str | None, holders: Sequence[str], threshold: int) -> Mapping[str, Json]:
    """{"sheets": [{"holder", "text"}]}, any `threshold` of which open the vault. Raises Malformed `recovery.holders`."""
    desk.require(("owner",))
    names = [name.strip() for name in holders if name.strip()]
    if not 2 <= threshold <= len(names) <= MOST or len(set(names)) != len(names) or any("\n" in name for name in names):
        raise Malformed("recovery.holders", f"Two to {MOST} different holders, and at least two must be needed.",
                        next="Name three people, any two of whom can recover it.")  # fmt: skip
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        ring = open_keyring(desk, tx, str(row["id"]))
        made = shares.split(ring.key, threshold, len(names), ring.generation)
        texts = [
            sheet.sheet(share, party=desk.card.name_zh, vault=str(row["name"]), holder=name)
            for name, share in zip(names, made, strict=True)
        ]
        _try(texts, threshold, ring.key)
        says: dict[str, Json] = {
            "vault": ring.vault,
            "g": ring.generation,
            "sheets": len(names),
            "threshold": threshold,
        }
        append(tx, desk.space, stamp(desk.clock.now()), "recovery-printed", says)
    told: list[Json] = [
        {"holder": name, "text": text, "paper": _paper(desk.card.name_zh, str(row["name"]), name, share)}
        for name, text, share in zip(names, texts, made, strict=True)
    ]
    return {"vault": str(row["name"]), "generation": ring.generation, "threshold": threshold, "sheets": told}


def _paper(party: str, vault: str, holder: str, share: shares.Share) -> dict[str, Json]:
    """What the printed page shows."""
    lines = list[Json](sheet.lines(share).split("\n"))
    return {"party": party, "vault": vault, "generation": share.generation, "holder": holder, "x": share.x, "n": share.n,
            "k": share.k, "lines": lines}  # fmt: skip


def _try(texts: Sequence[str], threshold: int, key: bytes) -> None:
    """Read back from the text, as a person would type it."""
    back = [sheet.read(text) for text in texts]
    for some in itertools.islice(itertools.combinations(back, threshold), _TRIED):
        if not hmac.compare_digest(shares.combine(some), key):
            raise Broken("shares.untried", "The recovery sheets do not open the vault.", kind="altered")
