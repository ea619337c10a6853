"""Changing a data map's file where it stands: only the values that change are written, comments and order stay.

A target is a table, or a column as TABLE.COLUMN. Setting a column's class sets its level and tier by the taxonomy unless
they are told, keeps what the scan had found as a reason, and names who decided.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from custody.base.errors import Malformed, Missing
from custody.classify.datamap import UNSURE
from custody.classify.taxonomy import classes

_COLUMN: Final = ("class", "level", "tier", "purposes")
_TABLE: Final = ("role", "kind", "subject_key", "basis", "retention", "residence", "repeats", "paths")


@dataclass(frozen=True, slots=True)
class _Edit:
    """`text` instead of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


def change(text: str, target: str, settings: Mapping[str, str], by: str) -> str:
    """The file with `settings` made at `target`, confirmed by `by`. Raises Missing, Malformed `datamap.setting`."""
    tables = {_value(one, "name"): one for one in _items(_root(text), "tables") if isinstance(one, MappingNode)}
    table, column = _find(tables, target)
    edits: list[_Edit] = []
    if column is not None:
        _allowed(settings, _COLUMN)
        edits += _column_edits(text, column, settings, by)
    else:
        _allowed(settings, _TABLE)
        edits += [_put(table, key, _told(key, value, tables)) for key, value in settings.items()]
        if not settings:  # nothing to change: the table's columns are right as they stand, but those that wait for a look of their own
            sure = [one for one in _items(table, "columns") if not _waits(one)]
            edits += [edit for one in sure for edit in _column_edits(text, one, {}, by)]
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _waits(node: Node) -> bool:
    """Whether nobody is sure of the column: a yes to its whole table is no look at it."""
    assert isinstance(node, MappingNode)
    sure = _value(node, "confidence")
    return not _value(node, "confirmed_by") and (not sure.isdecimal() or int(sure) < UNSURE)


def _root(text: str) -> Node:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise Malformed(
            "datamap.form", "The data map is not YAML.", next="Undo the last change to the file."
        ) from error
    return root if root is not None else ScalarNode("", "")


def _find(tables: Mapping[str, MappingNode], target: str) -> tuple[MappingNode, MappingNode | None]:
    if target in tables:
        return tables[target], None
    for name in sorted(tables, key=len, reverse=True):  # names of tables hold dots, too
        if target.startswith(f"{name}."):
            for one in _items(tables[name], "columns"):
                if isinstance(one, MappingNode) and _value(one, "name") == target.removeprefix(f"{name}."):
                    return tables[name], one
    raise Missing("datamap.target", "The data map has no such table or column.", next="custody datamap show DATAMAP")


def _allowed(settings: Mapping[str, str], keys: Sequence[str]) -> None:
    if unknown := sorted(set(settings) - set(keys)):
        raise Malformed(
            "datamap.setting", f"This cannot be set here: {', '.join(unknown)}.", next=f"One of {', '.join(keys)}."
        )


def _column_edits(text: str, node: Node, settings: Mapping[str, str], by: str) -> Iterator[_Edit]:
    assert isinstance(node, MappingNode)
    told, was = dict(settings), _value(node, "class")
    known = classes().get(told.get("class", ""))
    if known is not None:
        told.setdefault("level", known.level)
        told.setdefault("tier", "sensitive" if known.level == "sensitive" else "general")
    if told.get("level") == "sensitive":
        told["tier"] = "sensitive"
    for key, value in told.items():
        yield _put(node, key, _told(key, value, {}))
    yield _put(node, "confirmed_by", _quoted(by))
    if known is not None and known.name != was:
        yield from _reason(node, was, by)
        yield from _comment(text, node, was, known.name)


def _reason(node: MappingNode, was: str, by: str) -> Iterator[_Edit]:
    """What the scan had found is kept once, in front of its reasons."""
    why = [one.value for one in _items(node, "why") if isinstance(one, ScalarNode)]
    first = next((one for one in why if one.startswith("found ") and ", set by " in one), f"found {was}, set by {by}")
    rest = [one for one in why if one != first]
    kept = f"{first.split(', set by ')[0]}, set by {by}"
    yield _put(node, "why", f"[{', '.join(map(_quoted, [kept, *rest]))}]")


def _comment(text: str, node: Node, was: str, now: str) -> Iterator[_Edit]:
    """The words behind a column name its class; other comments are people's."""
    end = text.find("\n", node.end_mark.index)
    tail = text[node.end_mark.index : end if end >= 0 else len(text)]
    old = _words(was)
    if old and old in tail:
        start = node.end_mark.index + tail.index(old)
        yield _Edit(start, start + len(old), _words(now))


def _words(cls: str) -> str:
    known = classes().get(cls)
    return f"{known.zh} · {known.en}" if known else ""


def _told(key: str, value: str, tables: Mapping[str, MappingNode]) -> str:
    if key == "purposes":
        return f"[{', '.join(_quoted(one.strip()) for one in value.split(',') if one.strip())}]"
    if key == "paths":
        return f"[{', '.join(_path(one, tables) for one in value.split(';') if one.strip())}]"
    return value if key in {"class", "level", "tier"} else _quoted(value)


def _path(value: str, tables: Mapping[str, MappingNode]) -> str:
    """COLUMN>TABLE.KEY, and further steps behind commas."""
    hops = []
    for step in value.split(","):
        column, _, there = step.strip().partition(">")
        name = max((one for one in tables if there.startswith(f"{one}.")), key=len, default="")
        if not column or not name:
            raise Malformed(
                "datamap.setting", "A path is told as COLUMN>TABLE.KEY, steps behind commas, paths behind semicolons.",
                next="paths='order_no>orders.order_no,customer>customers.id'",
            )  # fmt: skip
        key = there.removeprefix(f"{name}.")
        hops.append(f"{{column: {_quoted(column)}, table: {_quoted(name)}, key: {_quoted(key)}}}")
    return f"[{', '.join(hops)}]"


def _put(node: MappingNode, key: str, text: str) -> _Edit:
    """The value of `key` replaced, or `key` added behind the first value of the mapping."""
    for name, value in node.value:
        if name.value == key:
            start, end = value.start_mark.index, value.end_mark.index
            if isinstance(value, SequenceNode) and not value.flow_style:
                return _Edit(name.end_mark.index + 1, _last(value), f" {text}")
            return _Edit(start, end, text if start < end else f" {text}")
    first = node.value[0][1]
    place = first.end_mark.index
    between = ", " if node.flow_style else "\n" + " " * node.value[0][0].start_mark.column
    return _Edit(place, place, f"{between}{key}: {text}")


def _last(node: Node) -> int:
    """Where the last value of a block list ends; the list's own end lies behind the comments that follow it."""
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        return _last(node.value[-1])
    if isinstance(node, MappingNode) and node.value and not node.flow_style:
        return _last(node.value[-1][1])
    return int(node.end_mark.index)


def _items(node: Node, key: str) -> list[Node]:
    found = next((value for name, value in node.value if name.value == key), None) if isinstance(node, MappingNode) else None  # fmt: skip
    return list(found.value) if isinstance(found, SequenceNode) else []


def _value(node: MappingNode, key: str) -> str:
    found = next((value for name, value in node.value if name.value == key), None)
    return str(found.value) if isinstance(found, ScalarNode) else ""


def _quoted(value: str) -> str:
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)
