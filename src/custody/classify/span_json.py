r"""Cells of JSON: each value with the key that names it, and where both stand in the cell.

A key says of its value what a column's header says of its cells, so it is judged by the same words (headers.py). The scan
asks for no valid JSON: an export that was cut, one with `'` for `"`, and JSON inside a string (`\"name\":\"…\"`) are read too.
Escapes (`\u5f20`) are undone for the search; a span is always that of the cell as written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from custody.base.late import late

_BEGINS: Final = late(r"[\s\[{]*[\[{]\s*\\*[\"']")
_TOKEN: Final = late(
    r"""(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<colon>:)"""
    r"""|(?<!\\)\\++"(?P<inner>(?:[^"\\]|\\++(?!"))*+)\\++"|"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'"""
    r"""|(?P<bare>[^\s\[\]{},:"'\\]++)""",
    re.DOTALL,
)
_ESCAPE: Final = late(r"\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<sign>.)|(?P<plain>.)", re.DOTALL)
_SIGNS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_SURROGATES: Final = range(0xD800, 0xE000)
_LABELS: Final = frozenset(
    ("k", "key", "name", "label", "field", "title", "fieldname", "项", "项目", "字段", "名称", "标签")
)
_VALUES: Final = frozenset(("v", "val", "value", "content", "text", "answer", "值", "内容", "答案"))
_LITERALS: Final = frozenset(("null", "true", "false", "none", "nan", "undefined"))


@dataclass(frozen=True, slots=True)
class Value:
    """A value, undone, the key that names it ('' for none), its object, and the place in the cell of each of its characters."""

    key: str
    text: str
    places: tuple[int, ...]  # one more than there are characters: the last is where the value ends
    group: int


def values(cell: str) -> list[Value]:
    """The values of a cell of JSON; none when it is no JSON."""
    if not _BEGINS.match(cell):
        return []
    found = list(_labelled(_values(cell)))
    return found if any(one.key for one in found) else []


def _values(cell: str) -> Iterator[Value]:
    key, waiting, groups, opened = "", None, [0], 0
    for token in _TOKEN.finditer(cell):
        kind = token.lastgroup
        if kind in ("inner", "double", "single", "bare"):
            if waiting is not None:
                yield waiting
            waiting = _value(key, token, kind, groups[-1])
        elif kind == "colon" and waiting is not None:
            key, waiting = waiting.text, None
        elif kind == "open":
            opened += token["open"] == "{"
            groups.append(opened if token["open"] == "{" else groups[-1])
        elif kind == "close" and len(groups) > 1:
            groups.pop()
    if waiting is not None:
        yield waiting


def _value(key: str, token: re.Match[str], kind: str, group: int) -> Value | None:
    start, raw = token.start(kind), token[kind]
    if kind == "bare" and raw.lower() in _LITERALS:
        return None
    if "\\" not in raw:
        return Value(key, raw, tuple(range(start, start + len(raw) + 1)), group)
    undone, places = [], []
    for one in _ESCAPE.finditer(raw):
        undone.append(_undone(one))
        places.append(start + one.start())
    return Value(key, "".join(undone), (*places, start + len(raw)), group)


def _undone(one: re.Match[str]) -> str:
    if one["code"]:
        code = int(one["code"], 16)
        return "\ufffd" if code in _SURROGATES else chr(code)
    return _SIGNS.get(one["sign"], one["sign"]) if one["sign"] else one["plain"]


def _labelled(found: Iterator[Value]) -> Iterator[Value]:
    """Values under the label beside them: {"k": "联系人", "v": …}."""
    label = None
    for one in found:
        key = one.key.lower()
        if label is not None and key in _VALUES and label.group == one.group:
            yield Value(label.text, one.text, one.places, one.group)
            label = None
            continue
        if label is not None:
            yield label
        label = one if key in _LABELS else None
        if label is None:
            yield one
    if label is not None:
        yield label
