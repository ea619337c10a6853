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
from custody.ports.store import Row, Transaction, one

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
    seen, vault = set[bytes](), str(matter["vault"])
    for row in tx.scan("verdict_page", order=("compartment", "page"), matter=str(matter["id"]), gate=gate):
        page = one(tx, "page", vault=vault, compartment=row["compartment"], page=row["page"])
        if page is None:
            continue
        members, numbers = cast("bytes", page["members"]), cast("bytes", row["vectors"])
        for slot in range(len(members) // SUBJECT_BYTES):
            number = struct.unpack_from(">H", numbers, 2 * slot)[0]
            who = members[slot * SUBJECT_BYTES : (slot + 1) * SUBJECT_BYTES]
            if number in wanted and who not in seen and _customer(tx, vault, who):
                seen.add(who)
                yield {"subject": ids.subject_text(who), **wanted[number]}


def _customer(tx: Transaction, vault: str, who: bytes) -> bool:
    row = one(tx, "subject", vault=vault, id=who)
    return row is not None and row["kind"] == "customer"


def _fits(row: Row, rule: str | None, verdict: str | None) -> bool:
    reasons = cast("list[list[Json]]", canonical.decode(cast("bytes", row["reasons"])))
    if row["number"] == _UNDECIDED or (verdict is not None and row["verdict"] != verdict):
        return False
    return rule is None or any(one_reason[0] == rule for one_reason in reasons)


def _newest(tx: Transaction, matter: str) -> int:
    rows = tx.find("statement", order=("n",), matter=matter, kind="gate")
    return cast("int", rows[-1]["n"]) if rows else 0
