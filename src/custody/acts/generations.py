"""Which generations of a vault the ledger names: where one that was lost begins again, and which roots nothing stands under (spec/vault.md §21)."""

from typing import Final, cast

from custody.acts.rotate import unfinished
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Transaction, one

FILLED: Final = "taken-in"
"""The entry by which a release filled a vault."""


def stray_generations(tx: Transaction, space: str, vault: str) -> list[int]:
    """Generations that the ledger names as begun and never as destroyed, beside those in force or in a rotation."""
    row = one(tx, "vault", id=vault)
    live = cast("int", row["generation"]) if row else 0
    begun, gone = _generations(tx, space, vault)
    for each in unfinished(tx, vault):
        gone |= {cast("int", each["from_g"]), cast("int", each["to_g"])}
    return sorted(begun - gone - {live})


def next_generation(tx: Transaction, space: str, vault: str) -> int:
    """Beyond every generation that the ledger names of a vault: where one that was lost begins again."""
    return 1 + max(_generations(tx, space, vault)[0])


def _generations(tx: Transaction, space: str, vault: str) -> tuple[set[int], set[int]]:
    """(those that were begun, those that were destroyed) by the ledger."""
    begun, gone = {1}, set[int]()
    for each in tx.scan("ledger_entry", order=("position",), space=space):
        value = cast("dict[str, Json]", canonical.decode(cast("bytes", each["entry"])))
        says = cast("dict[str, Json]", value["says"])
        if says.get("vault") == vault and value["kind"] in {"root-intended", FILLED}:
            begun.add(cast("int", says["g"]))
        if says.get("vault") == vault and value["kind"] in {"root-destroyed", "root-lost"}:
            gone.add(cast("int", says["g"]))
    return begun, gone
