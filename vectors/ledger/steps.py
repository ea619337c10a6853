"""Vectors of a clock that was ahead and was put right (spec/ledger.md §4a): what may stand behind what."""

from collections.abc import Sequence
from typing import NamedTuple

from seeds import SPACE, Case, seed

from custody.base import merkle
from custody.base.canonical import Json
from custody.ledger import entry


class _Told(NamedTuple):
    at: str
    kind: str = "held"
    says: dict[str, Json] = {}  # noqa: RUF012 - never changed


def _step(at: str, **says: Json) -> _Told:
    return _Told(at, entry.STEP, says)


_FIRST = _Told("2026-03-16T01:00:00.000000Z", "space-founded")
_HELD, _LEAPT, _WAS = "2026-03-16T02:00:00.000000Z", "2036-03-16T03:00:00.000000Z", "2036-03-16T04:00:00.000000Z"
_NOW, _THEN = "2026-03-16T05:00:00.000000Z", "2026-03-16T06:00:00.000000Z"
_AHEAD = (_FIRST, _Told(_HELD), _Told(_LEAPT), _Told(_WAS))
_RIGHT = (*_AHEAD, _step(_NOW, was=_WAS, since=2), _Told(_THEN))
_LATER, _BACK = "2031-03-16T07:00:00.000000Z", "2026-03-16T08:00:00.000000Z"


def steps() -> Case:
    """Ledgers by name, whole and in part, and the faults that must be found."""
    made: list[tuple[str, tuple[_Told, ...], int | None]] = [
        ("put right", _RIGHT, None),
        ("put right twice", (*_RIGHT, _Told(_LATER), _step(_BACK, was=_LATER, since=6), _Told(_BACK)), None),
        ("at the instant of the last in time", (*_AHEAD[:3], _step(_HELD, was=_LEAPT, since=2)), None),
        ("nobody put it right", (*_AHEAD, _Told(_NOW)), 4),
        ("another kind that says so", (*_AHEAD, _Told(_NOW, "held", {"was": _WAS, "since": 2})), 4),
        ("was left out", (*_AHEAD, _step(_NOW, since=2)), 4),
        ("was of an earlier entry", (*_AHEAD, _step(_NOW, was=_LEAPT, since=2)), 4),
        ("was not of its form", (*_AHEAD, _step(_NOW, was="9999", since=2)), 4),
        ("since left out", (*_AHEAD, _step(_NOW, was=_WAS)), 4),
        ("since a text", (*_AHEAD, _step(_NOW, was=_WAS, since="2")), 4),
        ("since true", (_FIRST, _Told(_WAS), _step(_NOW, was=_WAS, since=True)), 2),
        ("since the first entry", (*_AHEAD, _step(_NOW, was=_WAS, since=0)), 4),
        ("since itself", (*_AHEAD, _step(_NOW, was=_WAS, since=4)), 4),
        ("over no leap", (*_AHEAD, _step(_NOW, was=_WAS, since=3)), 4),
        ("before the last in time", (*_AHEAD, _step("2026-03-16T01:59:59.999999Z", was=_WAS, since=2)), 4),
        ("further than the leap", (*_AHEAD, _step("2026-03-16T02:59:59.999999Z", was=_WAS, since=2)), 4),
        ("as far as the leap", (*_AHEAD, _step("2026-03-16T03:00:00.000000Z", was=_WAS, since=2)), None),
        ("forward", (*_AHEAD, _step("2037-03-16T05:00:00.000000Z", was=_WAS, since=2)), 4),
        ("over the same leap again", (*_RIGHT, _step(_NOW, was=_THEN, since=2)), 6),
        ("over a step", (*_RIGHT, _step(_NOW, was=_THEN, since=4)), 6),
        ("first of all", (_step(_NOW, was=_WAS, since=0),), 0),
    ]
    texts = {name: _built(told) for name, told, _ in made}
    cases = [{"name": name, "faults": [] if place is None else [["chain", place]]} for name, _, place in made]
    parts = [
        _part("put right", [1, 3, 4, 5], []), _part("put right", [1, 4, 5], []), _part("put right", [2, 4], []), _part("put right", [1, 5], []),
        _part("put right", [3, 5], [["chain", 1]]), _part("put right", [2, 5], [["chain", 1]]),
        _part("put right twice", [3, 4, 6, 7, 8], []), _part("put right twice", [3, 4, 6, 8], [["chain", 3]]),
        _part("was of an earlier entry", [3, 4], [["chain", 1]]), _part("was left out", [3, 4], [["chain", 1]]),
        _part("forward", [3, 4], [["chain", 1]]),
    ]  # fmt: skip
    return {
        "ledgers": {name: [data.decode() for data in listed] for name, listed in texts.items()},
        "cases": cases,
        "parts": parts,
    }


def _part(ledger: str, numbers: Sequence[int], faults: list[list[object]]) -> Case:
    return {
        "name": f"{ledger}: {', '.join(map(str, numbers))}",
        "ledger": ledger,
        "numbers": list(numbers),
        "faults": faults,
    }


def _built(told: Sequence[_Told]) -> list[bytes]:
    made: list[entry.Entry] = []
    for number, one in enumerate(told):
        opened = entry.opening({"n": number}, seed(f"salt {number}", 16))
        prev = merkle.root([each.hash for each in made])
        made.append(entry.make(number, at=one.at, kind=one.kind, space=SPACE, prev=prev, says=one.says, opening=opened))
    return [one.data for one in made]
