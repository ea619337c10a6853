"""A stage stays shut while a rule of the deal itself lacks its evidence: one check for every act that the law can hold up (C1)."""

from collections.abc import Mapping, Sequence
from datetime import date

from custody.acts.overrides import held
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.law.gate import Gate
from custody.law.pack import Packs
from custody.ports.store import Transaction


def require_open(
    tx: Transaction, matter: str, stage: str, facts: Mapping[str, Json], packs: Packs, on: date, regimes: Sequence[str]
) -> None:
    """Raises Refused `gate.shut`, which names the rules; `regimes` are the places whose law binds somebody in the deal."""
    shut = Gate(packs, facts, on).blocked(stage, held(tx, matter, on), regimes)
    if shut:
        rules = ", ".join(rule.id for rule in shut)
        raise Refused("gate.shut", f"Not yet: {rules}.", next="Put the evidence these rules ask for on file.")
