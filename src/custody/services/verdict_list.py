"""The customers under a reason or a verdict of the newest gate: who they are stays an id (C3)."""

import struct
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import cast

from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.overrides import lifted_by
from custody.acts.vaults import SUBJECT_BYTES
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.ports.store import Cell, Row, Transaction

_UNDECIDED = 0xFFFF


def verdict_list(desk: Desk, named: str, rule: str | None, verdict: str | None, most: int) -> Mapping[str, Json]:
    """Up to `most` customers, in the order of their key pages, each once."""
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named)
        gate = _newest(tx, str(matter["id"]))
        wanted = {
            cast("int", row["number"]): {"verdict": str(row["verdict"]), "overridden": lifted_by(row)}
            for row in tx.find("vector", matter=str(matter["id"]), gate=gate)
            if _fits(row, rule, verdict)
        }
        told: list[Json] = list(islice(_people(tx, matter, gate, wanted), most))
    return {"deal": str(matter["ref"]), "gate": gate, "customers": told, "more": len(told) == most}


def _people(tx: Transaction, matter: Row, gate: int, wanted: Mapping[int, Mapping[str, Json]]) -> Iterator[Json]:
    """A page of slots is looked into only where its vectors name somebody who is wanted."""
    seen, vault = set[bytes](), str(matter["vault"])
    names = ("compartment", "page", "vectors")
    for compartment, page, blob in tx.columns(
        "verdict_page", names, order=names[:2], matter=str(matter["id"]), gate=gate
    ):
        numbers = struct.unpack(f">{len(cast('bytes', blob)) // 2}H", cast("bytes", blob))
        if wanted.keys().isdisjoint(numbers):
            continue
        members = _members(tx, vault, compartment, page)
        for number, who in zip(numbers, members, strict=False):  # a page may have free slots at its end
            if number in wanted and who not in seen and _customer(tx, vault, who):
                seen.add(who)
                yield {"subject": ids.subject_text(who), **wanted[number]}


def _members(tx: Transaction, vault: str, compartment: Cell, page: Cell) -> list[bytes]:
    """Whose each slot of a key page is."""
    told = [
        row[0]
        for row in tx.columns("page", ("members",), order=("page",), vault=vault, compartment=compartment, page=page)
    ]
    members = cast("bytes", told[0]) if told else b""
    return [members[place : place + SUBJECT_BYTES] for place in range(0, len(members), SUBJECT_BYTES)]


def _customer(tx: Transaction, vault: str, who: bytes) -> bool:
    return tx.count("subject", vault=vault, id=who, kind="customer") > 0


def _fits(row: Row, rule: str | None, verdict: str | None) -> bool:
    reasons = cast("list[list[Json]]", canonical.decode(cast("bytes", row["reasons"])))
    if row["number"] == _UNDECIDED or (verdict is not None and row["verdict"] != verdict):
        return False
    return rule is None or any(one_reason[0] == rule for one_reason in reasons)


def _newest(tx: Transaction, matter: str) -> int:
    rows = tx.find("statement", order=("n",), matter=matter, kind="gate")
    return cast("int", rows[-1]["n"]) if rows else 0
