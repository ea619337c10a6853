"""Words and pieces that the sections of the openness page share."""

from collections.abc import Sequence
from datetime import date
from html import escape

from custody.cli.words import Words


def day(instant: str, lang: str) -> str:
    """A day in words: 2026年3月18日, 18 March 2026; a dash where none is known."""
    if not instant:
        return "–"
    at = date.fromisoformat(instant[:10])
    said = f"{at.year}年{at.month}月{at.day}日" if lang == "zh" else f"{at.day} {at:%B} {at.year}"
    return f'<span class="nw">{said}</span>'


def joined(words: Sequence[str], lang: str) -> str:
    """Words in a row, each once."""
    return escape(("、" if lang == "zh" else ", ").join(dict.fromkeys(words)))


def section(title: Words, inside: str, lang: str, name: str) -> str:
    """A section with its heading, which names it to those who listen."""
    return f'<section aria-labelledby="{name}-{lang}"><h2 id="{name}-{lang}">{title.of(lang)}</h2>{inside}</section>'


def stacked(caption: Words, heads: Sequence[Words], rows: Sequence[Sequence[str]], lang: str, kind: str = "") -> str:
    """A table that becomes a list on a phone: the first cell of a row leads, each other is named."""
    head = "".join(f'<th scope="col"{_mark(kind, place)}>{word.of(lang)}</th>' for place, word in enumerate(heads))
    body = "".join(_row(heads, row, lang, kind) for row in rows)
    return (
        f'<div class="card tw"><table class="tbl {kind or "tbl-stack"}"><caption class="sr">{caption.of(lang)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(heads: Sequence[Words], row: Sequence[str], lang: str, kind: str) -> str:
    first, *others = row
    lead = f'<td class="lead lead-cell">{first}</td>'
    named = "".join(
        f'<td{_mark(kind, place)} data-l="{escape(word.of(lang))}"><span>{cell}</span></td>'
        for place, (word, cell) in enumerate(zip(heads[1:], others, strict=True), start=1)
    )
    return f"<tr>{lead}{named}</tr>"


def _mark(kind: str, place: int) -> str:
    """In a table of figures every column but the first stands right."""
    return ' class="num"' if kind == "figures" and place else ""
