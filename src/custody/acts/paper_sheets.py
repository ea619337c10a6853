"""How the recovery sheets of a vault stand: printed, tried, or made useless by a rotation; read back from the ledger (spec/vault.md §12).

A sheet holds a share of one generation's key, so that paper opens nothing that stands under a later one. The price is that
a rotation voids it, from when every place for backups was renewed: whoever runs the vault is told. With a copy of a key backup of its
own generation, which no rotation reaches, it still opens what was erased since: so it is among what a destroy spares.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.backed_keys import backed_generations
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
_KINDS: Final = {TESTED: "recovery-tested", PRINTED: "recovery-printed"}
STATES: Final = (TESTED, PRINTED, OUTDATED, WAIVED, NONE)


@dataclass(frozen=True, slots=True)
class Sheets:
    """One vault's sheets: their state, since when, the generation they are of (0: none), and whether holders have shares of the key in force in an escrow store."""

    state: str
    since: str
    generation: int
    escrow: bool
    lasting: bool
    """Whether it is so of the key in force too: what is taken in now will be in no backup under a key of before."""

    @property
    def safe(self) -> bool:
        """Whether somebody could bring the vault back without its root, or a named person chose to do without."""
        return self.escrow or self.state in {TESTED, WAIVED}

    def to_json(self) -> dict[str, Json]:
        """As a result tells it."""
        return {"state": self.state, "since": self.since, "generation": self.generation, "escrow": self.escrow}


def sheets_of(desk: Desk, tx: Transaction, vault: Row) -> Sheets:
    """As the ledger has it: the newest printing and the newest trial count, and a deposit of this vault's key in force.

    While a place for backups waits for the key in force, sheets of the one before still open what lies there: they count first.
    """
    name, space = str(vault["id"]), str(vault["party"])
    escrow = bool(desk.outside.escrow) and enough(tx, space) and _deposited(tx, vault)
    known = {generation: _known(tx, space, name, generation) for generation in backed_generations(tx, vault)}
    lasting = escrow or known[cast("int", vault["generation"])][0] == TESTED
    for generation, (state, at) in known.items():
        if state:
            return Sheets(state, at, generation, escrow, lasting)
    of = max(_newest(tx, space, kind, name)[1] for kind in _KINDS.values())
    if of:
        return Sheets(OUTDATED, _switched_after(tx, space, name, of), of, escrow, lasting)
    waived = _newest(tx, space, "recovery-waived", name)[0]
    return Sheets(WAIVED if waived else NONE, waived, 0, escrow, lasting or bool(waived))


def _known(tx: Transaction, space: str, vault: str, generation: int) -> tuple[str, str]:
    """(how the sheets of one generation stand, since when); ('', '') where nobody printed any."""
    told = ((state, _newest(tx, space, kind, vault, generation)[0]) for state, kind in _KINDS.items())
    return next(((state, at) for state, at in told if at), ("", ""))


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


def _newest(tx: Transaction, space: str, kind: str, vault: str, only: int | None = None) -> tuple[str, int]:
    """(when, generation) of the newest entry of a kind about a vault, of one generation where it is given; ('', 0) without one."""
    told = ((str(at), int(cast("int", says.get("g", 0)))) for at, says in _about(tx, space, kind, vault))
    return next((each for each in told if only in {None, each[1]}), ("", 0))


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
