"""How the recovery sheets of a vault stand: printed, tried, or made useless by a rotation; read back from the ledger (spec/vault.md §12).

A sheet holds a share of one generation's key, so that paper opens nothing that stands under a later one. The price is that
a rotation voids it: whoever runs the vault is told from that moment on. With a copy of a key backup of its own generation, which no
rotation reaches, it still opens what was erased since: so it is among what a destroy spares.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.entries import KIND, Entered, entered, positions
from custody.acts.holders import enough
from custody.acts.vaults import UNTRIED
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction

TESTED: Final = "tested"
PRINTED: Final = "printed"
OUTDATED: Final = "outdated"
WAIVED: Final = "waived"
NONE: Final = "none"
SPARE: Final = "recovery-sheets"
STATES: Final = (TESTED, PRINTED, OUTDATED, WAIVED, NONE)


@dataclass(frozen=True, slots=True)
class Sheets:
    """One vault's sheets: their state, since when, the generation they are of (0: none), and whether holders have shares of the key in force in an escrow store."""

    state: str
    since: str
    generation: int
    escrow: bool

    @property
    def safe(self) -> bool:
        """Whether somebody could bring the vault back without its root, or a named person chose to do without."""
        return self.escrow or self.state in {TESTED, WAIVED}

    def to_json(self) -> dict[str, Json]:
        """As a result tells it."""
        return {"state": self.state, "since": self.since, "generation": self.generation, "escrow": self.escrow}


def sheets_of(desk: Desk, tx: Transaction, vault: Row) -> Sheets:
    """As the ledger has it: the newest printing and the newest trial count, and a deposit of this vault's key in force."""
    name, live = str(vault["id"]), cast("int", vault["generation"])
    space = str(vault["party"])
    escrow = bool(desk.outside.escrow) and enough(tx, space) and _deposited(tx, vault)
    tried, printed, waived = (
        _newest(tx, space, kind, name) for kind in ("recovery-tested", "recovery-printed", "recovery-waived")
    )
    for state, (at, generation) in ((TESTED, tried), (PRINTED, printed)):
        if generation == live:
            return Sheets(state, at, live, escrow)
    of = max(tried[1], printed[1])
    if of:
        return Sheets(OUTDATED, _switched_after(tx, space, name, of), of, escrow)
    return Sheets(WAIVED if waived[0] else NONE, waived[0], 0, escrow)


def spared(tx: Transaction, vault: Row, upto: int) -> list[str]:
    """What a destroy of root `upto` does not reach beside what its provider names: paper of that key or an older one, as a code."""
    entries = _about(tx, str(vault["party"]), "recovery-printed", str(vault["id"]))
    return [SPARE] if any(cast("int", says.get("g", 0)) <= upto for _, says in entries) else []


def last_switch(tx: Transaction, vault: Row) -> str:
    """When the root in force came into force; '' where the ledger does not say."""
    name, space = str(vault["id"]), str(vault["party"])
    for kind in ("root-switched", "vault-made", "sealed"):
        if at := _newest(tx, space, kind, name)[0]:
            return at
    return ""


def untried(vault: Row) -> bool:
    """Whether it waits for its sheets to be tried, or for somebody to say that it does without."""
    return vault["state"] == UNTRIED


def _newest(tx: Transaction, space: str, kind: str, vault: str) -> tuple[str, int]:
    """(when, generation) of the newest entry of a kind about a vault; ('', 0) without one."""
    return next(((str(at), int(cast("int", says.get("g", 0)))) for at, says in _about(tx, space, kind, vault)), ("", 0))


def _deposited(tx: Transaction, vault: Row) -> bool:
    """Whether those who were named last have shares of this vault's key in force."""
    space, live = str(vault["party"]), vault["generation"]
    named = next(iter(positions(tx, space, KIND, "entry.holders-named", 1)), 0)
    every = _entries(tx, space, "shares-deposited", str(vault["id"]))
    since = itertools.takewhile(lambda entry: entry[0] >= named, every)
    return any(says.get("g") == live for _, _, says in since)


def _switched_after(tx: Transaction, space: str, vault: str, generation: int) -> str:
    """When the first root later than `generation` came into force."""
    later = [at for at, says in _about(tx, space, "root-switched", vault) if cast("int", says["g"]) > generation]
    return later[-1] if later else ""


def _about(tx: Transaction, space: str, kind: str, vault: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """(when, what it says) of the entries of a kind that name the vault, the newest first."""
    return ((at, says) for _, at, says in _entries(tx, space, kind, vault))


def _entries(tx: Transaction, space: str, kind: str, vault: str) -> Iterator[Entered]:
    """The same with each one's number."""
    return (found for found in entered(tx, space, kind) if found.says.get("vault") == vault)
