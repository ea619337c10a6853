"""What was set aside, by file and line, with its reason, what became of it, and the sum that shows that nothing was dropped (A2, C8). Changes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.set_aside import DISMISSED, HANDLERS, LOOKERS, OPEN, Cells, Table, account, ends, masked
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction


class Asked(NamedTuple):
    """Which of them: of one table, of one reason, in one state; empty is any."""

    table: str = ""
    reason: str = ""
    state: str = ""


EVERYTHING: Final = Asked()


def quarantine_list(
    desk: Desk, name: str | None, asked: Asked = EVERYTHING, start: int = 0, most: int | None = 50
) -> Mapping[str, Json]:
    """Lines in the order in which they were met. Those who may handle them see the shape of each value, never a value. Raises Denied `act.role`."""
    desk.require(LOOKERS)
    with desk.store.read() as tx:
        vault = vault_row(tx, desk.space, name)
        key = str(vault["id"])
        ended, handles = (
            ends(tx, key),
            {str(one["id"]): str(one["handle"]) for one in tx.find("principal", party=desk.space)},
        )
        tables = account(tx, key, ended)
        fits, total = _chosen(tx, key, asked, ended, start, most)
        shown = masked(desk, tx, key, [cast("int", row["number"]) for row in fits]) if _sees(desk) and most else {}
        groups = _groups(tx, key, ended)
    lines: list[Json] = [_line(row, ended, handles, shown) for row in fits]
    return {"vault": str(vault["name"]), "tables": [_table(one) for one in tables], **_sums(tables), "groups": groups, "total": total, "lines": lines}  # fmt: skip


def _sees(desk: Desk) -> bool:
    return bool(desk.principal.roles & frozenset(HANDLERS))


def _chosen(
    tx: Transaction, vault: str, asked: Asked, ended: Mapping[int, Row], start: int, most: int | None
) -> tuple[Sequence[Row], int]:
    """(the lines of a page, how many fit in all)."""
    equal = {name: value for name, value in (("tbl", asked.table), ("reason", asked.reason)) if value}
    rows = tx.scan("quarantine", order=("number",), vault=vault, **equal)
    fits = (row for row in rows if asked.state in {"", _state(row, ended)})
    before = sum(1 for _ in islice(fits, start))
    page = list(islice(fits, most))
    return page, before + len(page) + sum(1 for _ in fits)


def _state(row: Row, ended: Mapping[int, Row]) -> str:
    return DISMISSED if row["number"] in ended else OPEN


def _groups(tx: Transaction, vault: str, ended: Mapping[int, Row]) -> list[Json]:
    """By file and reason, most first; what was never looked at (a file, a sheet) is of no row."""
    rows, opened, looked = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]](), set[tuple[str, str, str]]()
    for number, table, file, reason, row in _every(tx, vault):
        rows[table, file, reason] += 1
        opened[table, file, reason] += number not in ended
        if row:
            looked.add((table, file, reason))
    return [{"table": key[0], "file": key[1], "reason": key[2], "rows": n, "open": opened[key], "looked_at": key in looked} for key, n in rows.most_common()]  # fmt: skip


def _every(tx: Transaction, vault: str) -> Iterator[tuple[int, str, str, str, int]]:
    names = ("number", "tbl", "file", "reason", "row")
    return cast("Iterator[tuple[int, str, str, str, int]]", tx.columns("quarantine", names, vault=vault))


def _table(one: Table) -> Json:
    return {**one._asdict(), "difference": one.difference}


def _sums(tables: Sequence[Table]) -> dict[str, Json]:
    names = ("rows", "sealed", "dismissed", "open", "difference")
    return {name: sum(cast("int", getattr(one, name)) for one in tables) for name in names}


def _line(row: Row, ended: Mapping[int, Row], handles: Mapping[str, str], shown: Mapping[int, Cells]) -> Json:
    number = cast("int", row["number"])
    end, cells = ended.get(number), shown.get(number)
    told: list[Json] | None = None if cells is None else [{"column": column, "shape": text} for column, text in cells]
    became: dict[str, Json] = {"state": _state(row, ended), "why": "", "by": "", "at": ""}
    if end:
        became |= {"why": str(end["why"]), "by": handles.get(str(end["principal"]), ""), "at": str(end["at"])}
    return {"number": number, "table": str(row["tbl"]), "file": str(row["file"]), "line": row["line"], "row": row["row"],
            "reason": str(row["reason"]), "detail": str(row["detail"]), "cells": told, **became}  # fmt: skip
