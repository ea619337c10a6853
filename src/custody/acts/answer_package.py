"""What is given to a person who asks for their data: everything held of them, what is kept back and by which rule, as one archive (spec/requests.md §3)."""

import csv
import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from custody.acts.desk import Desk
from custody.acts.explaining_text import as_text
from custody.acts.holdings import NEVER
from custody.acts.layouts import class_of
from custody.acts.reading import Reader, RowAgain
from custody.acts.shared_rows import SHARED, given_to_all, shared_with
from custody.acts.spreadsheets import plain
from custody.acts.vaults import AUDIT, QUARANTINE
from custody.base.canonical import Json
from custody.classify.taxonomy import classes
from custody.law.pack import Packs
from custody.ports.store import Transaction

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_HIDDEN: Final = "•••"
ABOUT: Final = "about"
_READ_ME: Final = {
    "": "答复您的请求 / The answer to your request\n",
    "about.txt": "about.txt       我们怎样处理您的信息：用途、依据、保存多久、从哪里来、给了谁 / how we treat your data: purposes, basis, how long, source, recipients",
    "about.json": "about.json      同样的内容，机器可读 / the same, for machines",
    "data.json": "data.json       全部内容，机器可读 / everything, for machines",
    "own.json": "own.json        我们另外记录的：您的答复和回执、请求和原话、告知过您的、改过的、您的链接和监护人的证件；法院和机关要求保全的命令不在其中 / what we keep besides: your answers with their receipts, your requests in your words, what you were told, corrections, your links, papers of a guardian; orders of courts and authorities to keep data are not in it",
    "tables": "tables/*.csv    每张表一个文件，可用表格软件打开 / one file a table, for a spreadsheet",
    "withheld.json": "withheld.json   没有给您的行，以及依据的规则；与别人共有的行里没有给您的内容 / rows kept back, and the rule each rests on; what is left out of rows that are another person's too",
}
_FINE: Final = """
密码和银行卡验证信息只写明留存，不写内容。
Passwords and the security details of cards are named and not shown.
不满意，可以再找我们，也可以向个人信息保护主管部门投诉。
Not satisfied? Write to us, or complain to your data protection authority.
"""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Rows of a table that are not given (all of it where `row` is 0), and the rule that says so."""

    table: str
    row: int
    rule: str


@dataclass(frozen=True, slots=True)
class Held:
    """One table of one person: column names with their classes, and rows by name."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]
    shared: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """{row, from 1: columns whose value is withheld} of those that are another person's too."""


def everything(desk: Desk, tx: Transaction, vault: str, subject: bytes) -> list[Held]:
    """All rows of one live person in their own terms, after them those shared with others; what nobody may be shown stands as dots."""
    joint = [cast("bytes", row["id"]) for row in shared_with(tx, vault, [subject])]
    with Reader(desk, tx, vault, only={subject, *joint}) as reader:
        own, shared = _read(tx, reader, vault, [subject]), _read(tx, reader, vault, joint)
    named = reader.columns()
    made = {table: (named[table], class_of(tx, vault, table)) for table in sorted({*own, *shared})}
    mine = {table: _held(table, *made[table], own.get(table, {})) for table in made}
    known = {(held.columns[name], value) for held in mine.values() for row in held.rows for name, value in row.items()}
    return [_with_shared(mine[table], _held(table, *made[table], shared.get(table, {})), known) for table in made]


def _read(tx: Transaction, reader: Reader, vault: str, people: Sequence[bytes]) -> dict[str, dict[int, RowAgain]]:
    rows: dict[str, dict[int, RowAgain]] = {}
    for who in people:
        for record in tx.find("record", order=("segment", "position"), vault=vault, subject=who):
            if record["compartment"] not in {AUDIT, QUARANTINE}:
                reader.put(record, rows)
    return rows


def _held(table: str, named: Sequence[str], own: Mapping[str, str], found: Mapping[int, RowAgain]) -> Held:
    told = {name: own.get(name, "record.other") for name in named}
    rows = [
        {named[place]: _HIDDEN if told[named[place]] in NEVER else str(value)
         for place, value in sorted(row.values.items()) if value not in (None, "")}
        for _, row in sorted(found.items())
    ]  # fmt: skip
    return Held(table, told, rows)


def _with_shared(own: Held, shared: Held, known: Collection[tuple[str, str]]) -> Held:
    """One table: the person's own rows, then what may be given of those that are another person's too."""
    rows, kept = list(own.rows), dict[int, Sequence[str]]()
    for row in shared.rows:
        hidden = [name for name, value in row.items()
                  if not given_to_all(own.columns[name]) and (own.columns[name], value) not in known]  # fmt: skip
        rows.append({name: _HIDDEN if name in hidden else value for name, value in row.items()})
        kept[len(rows)] = hidden
    return Held(own.name, own.columns, rows, kept)


def parted(held: Sequence[Held], kept_back: Sequence[Withheld]) -> list[Held]:
    """The tables without what is kept back; rows count from 1 as they are listed."""
    drop = {(one.table, one.row) for one in kept_back}
    return [
        Held(
            one.name,
            one.columns,
            [row for n, row in enumerate(one.rows, start=1) if not drop & {(one.name, n), (one.name, 0)}],
            {n: kept for n, kept in one.shared.items() if not drop & {(one.name, n), (one.name, 0)}},
        )
        for one in held
    ]


def archive(
    given: Sequence[Held], kept_back: Sequence[Withheld], packs: Packs, head: Mapping[str, Json], about: Mapping[str, Json], own: Mapping[str, Json]
) -> bytes:  # fmt: skip
    """The archive, the same bytes for the same content. `own` is what custody itself holds about the person; nothing where only what they gave is asked for."""
    files = {**explained(about, head), "data.json": _json({**head, "tables": [_table(one) for one in given]}),
             "withheld.json": _json([*(_said(one, packs) for one in kept_back), *_shared(given)])}  # fmt: skip
    if own:
        files["own.json"] = _json({**head, **own})
    for n, one in enumerate(given, start=1):
        files[f"tables/{n:02d}-{''.join(sign if sign.isalnum() else '-' for sign in one.name)[:40]}.csv"] = _csv(one)
    return zipped(files)


def explained(about: Mapping[str, Json], head: Mapping[str, Json]) -> dict[str, bytes]:
    """How the person's data is treated, for people and for machines."""
    return {f"{ABOUT}.txt": as_text(about).encode(), f"{ABOUT}.json": _json({**head, **about})}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """One archive of them, with a file that says what each is."""
    out, names = io.BytesIO(), {"", *(name.partition("/")[0] for name in files)}
    read_me = "\n".join(line for name, line in _READ_ME.items() if name in names) + "\n" + _FINE
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in {"README.txt": read_me.encode(), **files}.items():
            _put(made, name, data)
    return out.getvalue()


def _put(made: zipfile.ZipFile, name: str, data: bytes) -> None:
    made.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _table(one: Held) -> dict[str, Any]:
    known = classes()
    columns = [
        {
            "name": name,
            "class": cls,
            "zh": known[cls].zh if cls in known else cls,
            "en": known[cls].en if cls in known else cls,
        }
        for name, cls in one.columns.items()
    ]
    return {"name": one.name, "columns": columns, "rows": list(one.rows)}


def _said(one: Withheld, packs: Packs) -> dict[str, Json]:
    rule = packs.cited(one.rule)[-1]
    return {"table": one.table, "row": one.row or "all", "rule": one.rule, "law": dict(rule.reference),
            "why": dict(rule.to_customer or {})}  # fmt: skip


def _shared(given: Sequence[Held]) -> list[Json]:
    """Rows of several people that are given, without the other's values in these columns; the numbers are those before any was kept back."""
    return [
        {"table": one.name, "row": n, "columns": list[Json](hidden), "because": "shared", "why": dict(SHARED)}
        for one in given for n, hidden in one.shared.items()
    ]  # fmt: skip


def _csv(one: Held) -> bytes:
    """UTF-8 with BOM; a cell that a spreadsheet would run is text."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow([_plain(name) for name in one.columns])
    lines.writerows([_plain(row.get(name, "")) for name in one.columns] for row in one.rows)
    return ("\ufeff" + out.getvalue()).encode()


def _plain(text: str) -> str:
    return plain(text)
