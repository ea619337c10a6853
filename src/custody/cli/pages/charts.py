"""Charts as inline SVG: horizontal bars, zero-based, every mark labelled (../ui guide: one colour means one thing)."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_LEFT, _ROOM, _STEP = 186, 380, 40
_INSIDE = 0.4
"""From this share on a bar holds its own number, which is then in sight on a narrow page, too."""


class Bar(NamedTuple):
    """One bar: its class of colour, its word, its number, and a few words behind it."""

    kind: str
    word: str
    value: int
    note: str = ""


def bars(rows: Sequence[Bar], total: int, *, narrow: bool = False) -> str:
    """Horizontal bars against `total`; sizes are attributes, and the title states every figure."""
    left, room = (112, 150) if narrow else (_LEFT, _ROOM)
    drawn = "".join(_bar(place, one, total, left, room) for place, one in enumerate(rows))
    height, width = 12 + _STEP * len(rows), 400 if narrow else 760
    said = escape("; ".join(f"{one.word} {one.value:,}" for one in rows))
    axis = f'<line class="axis" x1="{left}" y1="4" x2="{left}" y2="{height - 10}"/>'
    name = "chart" if narrow else "chart chart-wide"
    return f'<svg class="{name}" viewBox="0 0 {width} {height}" role="img"><title>{said}</title>{drawn}{axis}</svg>'


def _bar(place: int, one: Bar, total: int, left: int, room: int) -> str:
    share = one.value / max(1, total)
    width, top = max(2.0 if one.value else 0.0, room * share), 12 + _STEP * place
    number = f"{one.value:,}"
    after = left + width + 10
    text = f"{100 * share:.1f}%" + (
        f"，{one.note}" if one.note and not one.note.isascii() else f", {one.note}" if one.note else ""
    )
    inside = share > _INSIDE and not one.note
    after, on = (left + 12, " on") if inside else (after, "")
    return (
        f'<g><text class="end" x="{left - 12}" y="{top + 15}">{escape(one.word)}</text>'
        f'<rect class="f-{one.kind}" x="{left}" y="{top}" width="{width:.1f}" height="22" rx="3"/>'
        f'<text class="val{on}" x="{after:.1f}" y="{top + 16}">{number}</text>'
        f'<text class="{on.strip()}" x="{after + 8 * len(number) + 8:.1f}" y="{top + 16}">{escape(text)}</text></g>'
    )


class Column(NamedTuple):
    """One column: its class of colour, the word under it, its number, and what it is called in full."""

    kind: str
    word: str
    value: int
    said: str


def columns(rows: Sequence[Column]) -> str:
    """Upright columns beside one another, the tallest as high as there is room; the title states every figure."""
    most, step = max(one.value for one in rows), 400 / len(rows)
    drawn = "".join(_column(place * step, step, one, most) for place, one in enumerate(rows))
    said = escape("; ".join(f"{one.said} {one.value:,}" for one in rows))
    axis = '<line class="axis" x1="0" y1="136" x2="400" y2="136"/>'
    return f'<svg class="chart" viewBox="0 0 400 162" role="img"><title>{said}</title>{axis}{drawn}</svg>'


def _column(left: float, step: float, one: Column, most: int) -> str:
    height = max(1.0 if one.value else 0.0, 112 * one.value / max(1, most))
    middle, width = left + step / 2, min(36.0, step - 8)
    value = f'<text class="val mid" x="{middle:.1f}" y="{129 - height:.1f}">{one.value:,}</text>' if one.value else ""
    return (
        f'<g><rect class="f-{one.kind}" x="{middle - width / 2:.1f}" y="{136 - height:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"/>'
        f'{value}<text class="mid" x="{middle:.1f}" y="156">{escape(one.word)}</text></g>'
    )
