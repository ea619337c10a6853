"""What the newest gate said of one person's compartments, or a recall that a hold stopped, and what follows for opening them (C3, C7, A3)."""

import struct
from collections.abc import Sequence
from typing import Final, cast

from custody.acts.held_back import locked
from custody.acts.roots import UNDECIDED
from custody.acts.vaults import slot_places
from custody.ports.store import Condition, Row, Transaction
from custody.vault.page import SLOTS

RETAINED: Final = "retain_only"
CALLED_BACK: Final = "called_back"
"""No gate says it: the seller took it back, and a hold keeps it here."""
RETENTION_PURPOSE: Final = "legal"
LACKS: Final = {RETAINED: "retained", CALLED_BACK: "called-back"}
"""What keeps a compartment shut for every other purpose, as a decision says it."""


def standing(tx: Transaction, vault: str, subject: Row, only: Sequence[Condition] = ()) -> dict[int, str]:
    """{compartment: verdict slug} by the newest gate of the newest deal over this vault, or of those that meet `only`; compartments never judged are absent. What was called back is `called_back`, whatever a gate said."""
    matters = tx.first("matter", None, only, order=("ref",), vault=vault)
    judged = [name for row in matters if _newest(tx, name := str(row["id"]))]
    found = vectors_of(tx, judged[-1], subject) if judged else {}
    kept = locked(tx, vault).get(cast("bytes", subject["id"]), frozenset())
    said = {compartment: str(vector["verdict"]) for compartment, vector in found.items()}
    return {**said, **dict.fromkeys(kept, CALLED_BACK)}


def vectors_of(tx: Transaction, matter: str, subject: Row) -> dict[int, Row]:
    """{compartment: vector} of one person by the newest gate of a deal; what was never judged is absent."""
    gate, found = _newest(tx, matter), {}
    for compartment, (page, number) in slot_places(cast("bytes", subject["slots"])).items():
        for row in tx.find("verdict_page", matter=matter, gate=gate, compartment=compartment, page=page):
            vector = struct.unpack_from(">H", cast("bytes", row["vectors"]), 2 * (number % SLOTS))[0]
            if vector != UNDECIDED:
                found[compartment] = tx.find("vector", matter=matter, gate=gate, number=vector)[0]
    return found


def purposes(given: str, verdict: str | None) -> frozenset[str]:
    """What a compartment may be opened for: its own purposes, and under retention nothing but what the law keeps it for; so it is where a hold alone keeps it."""
    own = frozenset(given.split(","))
    return own & {RETENTION_PURPOSE} if verdict in LACKS else own


def _newest(tx: Transaction, matter: str) -> int:
    rows = tx.find("statement", order=("n",), matter=matter, kind="gate")
    return cast("int", rows[-1]["n"]) if rows else 0
