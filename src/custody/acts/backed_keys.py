"""The generations of a vault's key that some backup may still stand under: the one in force, and while a place for backups waits to be renewed the one before (spec/vault.md §12).

A rotation that has switched goes on only when every place on the list has keys of the new generation. Should home and root be lost
before that, the keys in the place that was not renewed open with shares of the generation before, and with nothing else.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.entries import entered
from custody.acts.vaults import open_keyring
from custody.base import canonical
from custody.base.canonical import unb64
from custody.base.errors import CustodyError
from custody.ports.store import Row, Transaction
from custody.vault.rotation import State

SWITCHED: Final = "root-switched"


def backed_generations(tx: Transaction, vault: Row) -> list[int]:
    """Ascending; the last one is in force."""
    before = _before(tx, vault)
    live = cast("int", vault["generation"])
    return [live] if before is None else [cast("int", before["from_g"]), live]


def backed_keys(desk: Desk, tx: Transaction, vault: Row) -> Mapping[int, bytes]:
    """The key of each, ascending. One of before whose root does not open is not among them: no backup under it opens by that root either."""
    ring, before = open_keyring(desk, tx, str(vault["id"])), _before(tx, vault)
    found: dict[int, bytes] = {}
    if before is not None:
        kept = cast("dict[str, str]", canonical.decode(cast("bytes", before["detail"])))
        with suppress(CustodyError):
            found[cast("int", before["from_g"])] = desk.keys.unwrap(kept["ref"], unb64(kept["key"]))
    return {**found, ring.generation: ring.key}


def _before(tx: Transaction, vault: Row) -> Row | None:
    """The rotation that brought the key in force and waits for a place whose last whole backup is older than that."""
    begun = tx.find("rotation", vault=vault["id"], to_g=vault["generation"], state=str(State.SWITCHED))
    return begun[0] if begun and _behind(tx, vault) else None


def _behind(tx: Transaction, vault: Row) -> bool:
    told = entered(tx, str(vault["party"]), SWITCHED)
    live = (vault["id"], vault["generation"])
    switch = next((each.position for each in told if (each.says["vault"], each.says["g"]) == live), -1)
    places = tx.find("backup_place", space=str(vault["party"]))
    return any(cast("int", place["position"]) <= switch for place in places)
