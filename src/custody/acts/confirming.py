"""Whom to ask whether all that is held of them is still right: not asked for as long as the policy says, and nobody who may not be contacted (spec/freshness.md §6)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, cast

from custody.acts.barred import BATCH, barred
from custody.acts.campaigning import ABOUT, texts
from custody.acts.contacts import contacts
from custody.acts.deaths import dead
from custody.acts.desk import Desk
from custody.acts.entries import KIND
from custody.acts.policies import CORRECTIONS
from custody.acts.reviewing import months_ago
from custody.base import canonical
from custody.ports.store import Row, Transaction

CONFIRM: Final = "confirm"
_FILED: Final = ("sealed", "added", "taken-in")


def is_confirm(row: Row) -> bool:
    """Whether a campaign asks people to confirm: it tells nobody what the law demands, and is no evidence of that."""
    return texts(row).get(ABOUT) == CONFIRM


def asked(tx: Transaction, party: str, vault: str) -> list[Row]:
    """The campaigns that asked people of a vault to confirm, the oldest first."""
    matters = {str(row["id"]) for row in tx.find("matter", vault=vault)}
    rows = tx.find("campaign", order=("made_at", "ref"), party=party)
    return [row for row in rows if row["matter"] in matters and is_confirm(row)]


def to_ask(desk: Desk, tx: Transaction, matter: Row) -> list[bytes]:
    """Customers whose data is held for as long as the policy says without a word that it is right, and whom nobody asked since."""
    vault = str(matter["vault"])
    months = CORRECTIONS.in_force(tx, desk.space).policy.confirm_months
    since = months_ago(desk.clock.now(), months)
    held_since = _first_filed(tx, desk.space, vault)
    rows = tx.columns("confirmed", ("subject", "at"), order=("subject",), vault=vault)
    said = {cast("bytes", who): str(at) for who, at in rows}
    people = [
        cast("bytes", who)
        for (who,) in tx.columns("subject", ("id",), order=("id",), vault=vault, kind="customer", state="live")
    ]
    late = [who for who in people if "" < said.get(who, held_since) < since]
    spared = _asked_since(tx, desk.space, vault, since) | dead(tx, vault, late)
    wait = [who for who in late if who not in spared]
    for start in range(0, len(wait), BATCH):
        some = wait[start : start + BATCH]
        spared |= barred(desk, tx, vault, some, contacts(desk, tx, vault, some))
    return [who for who in wait if who not in spared]


def _asked_since(tx: Transaction, party: str, vault: str, since: str) -> set[bytes]:
    """Whoever is in a campaign of these that was planned since, whatever became of the message: nobody is asked twice in a year."""
    return {
        cast("bytes", who)
        for row in asked(tx, party, vault) if str(row["made_at"]) >= since
        for (who,) in tx.columns("sending", ("subject",), order=("subject",), campaign=str(row["id"]))
    }  # fmt: skip


def _first_filed(tx: Transaction, space: str, vault: str) -> str:
    """When data first came into the vault from outside; '' when none did."""
    found = [at for kind in _FILED if (at := _first(tx, space, vault, kind))]
    return min(found, default="")


def _first(tx: Transaction, space: str, vault: str, kind: str) -> str:
    for place in tx.find("entry_about", order=("position",), space=space, topic=KIND, whom=f"entry.{kind}"):
        (row,) = tx.find("ledger_entry", space=space, position=place["position"])
        told = cast("Mapping[str, object]", canonical.decode(cast("bytes", row["entry"])))
        if cast("Mapping[str, object]", told["says"]).get("vault") == vault:
            return str(told["at"])
    return ""


@cache
def wording() -> Mapping[str, str]:
    """What is written, in both languages; {zh} and {en} are the company's names."""
    return tomllib.loads(Path(__file__).with_name("confirming.toml").read_text(encoding="utf-8"))
