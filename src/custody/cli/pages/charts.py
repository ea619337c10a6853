"""Charts as inline SVG: horizontal bars, zero-based, every mark labelled (../ui guide: one colour means one thing)."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_LEFT, _ROOM, _STEP = 186, 380, 40


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
    return (
        f'<g><text class="end" x="{left - 12}" y="{top + 15}">{escape(one.word)}</text>'
        f'<rect class="f-{one.kind}" x="{left}" y="{top}" width="{width:.1f}" height="22" rx="3"/>'
        f'<text class="val" x="{after:.1f}" y="{top + 16}">{number}</text>'
        f'<text x="{after + 8 * len(number) + 8:.1f}" y="{top + 16}">{escape(text)}</text></g>'
    )
