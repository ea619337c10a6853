"""Reconcile: every source row delivered, withheld or quarantined; both sides' counts and digests equal (C8)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import RECEIVED, counterparty, predicate, statement_row
from custody.acts.matters import deal
from custody.acts.reading import Reader
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base import dsse
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.base.statement import subject as named
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.ports.target import Target
from custody.vault.payload import pack


def reconcile_export(desk: Desk, named_deal: str, target: Target) -> Mapping[str, Json]:
    """At the buyer: read the target back; each row re-packed must equal the payload that was sealed (A17)."""
    desk.require(("data", "owner", "auditor"))
    tables: list[dict[str, Json]] = []
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        receipt = predicate(statement_row(tx, str(matter["id"]), "received", 1), desk)
        reader = Reader(desk, tx, str(matter["vault"]))
        for name in reader.columns():
            tables.append(_compare(reader, name, target))
        reader.close()
    differing = sum(len(cast("list[Json]", one["differing"])) for one in tables)
    with desk.store.write() as tx:
        if one(tx, "statement", matter=str(matter["id"]), kind="received", n=2) is None:
            digests = {str(t["name"]): t["digest"] for t in cast("list[dict[str, Json]]", receipt["tables"])}
            told = [{"name": t["name"], "rows": t["rows"], "digest": digests[str(t["name"])],
                     "differing": len(cast("list[Json]", t["differing"]))} for t in tables]  # fmt: skip
            release = str(receipt["release"])
            common = {name: receipt[name] for name in ("deal", "release", "package", "opened", "zero", "mismatched")}
            issue(
                desk,
                tx,
                str(matter["id"]),
                "received",
                [named("release", release)],
                {**common, "n": 2, "tables": told},
                n=2,
            )
            append(tx, desk.space, stamp(desk.clock.now()), "reconciled", {"differing": differing})
    return {"ok": differing == 0, "deal": str(matter["ref"]), "tables": tables, "differing": differing}


def reconcile(desk: Desk, named_deal: str, source: Files) -> Mapping[str, Json]:
    """At the seller: check the buyer's receipt and account for every row. Raises Broken `receipt.*`."""
    desk.require(("data", "owner", "auditor", "privacy"))
    envelope = source.read(RECEIVED)
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        buyer = counterparty(tx, str(matter["counterparty"]))
        said = dsse.open_envelope(envelope, {buyer.identity.id: buyer.identity}).predicate
        released = predicate(statement_row(tx, str(matter["id"]), "released"), desk)
        if said["release"] != released["manifest"] or said["opened"] != released["slots"] or said["mismatched"] != 0:
            raise Broken("receipt.release", "The receipt does not agree with the release.", kind="chain")
        tables = _account(tx, matter, said)
        balanced = all(table["difference"] == 0 for table in tables)
        if one(tx, "statement", matter=str(matter["id"]), kind="receipt") is None and balanced:
            row = {
                "matter": str(matter["id"]),
                "kind": "receipt",
                "n": 1,
                "sha256": sha256(envelope),
                "envelope": envelope,
            }
            position = append(tx, desk.space, stamp(desk.clock.now()), "receipt-agreed", {"sha256": sha256(envelope)})
            tx.add("statement", [{**row, "position": position, "at": stamp(desk.clock.now())}])
    totals = {
        name: sum(cast("int", table[name]) for table in tables)
        for name in ("rows", "delivered", "withheld", "quarantined")
    }
    return {"ok": balanced, "deal": str(matter["ref"]), "tables": tables, **totals}


def _account(tx: Transaction, matter: Row, said: Mapping[str, Json]) -> list[dict[str, Json]]:
    given = {str(t["name"]): t for t in cast("list[dict[str, Json]]", said["tables"])}
    tables: list[dict[str, Json]] = []
    for row in tx.find("tally", order=("tbl",), vault=str(matter["vault"])):
        met, sealed, rejected = (cast("int", row[name]) for name in ("met", "sealed", "quarantined"))
        delivered = cast("int", given.get(str(row["tbl"]), {}).get("rows", 0))
        withheld = sealed - delivered
        difference = met - delivered - withheld - rejected
        short = -1 if withheld < 0 else difference
        tables.append({"name": str(row["tbl"]), "role": str(row["role"]), "rows": met, "delivered": delivered,
                       "withheld": withheld, "quarantined": rejected, "difference": short})  # fmt: skip
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
