"""A new epoch of a vault's blind index, by its clock: a key of an index that was copied finds nobody who comes later (spec/vault.md §13)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.finding import renew
from custody.acts.passed_over import segments
from custody.acts.vaults import vault_row
from custody.base.canonical import Json


def index_renew(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Built from every live record beside the epoch before, which answers until then; `segments_missing` are files that were away, in which nobody is found until they are back.

    Raises Unavailable `index.building` when somebody else is at it, `index.away` when nothing could be read.
    """
    desk.require(("owner", "operator"))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
    made = renew(desk, row)
    with desk.store.read() as tx:
        missing = len(segments(tx, str(row["id"])))
    return {
        "vault": str(row["name"]),
        "epoch": made.epoch,
        "bucket_bits": made.bits,
        "segments_missing": missing,
        "ok": not missing,
    }
