"""What was set aside, by file and line, with its reason, what became of it, and the sum that shows that nothing was dropped (A2, C8). Changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.set_aside import (
    DISMISSED,
    HANDLERS,
    LOOKERS,
    OPEN,
    Bunch,
    Cells,
    Table,
    account,
    bunches,
    ends,
    in_state,
    masked,
)
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
        handles = {str(one["id"]): str(one["handle"]) for one in tx.find("principal", party=desk.space)}
        found = bunches(tx, key)
        tables = account(tx, key, found)
        fits = _chosen(tx, key, asked, start, most)
        numbers = [cast("int", row["number"]) for row in fits]
        ended = ends(tx, key, numbers)
        shown = masked(desk, tx, key, numbers) if _sees(desk) and most else {}
    lines: list[Json] = [_line(row, ended, handles, shown) for row in fits]
    return {"vault": str(vault["name"]), "tables": [_table(one) for one in tables], **_sums(tables), "groups": [_group(one) for one in found], "total": sum(one.of(asked.state) for one in found if _fits(one, asked)), "lines": lines}  # fmt: skip


def _sees(desk: Desk) -> bool:
    return bool(desk.principal.roles & frozenset(HANDLERS))


def _chosen(tx: Transaction, vault: str, asked: Asked, start: int, most: int | None) -> Sequence[Row]:
    """The lines of a page."""
    equal = {name: value for name, value in (("tbl", asked.table), ("reason", asked.reason)) if value}
    return tx.first("quarantine", most, in_state(asked.state), start, order=("number",), vault=vault, **equal)


def _fits(one: Bunch, asked: Asked) -> bool:
    return asked.table in {"", one.table} and asked.reason in {"", one.reason}


def _state(row: Row, ended: Mapping[int, Row]) -> str:
    return DISMISSED if row["number"] in ended else OPEN


def _group(one: Bunch) -> Json:
    return {
        "table": one.table,
        "file": one.file,
        "reason": one.reason,
        "rows": one.rows,
        "open": one.open,
        "looked_at": one.rows > one.no_row,
    }


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
