"""The tables of a page as rows: a sheet holds what its reader saw, in the same words, and nothing that they did not.

A table that may be taken has a name, `data-sheet`. What is for hands alone is left out: buttons, fields, words for a screen reader, columns
without a head. A part of a cell that is something of its own says its head, `data-h`, and becomes a column; `data-v` is told instead of
what stands there cut short.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from custody.web.console.cells import Cell, cell

_VOID: Final = frozenset(("br", "hr", "img", "input", "link", "meta", "wbr", "source", "col"))
_LEFT_OUT: Final = frozenset(("button", "noscript", "script", "style", "textarea"))
_APART: Final = frozenset(("br", "p", "div", "li", "dt", "dd", "small"))
_JOIN: Final = " · "


@dataclass
class _Place:
    """One cell of the page: its own text, and what in it is a column of its own."""

    count: bool
    span: int = 1
    said: list[str] = field(default_factory=list)
    own: dict[str, list[str]] = field(default_factory=dict)


def table(page: str, wanted: str) -> tuple[str, list[list[Cell]]] | None:
    """The name and the rows of the table that is wanted, its head first; of the first that has a name where none is wanted."""
    reader = _Reader(wanted)
    reader.feed(page)
    reader.close()
    return (reader.name, list(_rows(reader.heads, reader.rows))) if reader.name else None


class _Reader(HTMLParser):
    """Goes through a page; `open` are the elements around, each with what ends with it."""

    def __init__(self, wanted: str) -> None:
        super().__init__(convert_charrefs=True)
        self._wanted, self._inside, self._head = wanted, False, False
        self.name, self.heads, self.rows = "", list[_Place](), list[list[_Place]]()
        self._open, self._out = list[tuple[str, str]](), 0
        self._places: list[_Place] | None = None
        self._into = list[list[str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table" and not self.name and self._wanted in {"", given.get("data-sheet")} and "data-sheet" in given:
            self.name, self._inside = given["data-sheet"], True
        elif self._inside:
            self._enter(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = False
        elif self._inside:
            while self._open and self._leave() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._inside and self._into and not self._out:
            self._into[-1].append(data)

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        classes, ends = given.get("class", "").split(), ""
        if tag in {"thead", "tbody", "tfoot"}:
            self._head = tag == "thead"
        elif tag == "tr":
            self._places = []
        elif tag in {"td", "th"} and self._places is not None:
            ends = self._cell(classes, given)
        elif self._into:
            ends = self._part(tag, classes, given)
        if tag not in _VOID:
            self._open.append((tag, ends))
            self._out += "out" in ends

    def _cell(self, classes: list[str], given: dict[str, str]) -> str:
        self._places = self._places if self._places is not None else []
        place = _Place("num" in classes, int(given.get("colspan") or 1))
        self._places.append(place)
        self._into = [place.said]
        if "data-v" in given:
            place.said.append(given["data-v"])
            return "out"
        return "cell"

    def _part(self, tag: str, classes: list[str], given: dict[str, str]) -> str:
        """Something inside of a cell."""
        if self._out:
            return ""
        if tag in _LEFT_OUT or "sr" in classes or (tag == "option" and "selected" not in given):
            return "out"
        if tag in _APART or "sub" in classes:
            self._into[-1].append(_JOIN)
        if tag == "select":
            self._into[-1].append(" ")
        if "data-h" in given and self._places:
            self._into.append(self._places[-1].own.setdefault(given["data-h"], []))
        if "data-v" in given or tag == "svg":
            self._into[-1].append(given.get("data-v", given.get("aria-label", "")))
            return "out, own" if "data-h" in given else "out"
        return "own" if "data-h" in given else ""

    def _leave(self) -> str:
        tag, ends = self._open.pop()
        self._out -= "out" in ends
        if "own" in ends:
            self._into.pop()
        if tag in {"td", "th"}:
            self._into = []
        elif tag == "tr" and self._places is not None:
            if self._head:
                self.heads = self._places
            else:
                self.rows.append(self._places)
            self._places = None
        return tag


def _rows(heads: list[_Place], rows: list[list[_Place]]) -> Iterator[list[Cell]]:
    spread = [_spread(row) for row in rows if not _says_nothing(row)]
    wide = max([len(heads), *map(len, spread)])
    named = [_text(one.said) for one in heads]
    columns = [n for n in range(wide) if not heads or (n < len(named) and named[n])]
    owns = {n: _owns(n, spread) for n in columns}
    if heads:
        yield [cell(head) for n in columns for head in (named[n], *owns[n])]
    for row in spread:
        yield [each for n in columns for each in _cells(row[n] if n < len(row) else None, owns[n])]


def _says_nothing(row: list[_Place]) -> bool:
    """One cell all across is the page's word for an empty list."""
    return len(row) == 1 and row[0].span > 1


def _spread(row: list[_Place]) -> list[_Place | None]:
    return [each for place in row for each in (place, *[None] * (place.span - 1))]


def _owns(n: int, rows: list[list[_Place | None]]) -> list[str]:
    """The heads of what stands apart in this column, in the order in which the page shows them."""
    return list(dict.fromkeys(head for row in rows if n < len(row) and (place := row[n]) for head in place.own))


def _cells(place: _Place | None, owns: list[str]) -> Iterator[Cell]:
    yield cell(_text(place.said), count=place.count) if place else ""
    for head in owns:
        yield cell(_text(place.own.get(head, []))) if place else ""


def _text(parts: list[str]) -> str:
    told = " ".join("".join(parts).split())
    return _JOIN.join(one.strip() for one in told.split(_JOIN.strip()) if one.strip())
