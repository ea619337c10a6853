"""Drop dead ciphertext from a vault's segments: a deadline of its own, after the key is gone (vault-review B16)."""

from collections.abc import Mapping

from custody.acts.compacting import compact as rewrite
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.sole import sole_writer
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.errors import Malformed

_PER_CENT = 100


@sole_writer("vault", "vault")
def compact(desk: Desk, vault: str | None, *, least: int) -> Mapping[str, Json]:
    """Rewrite segments of which at least `least` per cent is dead; 0 rewrites every segment with anything dead in it."""
    desk.require(("owner", "operator", "privacy"))
    if not 0 <= least <= _PER_CENT:
        raise Malformed("compact.share", "The share of a segment that must be dead is 0 to 100 per cent.")
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
    done = rewrite(desk, str(row["id"]), str(row["name"]), least=least / _PER_CENT)
    return {"vault": str(row["name"]), **done, "mirrored": mirrored(desk)}
