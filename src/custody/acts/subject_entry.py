"""Entries about one subject: salted and sealed by a key that dies with the subject (vault-review D5, spec/vault.md §22)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import ledger_size
from custody.acts.vaults import AUDIT, QUARANTINE, Keyring, slot_places, slots_of
from custody.base import canonical
from custody.base.canonical import Json, b64, unb64
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing
from custody.ports.store import Row, Transaction
from custody.vault.audit import entry_salt, open_detail, seal_detail
from custody.vault.page import slot

SEALED: Final = "sealed"
PLACE: Final = "place"


def append_about(
    desk: Desk, tx: Transaction, ring: Keyring, subject: Row, kind: str, says: Mapping[str, Json], detail: Mapping[str, Json]
) -> int:  # fmt: skip
    """Enter an act about `subject`; what names it is sealed under its own key. Returns the entry's number."""
    place = _place(subject)
    dek = slot(slots_of(tx, ring, *place[:2]), place[2])
    entry = entry_name(desk.space, ledger_size(tx, desk.space))
    sealed = seal_detail(dek, entry, canonical.encode(dict(detail)))
    opening: dict[str, Json] = {SEALED: b64(sealed), PLACE: list(place)}
    return append(tx, desk.space, stamp(desk.clock.now()), kind, {"vault": ring.vault, **says}, detail=opening,
                  salt=entry_salt(dek, entry))  # fmt: skip


def open_about(tx: Transaction, ring: Keyring, entry: str, detail: Mapping[str, Json]) -> Mapping[str, Json] | None:
    """What `append_about` sealed; None when its subject was erased."""
    compartment, page, number = cast("list[int]", detail[PLACE])
    try:
        dek = slot(slots_of(tx, ring, compartment, page), number)
        data = open_detail(dek, entry, unb64(cast("str", detail[SEALED])))
    except (Broken, Missing):
        return None
    return cast("Mapping[str, Json]", canonical.decode(data))


def entry_name(space: str, number: int) -> str:
    """`name@index`, the ledger position as it is written everywhere."""
    return f"{space}@{number}"


def _place(subject: Row) -> tuple[int, int, int]:
    held = slot_places(cast("bytes", subject["slots"]))
    compartment = AUDIT if AUDIT in held else min(set(held) - {QUARANTINE}, default=min(held))
    return (compartment, *held[compartment])
