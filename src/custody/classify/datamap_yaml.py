"""The data map as a file that people review: one line per column, comments in both languages, faults by line number.

Reading is strict and complete: every fault of the file is named at once, with its line; an unknown key is a fault, and
so is a level lowered below its class's (taxonomy.toml).
"""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any, Final

import yaml

from custody.base import canonical
from custody.base.errors import Malformed
from custody.classify.compartments import number
from custody.classify.datamap_form import Reader
from custody.classify.reasons import chinese
from custody.classify.taxonomy import classes
from custody.model.datamap import ColumnMap, Compartment, DataMap, Hop, TableMap

_HEAD: Final = """\
# 数据地图 / data map. 请逐表核对：角色、主体键、关联路径、类别、级别、目的、保存期限；改好后由隐私官签署。
# Check each table: role, subject key, join paths, classes, levels, purposes, retention; then the privacy officer signs.
# role: subject 一行一人 one row per person | about 关于某人 about a person | reference 参照 about nobody | other-people 其他人
# kind: customer 客户 | prospect 潜在客户 | employee 员工 | contact 联系人 | company 单位
# purposes: contract 履约 | marketing 营销 | legal 法定义务 | service 服务 | internal 内部
# level, tier: none 非个人 | general 一般 | sensitive 敏感 (只能调高 / may be raised, never lowered)
# 分区号由程序重新计算，无需改动 / compartment numbers are computed again on reading.
"""
_UNSURE: Final = 60
_TEXTS: Final = (
    "file",
    "media",
    "encoding",
    "role",
    "kind",
    "subject_key",
    "basis",
    "retention",
    "residence",
    "repeats",
    "sha256",
)

_LATER: Final = ("residence", "repeats")


def to_yaml(datamap: DataMap) -> str:
    """The map as YAML 1.1 text; `from_yaml` gives back the same map."""
    lines = [_HEAD + f"taxonomy: {_text(datamap.taxonomy)}", "tables:" if datamap.tables else "tables: []"]
    for table in datamap.tables:
        lines += _table_lines(table)
    lines += ["compartments:", *(_compartment_line(one) for one in datamap.compartments)]
    lines += ["notes:" if datamap.notes else "notes: []", *(f"  - {_text(one)}" for one in datamap.notes)]
    return "\n".join(lines) + "\n"


def from_yaml(text: str) -> DataMap:
    """Read a reviewed file. Raises Malformed `datamap.form` that names every fault and its line."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Malformed(
            "datamap.form",
            "The data map is not YAML.",
            next="Undo the last change to the file.",
            where={"line": mark.line + 1 if mark else None},
        ) from error
    reader = Reader()
    datamap = reader.read(root)
    if reader.faults:
        first = min(line for line, _ in reader.faults)
        told = "; ".join(f"line {line}: {fault}" for line, fault in sorted(reader.faults)[:50])
        raise Malformed("datamap.form", told, next="Correct these lines and sign again.", where={"line": first})
    return number(datamap)


def plain(datamap: DataMap) -> dict[str, Any]:
    """The map as plain JSON values: what the digest covers."""
    value: dict[str, Any] = canonical.decode(canonical.encode(_lists(dataclasses.asdict(datamap))))  # type: ignore[assignment]
    for table in value["tables"]:
        for key in _LATER:  # what says nothing is left out: a map signed before there was such a key keeps its digest
            if not table[key]:
                del table[key]
    return value


def _lists(value: object) -> object:
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _table_lines(table: TableMap) -> list[str]:
    unsure = [f"{one.name} ({one.confidence} %)" for one in sorted(table.columns, key=lambda one: one.confidence)
              if one.confidence < _UNSURE and not one.confirmed_by]  # fmt: skip
    lines = [f"  - name: {_text(table.name)}"]
    if unsure:
        lines.append(f"    # 没把握 / unsure: {_comment(', '.join(unsure))}")
    lines += [f"    {field}: {_text(getattr(table, field))}" for field in _TEXTS]
    lines += [
        f"    rows: {table.rows}",
        f"    quarantined: {table.quarantined}",
        f"    dialect: {_flow(table.dialect)}",
    ]
    lines.append("    paths:" if table.paths else "    paths: []")
    lines += [f"      - [{', '.join(_hop(hop) for hop in path)}]" for path in table.paths]
    lines.append("    columns:" if table.columns else "    columns: []")
    return lines + [f"      - {_column(one)}  # {_comment(_words(one))}" for one in table.columns]


def _hop(hop: Hop) -> str:
    return f"{{column: {_text(hop.column)}, table: {_text(hop.table)}, key: {_text(hop.key)}}}"


def _column(one: ColumnMap) -> str:
    told = [
        f"name: {_text(one.name)}", f"class: {one.cls}", f"level: {one.level}", f"tier: {one.tier}",
        f"purposes: {_flow(one.purposes)}", f"compartment: {one.compartment}", f"confidence: {one.confidence}",
        f"confirmed_by: {_text(one.confirmed_by)}", f"why: {_flow(one.why)}",
    ]  # fmt: skip
    return "{" + ", ".join(told) + "}"


def _compartment_line(one: Compartment) -> str:
    child = "" if one.child_of is None else f", child_of: {one.child_of}"
    told = f"number: {one.number}, tier: {one.tier}, purposes: {_flow(one.purposes)}, retention: {_text(one.retention)}"
    return f"  - {{{told}{child}}}" + ("  # 未满 14 岁 / under 14" if child else "")


def _words(one: ColumnMap) -> str:
    """The class in both languages, and the reasons in Chinese: in English they stand in the line itself."""
    found = classes()[one.cls]
    whys = "；".join(chinese(why) for why in one.why)
    return f"{found.zh} · {found.en}" + (f"：{whys}" if whys else "")


def _flow(value: Sequence[str] | dict[str, str]) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_text(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(_text(item) for item in value) + "]"


def _text(value: str) -> str:
    """A double-quoted scalar. JSON text is one, once the characters YAML does not print are escaped."""
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else _escaped(one) for one in quoted)


def _escaped(character: str) -> str:
    point = ord(character)
    return f"\\U{point:08x}" if point > 0xFFFF else f"\\u{point:04x}"


def _comment(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)
