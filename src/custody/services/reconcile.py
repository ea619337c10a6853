"""Reconcile: every source row delivered, withheld or quarantined; both sides' counts and digests equal (C8)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final, cast

from custody.acts import let_go, releases, taking
from custody.acts.answered import Answer, answer_name
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.exporting import OWN
from custody.acts.handing import counterparty, own, statement_row, understood
from custody.acts.held_back import locked
from custody.acts.matters import deal
from custody.acts.reading import Reader, RowAgain
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.model.party import PartyCard
from custody.package.statements import Received, ReleasedStatement
from custody.ports.files import Files
from custody.ports.store import Cells, Row, Transaction, one
from custody.ports.target import Target
from custody.vault.payload import Value, pack, unpack

# Who enters what was compared; an auditor compares as well, and what comes of that is entered nowhere.
COMPARE: Final = frozenset(("data", "owner"))
AGREE: Final = frozenset(("data", "owner", "privacy"))
_AUDIT: Final = ("auditor",)
ACCOUNT_READERS: Final = AGREE.union(_AUDIT)


def reconcile_export(desk: Desk, named_deal: str, target: Target) -> Mapping[str, Json]:
    """At the buyer: read the target back; each row re-packed must equal the payload that was sealed (A17)."""
    desk.require((*COMPARE, *_AUDIT))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        number = taking.received(desk, tx, str(matter["id"]))[-1].n
        receipt = _receipt(desk, tx, str(matter["id"]), number)
        with Reader(desk, tx, str(matter["vault"]), only=()) as reader:
            shut = locked(tx, str(matter["vault"]))
            tables = [_compare(reader, table, target, shut) for table in reader.columns()]
            beyond = target.beyond({**OWN, **reader.columns()})
            extra: list[Json] = [{"table": table, "column": column} for table, column in beyond]
    wrong = {str(table["name"]): len(cast("list[Json]", table["differing"])) for table in tables}
    differing = sum(wrong.values()) + len(extra)
    if desk.principal.roles & COMPARE:
        _compared(desk, str(matter["id"]), number, receipt, wrong, differing)
    return {"ok": differing == 0, "deal": str(matter["ref"]), "tables": list[Json](tables), "differing": differing,
            "extra": extra}  # fmt: skip


def reconcile(desk: Desk, named_deal: str, source: Files) -> Mapping[str, Json]:
    """At the seller: check the buyer's answer to each release and account for every row. Raises Broken `receipt.*`.

    An auditor does the same sums; the answers are agreed to by whoever works with the data.
    """
    desk.require(ACCOUNT_READERS)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        name = str(matter["id"])
        buyer = counterparty(tx, str(matter["counterparty"]))
        made = releases.made(desk, tx, name)
        if not made:
            own(desk, tx, name, ReleasedStatement)
        there = frozenset(source.list())
        answers = [Answer(one_made, source.read(file)) for one_made in made
                   if (file := answer_name(one_made)) in there or one_made.n == 1]  # fmt: skip
        tables = _account(tx, matter, *_rows(desk, tx, matter, buyer, answers))
        balanced = all(table["difference"] == 0 for table in tables)
        if balanced and desk.principal.roles & AGREE:
            for answer in answers:
                _agree(desk, tx, name, answer)
    totals = {
        word: sum(cast("int", table[word]) for table in tables)
        for word in ("rows", "delivered", "withheld", "quarantined")
    }
    held: list[Json] = [{"n": answer.made.n, "held": count} for answer in answers
                        if (count := answer.held(buyer, rehearsal=desk.rehearsal))]  # fmt: skip
    waiting: list[Json] = [one_made.n for one_made in made if one_made.n not in {answer.made.n for answer in answers}]
    return {"ok": balanced, "deal": str(matter["ref"]), "tables": tables, **totals, "unanswered": waiting, "held": held}


def _rows(
    desk: Desk, tx: Transaction, matter: Row, buyer: PartyCard, answers: Sequence[Answer]
) -> tuple[Counter[str], Counter[str]]:
    """(rows that the buyer's answers say came, rows that our releases let go), by table; what was recalled counts back."""
    given, released = Counter[str](), Counter[str]()
    for answer in answers:
        gone = let_go.rows(tx, matter, answer.made.n)
        given.update(answer.rows(buyer, gone, rehearsal=desk.rehearsal))
        if answer.held(buyer, rehearsal=desk.rehearsal):
            continue
        released.update({table: count * answer.sign for table, count in gone.items()})
    return given, released


def _receipt(desk: Desk, tx: Transaction, matter: str, number: int) -> Received:
    """What this side said when it received that release."""
    row = statement_row(tx, matter, "received", releases.receipt_row(number))
    return understood(cast("bytes", row["envelope"]), Received, desk.card.identity, rehearsal=desk.rehearsal)


def _compared(
    desk: Desk, matter: str, number: int, receipt: Received, wrong: Mapping[str, int], differing: int
) -> None:
    """State once what the comparison found: the receipt again, with how many rows of each table differ."""
    place = releases.compared_row(number)
    with desk.store.write() as tx:
        if one(tx, "statement", matter=matter, kind="received", n=place) is not None:
            return
        told = replace(receipt, tables=tuple(replace(table, differing=wrong[table.name]) for table in receipt.tables))
        issue(desk, tx, matter, [named("manifest.json", receipt.release)], told, n=place)
        append(tx, desk.space, stamp(desk.clock.now()), "reconciled", {"differing": differing})


def _agree(desk: Desk, tx: Transaction, matter: str, answer: Answer) -> None:
    n, digest = answer.made.n, sha256(answer.envelope)
    said = releases.answered(tx, matter, "receipt", n)
    if said and (answer.made.kind != releases.RECALL or any(row["sha256"] == digest for row in said)):
        return
    n = releases.further_row(n, len(said))
    now = stamp(desk.clock.now())
    says: dict[str, Json] = {"sha256": digest, **({"n": n} if n > 1 else {})}
    position = append(tx, desk.space, now, "receipt-agreed", says)
    row: Cells = {"matter": matter, "kind": "receipt", "n": n, "sha256": digest, "envelope": answer.envelope}
    tx.add("statement", [{**row, "position": position, "at": now}])


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


def _compare(reader: Reader, name: str, target: Target, shut: Mapping[bytes, frozenset[int]]) -> dict[str, Json]:
    differing: list[Json] = []
    count = extra = 0
    mine = (one for one in reader.rows(name, shut) if one[1].home)
    for one_row, found in zip_longest(mine, target.read(name)):
        if one_row is None or found is None:
            extra += 1 if one_row is None else -1
            continue
        count += 1
        differing += _differing(reader, one_row[0], one_row[1], found)
    if extra:
        differing.append({"row": 0, "columns": [], "rows_too_many": extra})
    return {"name": name, "rows": count, "differing": differing}


def _differing(reader: Reader, number: int, row: RowAgain, found: Sequence[Value]) -> Iterator[Json]:
    for layout, payload in row.payloads.items():
        places, columns = reader.layouts[layout].places, reader.layouts[layout].columns
        if pack(number, [found[place] for place in places]) != payload:
            yield {"row": number, "columns": _wrong(columns, unpack(payload)[1], [found[place] for place in places])}


def _wrong(columns: Sequence[str], sealed: Sequence[Value], found: Sequence[Value]) -> list[Json]:
    """Which of a record's cells differ, as they pack: 1, 1.0 and true are three values."""
    return [name for name, one, other in zip(columns, sealed, found, strict=True) if pack(0, [one]) != pack(0, [other])]
