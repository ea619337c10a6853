"""Write docs/reference/ from the source: errors.md (every slug), store.md (every table), cli.md (every command).

`python docs/reference/generate.py` writes them, `--check` says whether they are what the source gives. A slug is found
where an error of custody.base.errors is made: as a literal, or as the literal that reaches a helper's parameter.
A slug that cannot be found so is a fault of the source, and the script says where.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from commands import page as commands
from custody.adapters.stores.schema import METADATA
from custody.base import errors
from custody.base.speech import catalogue as chinese_words

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "custody"
FOLDER = ROOT / "docs" / "reference"
KINDS = {
    name: found
    for name, found in vars(errors).items()
    if isinstance(found, type) and issubclass(found, errors.CustodyError)
}
CHINESE = chinese_words()
HEAD = """<!-- Written by docs/reference/generate.py: do not edit. -->
# Errors · 错误

Every error that custody raises on purpose, by slug. With `--json` it is the `error` object: `slug`, `message`, `where`,
`next`, `retry`. The exit code follows from whose fault it is: 1 the answer is no, 2 the input, 3 the environment, 4 a
fault in custody itself. `…` stands for what is named at the time: a file, a count, a code, never a person's value.

custody 有意报出的每一个错误，按代号排列。加 `--json` 时即 `error` 对象。退出码说明责任所在：1 答案为否，2 输入有误，3 环境故障，4 custody
自身故障。`…` 代表当时的文件、数目或代号，绝不是某个人的数据。中文句子不含这些，它们列在句子之后。

| slug · 代号 | fault | exit | says | next | 说明 | 下一步 |
|---|---|---|---|---|---|---|
"""
SCHEMA = SOURCE / "adapters" / "stores" / "schema.py"
STORE_HEAD = """<!-- Written by docs/reference/generate.py: do not edit. -->
# Core store

The tables of `core.db`, the same on SQLite and PostgreSQL; migrations build them. No column may be NULL: a text that is not known is empty,
a number 0, bytes empty. Nothing here holds a value of a person in clear: sealed bytes, keys under wrap, random ids, codes, counts and hashes. Staff are named in
`principal` alone. Times are text, `2026-03-16T14:30:00.000000Z`. What is canonical JSON is bytes.
"""
_TYPES = {sa.Text: "text", sa.BigInteger: "integer, 64 bits", sa.LargeBinary: "bytes"}


@dataclass
class Entry:
    """One slug as the source gives it, with its words in the order they were found."""

    kinds: dict[str, None] = field(default_factory=dict)
    says: dict[str, None] = field(default_factory=dict)
    nexts: dict[str, None] = field(default_factory=dict)


Call = dict[str, ast.expr]  # parameter name -> what is passed
_POSITIONS = ("slug", "message")


def catalogue(source: Path = SOURCE) -> dict[str, Entry]:
    """Slug -> entry for every error made below `source`. Raises ValueError where a slug cannot be found."""
    found: dict[str, Entry] = defaultdict(Entry)
    for path in sorted(source.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for kind, call in _made(tree):
            slug = call.get("slug")
            literal = slug.value if isinstance(slug, ast.Constant) else None
            if not literal:
                raise ValueError(f"{path.relative_to(source)}:{slug.lineno if slug else 0}: the slug is not a literal")
            entry = found[str(literal)]
            entry.kinds[kind] = None
            entry.says.update(dict.fromkeys(_texts(call.get("message"))))
            entry.nexts.update(dict.fromkeys(_texts(call.get("next"))))
    return dict(sorted(found.items()))


def page(entries: dict[str, Entry]) -> str:
    """The Markdown of the catalogue."""
    return HEAD + "".join(_row(slug, entry) for slug, entry in entries.items())


def _made(tree: ast.Module) -> Iterator[tuple[str, Call]]:
    """Every making of an error, helpers followed to the calls that name the slug."""
    for node, function in _walk(tree, None):
        kind = _name(node.func)
        if kind not in KINDS or not (node.args or node.keywords):
            continue
        call = _bind(node, _POSITIONS)
        slug = call.get("slug")
        if isinstance(slug, ast.Name) and function is not None and slug.id in _parameters(function):
            for caller, _ in _walk(tree, None):
                if _name(caller.func) == function.name:
                    yield kind, _through(call, _bind(caller, _parameters(function)))
        else:
            yield kind, call


def _walk(node: ast.AST, function: ast.FunctionDef | None) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, function
        yield from _walk(child, child if isinstance(child, ast.FunctionDef) else function)


def _bind(call: ast.Call, parameters: tuple[str, ...]) -> Call:
    bound = dict(zip(parameters, call.args, strict=False))
    return bound | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _through(inner: Call, outer: Call) -> Call:
    return {name: outer.get(node.id, node) if isinstance(node, ast.Name) else node for name, node in inner.items()}


def _parameters(function: ast.FunctionDef) -> tuple[str, ...]:
    names = tuple(one.arg for one in (*function.args.posonlyargs, *function.args.args))
    return names[1:] if names[:1] in (("self",), ("cls",)) else names


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _texts(node: ast.expr | None) -> list[str]:
    """What a message can say, with … where the source puts a value in."""
    if node is None:
        return []
    if isinstance(node, ast.Constant):
        return [str(node.value)] if node.value else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    if isinstance(node, ast.BinOp):
        return [left + right for left in _texts(node.left) for right in _texts(node.right)]
    return ["…"]


def _row(slug: str, entry: Entry) -> str:
    kinds = [KINDS[kind] for kind in entry.kinds]
    faults = ", ".join(dict.fromkeys(kind.fault for kind in kinds))
    codes = ", ".join(dict.fromkeys(str(kind.exit_code) for kind in kinds))
    area, _, fault = slug.partition(".")
    chinese = CHINESE.get(area, {}).get(fault, {})
    says, nexts = " / ".join(entry.says), " / ".join(entry.nexts)
    told = (says, nexts, chinese.get("says", ""), chinese.get("next", nexts))
    cells = " | ".join(words.replace("|", "\\|").replace("\n", " ") for words in told)
    return f"| `{slug}` | {faults} | {codes} | {cells} |\n"


def store(metadata: sa.MetaData = METADATA, source: Path = SCHEMA) -> str:
    """The Markdown of every table, in the groups and with the words of the schema's own comments."""
    text = source.read_text(encoding="utf-8")
    parts = ((said, re.findall(r'_table\(\s*"(\w+)"', body)) for said, body in _groups(text))
    shown = {said: [metadata.tables[name] for name in names] for said, names in parts if names}
    lost = set(metadata.tables) - {table.name for tables in shown.values() for table in tables}
    if lost:
        raise ValueError(f"{source.name} has tables under no comment: {', '.join(sorted(lost))}")
    return STORE_HEAD + "".join(
        f"\n## {said}\n" + "".join(_table(table) for table in tables) for said, tables in shown.items()
    )


def _groups(text: str) -> list[tuple[str, str]]:
    pieces = re.split(r"^# (.+)\n", text, flags=re.MULTILINE)
    return [(said.removesuffix("."), body) for said, body in zip(pieces[1::2], pieces[2::2], strict=True)]


def _table(table: sa.Table) -> str:
    keys = {column.name for column in table.primary_key}
    rows = "".join(
        f"| `{column.name}` | {_TYPES[type(column.type)]} | {'key' if column.name in keys else ''} |\n"
        for column in table.columns
    )
    indexes = sorted(", ".join(f"`{column.name}`" for column in index.columns) for index in table.indexes)
    told = "".join(f"\nIndex on {names}.\n" for names in indexes)
    return f"\n### {table.name}\n\n| column | type | |\n|---|---|---|\n{rows}{told}"


PAGES = {"errors.md": lambda: page(catalogue()), "store.md": store, "cli.md": commands}


def main(words: list[str]) -> int:
    """Write or compare; returns the exit code."""
    wrong = []
    for name, make in PAGES.items():
        target, wanted = FOLDER / name, make()
        if words != ["--check"]:
            target.write_text(wanted, encoding="utf-8")
        elif not target.is_file() or target.read_text(encoding="utf-8") != wanted:
            wrong.append(name)
            sys.stderr.write(f"docs/reference/{name} is not what the source gives: python3 run.py docs\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
