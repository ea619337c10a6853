"""How tables reach a person, as a drawing: tables of people on the right, those that refer to them on the left."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from custody.cli.words import Words

_WIDE, _HIGH, _STEP, _RIGHT, _TOP = 270, 48, 62, 470, 10
_NAME: Final = 30


def joins(tables: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Boxes and lines; a table that should reach a person and does not is drawn apart with a dashed line to nowhere."""
    people = [one for one in tables if one["role"] in {"subject", "other-people"}]
    about = sorted((one for one in tables if one["role"] == "about"), key=_targets)
    if not people and not about:
        return ""
    places = {one["name"]: _TOP + _STEP * place for place, one in enumerate(people)}
    left = "".join(_about(_TOP + _STEP * place, one, lang) for place, one in enumerate(about))
    right = "".join(_people(places[one["name"]], one, lang) for one in people)
    wires = "".join(_wire(_TOP + _STEP * place, places, one) for place, one in enumerate(about))
    height = _TOP + _STEP * max(len(people), len(about))
    said = "; ".join(f"{one['name']}: {', '.join(_targets(one)) or '–'}" for one in about)
    return (
        f'<div class="tw"><svg class="chart chart-wide" viewBox="0 0 760 {height}" role="img"><title>{escape(said)}</title>'
        f"{wires}{left}{right}</svg></div>"
    )


def _targets(one: Mapping[str, Any]) -> list[str]:
    return [path[-1][1] for path in one["paths"]]


def _about(top: int, one: Mapping[str, Any], lang: str) -> str:
    first = one["paths"][0] if one["paths"] else []
    by = " → ".join(column for column, _, _ in first)
    text = Words(f"凭 {by}", f"by {by}").of(lang) if by else Words("连不到任何人", "reaches nobody").of(lang)
    return _box("box", 10, top, one["name"], text)


def _people(top: int, one: Mapping[str, Any], lang: str) -> str:
    key = Words(f"键 {one['subject_key']}", f"key {one['subject_key']}").of(lang)
    return _box("box-key", _RIGHT, top, one["name"], key)


def _box(kind: str, left: int, top: int, name: str, text: str) -> str:
    return (
        f'<rect class="{kind}" x="{left}" y="{top}" width="{_WIDE}" height="{_HIGH}" rx="6"/>'
        f'<text class="val" x="{left + 14}" y="{top + 20}">{escape(_short(name))}</text>'
        f'<text x="{left + 14}" y="{top + 38}">{escape(_short(text))}</text>'
    )


def _short(text: str) -> str:
    """Cut to the width of a box; Han characters take two places."""
    width, kept = 0, ""
    for character in text:
        width += 1 if character.isascii() else 2
        if width > _NAME + 6:
            return kept + "…"
        kept += character
    return kept


def _wire(top: int, places: Mapping[str, int], one: Mapping[str, Any]) -> str:
    start, middle = 10 + _WIDE, top + _HIGH // 2
    ends = dict.fromkeys(_targets(one))
    if not ends:
        return f'<path class="wire wire-q" d="M{start} {middle}H{start + 60}"/>'
    lines = ""
    for turn, name in enumerate(end for end in ends if end in places):
        bend, end = start + 60 + 24 * turn, places[name] + _HIGH // 2
        lines += f'<path class="wire" d="M{start} {middle}H{bend}V{end}H{_RIGHT}"/>'
    return lines
