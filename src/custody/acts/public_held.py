"""What a company holds and may tell anybody: kinds of people and of data, purposes, basis, how long, from whom (spec/openness.md §2).

A line stands for rows that are there now: what was handed over and destroyed, or never received, is not said to be held.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from custody.acts import bases
from custody.acts.answering import companies
from custody.acts.desk import Desk
from custody.acts.layouts import class_of
from custody.acts.passing import BUYER, side_of
from custody.acts.policies import RETENTION
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.base.errors import Missing
from custody.classify.taxonomy import classes
from custody.ports.store import Cells, Row, Transaction, one
from custody.privacy.retention import Policy


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands on one line besides the kinds of data: two of a kind are one line."""

    kind: str
    purposes: tuple[str, ...]
    basis: str
    retention: str
    tier: str
    rests: frozenset[str]
    """Every basis of the compartment it stands in: by those its clock runs."""


@dataclass(frozen=True, slots=True)
class _Vault:
    """A vault, by which map and policy it is kept, and whom it came from."""

    row: Row
    bases: Mapping[str, str]
    rests: Mapping[int, frozenset[str]]
    policy: Policy | None
    origin: Json


def held(desk: Desk, tx: Transaction) -> list[Json]:
    """One line for each kind of people, purposes, basis, retention and tier of which something is held."""
    return [
        line
        for row in tx.find("vault", order=("name",), party=desk.space)
        for line in _lines(tx, _opened(desk, tx, row))
    ]


def held_of(desk: Desk, tx: Transaction, vault: Row, subject: bytes) -> list[Json]:
    """The same of what is held of one person."""
    return list(_lines(tx, _opened(desk, tx, vault), subject))


def _opened(desk: Desk, tx: Transaction, row: Row) -> _Vault:
    try:
        policy = RETENTION.in_force(tx, str(row["id"])).policy
    except Missing:
        policy = None
    return _Vault(row, bases.by_table(desk, row), bases.by_compartment(desk, tx, row), policy, _origin(desk, tx, row))


def _origin(desk: Desk, tx: Transaction, vault: Row) -> Json:
    """The company it was received from, and when; null where it was not received."""
    for matter in tx.find("matter", order=("ref",), vault=str(vault["id"])):
        if side_of(tx, matter) == BUYER:
            seller, _ = companies(tx, matter)
            row = one(tx, "statement", matter=str(matter["id"]), kind="received", n=1)
            return {"zh": seller.zh, "en": seller.en, "on": desk.day(parse(str(row["at"]))).isoformat() if row else ""}
    return None


def _lines(tx: Transaction, vault: _Vault, subject: bytes | None = None) -> Iterator[Json]:
    found: dict[_Line, dict[str, None]] = {}
    for kept, classes_of in _kept(tx, vault, subject):
        found.setdefault(kept, {}).update(dict.fromkeys(classes_of))
    for line, kinds in found.items():
        general = line.tier == "general"
        twin = found.get(replace(line, tier="sensitive" if general else "general"), {})
        # Of some people, children first of all, the same kinds are kept as sensitive: one line says so, not two.
        told = [one for one in kinds if general or one not in twin]
        if told:
            yield _told(vault, line, told, partly=general and bool(kinds.keys() & twin.keys()))


def _told(vault: _Vault, line: _Line, kinds: Sequence[str], *, partly: bool) -> Json:
    return {
        "kind": line.kind, "classes": list[Json](kinds), "purposes": list[Json](line.purposes), "basis": line.basis,
        "retention": line.retention, "keep": _keep(vault.policy, line), "tier": line.tier, "partly": partly, "from": vault.origin,
    }  # fmt: skip


def _kept(tx: Transaction, vault: _Vault, subject: bytes | None) -> Iterator[tuple[_Line, list[str]]]:
    """(its line, its kinds of data) of each layout of which somebody, or this person, has a row."""
    name = str(vault.row["id"])
    whose: Cells = {} if subject is None else {"subject": subject}
    for row in tx.find("compartment", order=("number",), vault=name):
        serves = bases.purposes(row)
        for layout in tx.find("schema", order=("number",), vault=name, compartment=row["number"]):
            kinds = _classes(tx, name, layout)
            if kinds and tx.first(
                "record", 1, order=("subject", "record"), vault=name, schema=layout["number"], **whose
            ):
                table = str(layout["tbl"])
                basis = bases.basis_of(serves, vault.bases.get(table, bases.UNTOLD))
                rests = vault.rests[cast("int", row["number"])]
                yield (
                    _Line(_people(tx, name, table), serves, basis, str(row["retention"]), str(row["tier"]), rests),
                    kinds,
                )


def _classes(tx: Transaction, vault: str, layout: Row) -> list[str]:
    told = cast("dict[str, list[str]]", canonical.decode(cast("bytes", layout["columns"])))
    own, known = class_of(tx, vault, str(layout["tbl"])), classes()
    found = dict.fromkeys(own[name] for name in told["columns"] if own.get(name) in known)
    return [one for one in found if known[one].level != "none"]


def _people(tx: Transaction, vault: str, table: str) -> str:
    rows = tx.find("tally", vault=vault, tbl=table)
    return str(rows[0]["kind"]) if rows else ""


def _keep(policy: Policy | None, line: _Line) -> Json:
    """How long by the signed policy; null where there is none for it, and the word of the map holds."""
    place = policy.rule_for(line.retention, line.purposes, line.rests) if policy else None
    if policy is None or place is None:
        return None
    rule = policy.rules[place]
    return {
        "start": str(rule.start),
        "years": rule.years,
        "months": rule.months,
        "days": rule.days,
        "year_end": rule.year_end,
    }
