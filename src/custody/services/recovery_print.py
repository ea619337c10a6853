"""Recovery sheets for a vault as it stands: one for each holder, enough of which bring its key back (A4, spec/vault.md §12).

A sheet is secret paper. It is told once, kept nowhere, and tried before it is told: every choice of enough sheets must
give the key. A rotation makes sheets old once every place for backups was renewed; then new ones are printed.
"""

import hmac
import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts.backed_keys import backed_keys
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Malformed
from custody.ports.store import Row
from custody.vault import shares, sheet

MOST: Final = 12
_TRIED: Final = 64


def recovery_print(desk: Desk, vault: str | None, holders: Sequence[str], threshold: int) -> Mapping[str, Json]:
    """{"sheets": [{"holder", "generation", "text"}]}, any `threshold` of one generation open the vault. Raises Malformed `recovery.holders`.

    Of one generation, but while a rotation waits for a place: then of that before as well, which the backup in that place stands under.
    """
    desk.require(("owner",))
    names = [name.strip() for name in holders if name.strip()]
    if not 2 <= threshold <= len(names) <= MOST or len(set(names)) != len(names) or any("\n" in name for name in names):
        raise Malformed("recovery.holders", f"Two to {MOST} different holders, and at least two must be needed.",
                        next="Name three people, any two of whom can recover it.")  # fmt: skip
    told: list[Json] = []
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        keys = backed_keys(desk, tx, row)
        for generation, key in keys.items():
            told += _printed(desk, row, names, threshold, (generation, key))
            says: dict[str, Json] = {
                "vault": str(row["id"]),
                "g": generation,
                "sheets": len(names),
                "threshold": threshold,
            }
            append(tx, desk.space, stamp(desk.clock.now()), "recovery-printed", says)
    return {
        "vault": str(row["name"]),
        "generation": row["generation"],
        "generations": list[Json](keys),
        "threshold": threshold,
        "sheets": told,
    }


def _printed(desk: Desk, vault: Row, names: Sequence[str], threshold: int, known: tuple[int, bytes]) -> list[Json]:
    """The sheets of one generation, tried."""
    generation, key = known
    made, party, called = shares.split(key, threshold, len(names), generation), desk.card.name_zh, str(vault["name"])
    texts = [
        sheet.sheet(share, party=party, vault=called, holder=name) for name, share in zip(names, made, strict=True)
    ]
    _try(texts, threshold, key)
    return [
        {"holder": name, "generation": generation, "text": text, "paper": _paper(party, called, name, share)}
        for name, text, share in zip(names, texts, made, strict=True)
    ]


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
