"""Reconcile: every source row delivered, withheld or quarantined; both sides' counts and digests equal (C8)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from custody.acts import let_go
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import RECEIVED, counterparty, own, statement_row, understood
from custody.acts.matters import deal
from custody.acts.reading import Reader
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.base.statement import subject as named
from custody.package.statements import Received, ReleasedStatement
from custody.ports.files import Files
from custody.ports.store import Cells, Row, Transaction, one
from custody.ports.target import Target
from custody.vault.payload import pack


def reconcile_export(desk: Desk, named_deal: str, target: Target) -> Mapping[str, Json]:
    """At the buyer: read the target back; each row re-packed must equal the payload that was sealed (A17)."""
    desk.require(("data", "owner", "auditor"))
    tables: list[dict[str, Json]] = []
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        name = str(matter["id"])
        receipt = understood(
            cast("bytes", statement_row(tx, name, "received", 1)["envelope"]),
            Received,
            desk.card.identity,
            rehearsal=desk.rehearsal,
        )
        reader = Reader(desk, tx, str(matter["vault"]))
        tables = [_compare(reader, table, target) for table in reader.columns()]
        reader.close()
    wrong = {str(table["name"]): len(cast("list[Json]", table["differing"])) for table in tables}
    with desk.store.write() as tx:
        if one(tx, "statement", matter=name, kind="received", n=2) is None:
            told = tuple(replace(table, differing=wrong[table.name]) for table in receipt.tables)
            issue(desk, tx, name, [named("manifest.json", receipt.release)], replace(receipt, tables=told), n=2)
            append(tx, desk.space, stamp(desk.clock.now()), "reconciled", {"differing": sum(wrong.values())})
    return {
        "ok": not any(wrong.values()),
        "deal": str(matter["ref"]),
        "tables": tables,
        "differing": sum(wrong.values()),
    }


def reconcile(desk: Desk, named_deal: str, source: Files) -> Mapping[str, Json]:
    """At the seller: check the buyer's receipt and account for every row. Raises Broken `receipt.*`."""
    desk.require(("data", "owner", "auditor", "privacy"))
    envelope = source.read(RECEIVED)
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        name = str(matter["id"])
        buyer = counterparty(tx, str(matter["counterparty"]))
        said = understood(envelope, Received, buyer.identity, rehearsal=desk.rehearsal)
        released, _ = own(desk, tx, name, ReleasedStatement)
        if said.release != released.manifest or said.mismatched:
            raise Broken("receipt.release", "The receipt does not agree with the release.", kind="chain")
        given = {table.name: table.rows for table in said.tables}
        tables = _account(tx, matter, given, let_go.rows(tx, matter, 1))
        balanced = all(table["difference"] == 0 for table in tables)
        if one(tx, "statement", matter=name, kind="receipt") is None and balanced:
            row: Cells = {"matter": name, "kind": "receipt", "n": 1, "sha256": sha256(envelope), "envelope": envelope}
            position = append(tx, desk.space, stamp(desk.clock.now()), "receipt-agreed", {"sha256": sha256(envelope)})
            tx.add("statement", [{**row, "position": position, "at": stamp(desk.clock.now())}])
    totals = {
        word: sum(cast("int", table[word]) for table in tables)
        for word in ("rows", "delivered", "withheld", "quarantined")
    }
    return {"ok": balanced, "deal": str(matter["ref"]), "tables": tables, **totals}


def _account(
    tx: Transaction, matter: Row, given: Mapping[str, int], released: Mapping[str, int]
) -> list[dict[str, Json]]:
    """What the buyer's receipt says was delivered, beside what the release let go: withheld is the rest of what was sealed."""
    tables: list[dict[str, Json]] = []
    for row in tx.find("tally", order=("tbl",), vault=str(matter["vault"])):
        met, sealed, rejected = (cast("int", row[name]) for name in ("met", "sealed", "quarantined"))
        delivered = given.get(str(row["tbl"]), 0)
        withheld = sealed - released.get(str(row["tbl"]), 0)
        difference = met - delivered - withheld - rejected
        tables.append({"name": str(row["tbl"]), "role": str(row["role"]), "rows": met, "delivered": delivered,
                       "withheld": withheld, "quarantined": rejected, "difference": difference})  # fmt: skip
    return tables


def _compare(reader: Reader, name: str, target: Target) -> dict[str, Json]:
    rows = {number: row for number, row in reader.table(name).items() if row.home}
    differing: list[Json] = []
    count = 0
    for (number, row), found in zip(rows.items(), target.read(name), strict=False):
        count += 1
        for layout, payload in row.payloads.items():
            places = reader.layouts[layout].places
            if pack(number, [found[place] for place in places]) != payload:
                differing.append({"row": number, "columns": list(reader.layouts[layout].columns)})
    extra = sum(1 for _ in target.read(name)) - len(rows)
    if extra:
        differing.append({"row": 0, "columns": [], "rows_too_many": extra})
    return {"name": name, "rows": count, "differing": differing}
