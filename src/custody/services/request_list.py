"""The requests of the people whose data it is, the most urgent first, and the figures that a regulator asks for (B4)."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts import done_for
from custody.acts.asked import open_among, request, told
from custody.acts.clock_steps import steps
from custody.acts.desk import Desk
from custody.acts.kept_copies import copies_of
from custody.acts.other_deals import unheard
from custody.acts.spreadsheets import plain
from custody.acts.typed import Word
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Above, Cells, Condition, OneOf, Row, Transaction, Within

READERS: Final = ("owner", "privacy", "lawyer", "data", "department", "auditor")
COLUMNS: Final = (
    "ref", "kind", "channel", "received_at", "without_delay", "without_delay_rule", "due_at", "rule", "recommended_at", "recommended_rule",
    "clock_zh", "clock_en", "state", "closed_at", "late", "refused_by", "refused_law", "refused_official", "refused_article",
    "refused_reason_zh", "refused_reason_en", "refused_also",
)  # fmt: skip
"""Of the regulator's CSV. What a standard recommends stands apart: it is no law."""
_SET: Final = "0"
"""At least this is every instant; less is only the empty text."""


class _Part(NamedTuple):
    """Rows of one urgency, in the order of an index."""

    where: Sequence[Condition]
    equal: Cells
    order: Sequence[str]


_PARTS: Final = (
    _Part((), {"closed_at": "", "at_once": 1}, ("due_at", "received_at", "ref")),
    _Part((Within("due_at", _SET),), {"closed_at": "", "at_once": 0}, ("due_at", "received_at", "ref")),
    _Part((), {"closed_at": "", "at_once": 0, "due_at": ""}, ("received_at", "ref")),
    _Part((Within("closed_at", _SET),), {}, ("-closed_at", "-ref")),
)


def request_list(
    desk: Desk, state: str | None, most: int | None = None, start: int = 0, words: Sequence[Word] = ()
) -> Mapping[str, Json]:
    """Those due without delay (without a day first), those with a deadline by it, those without, then the ended, the newest first.

    All, or those in one state in which every word stands; of them the first `most` after `start`.
    """
    desk.require(READERS)
    now = stamp(desk.clock.now())
    with desk.store.read() as tx:
        ours = _ours(desk, tx)
        counts = dict(tx.counts("request", "state", ours))
        where, equal = [*ours, *_typed(words)], _in_state(state)
        listed: list[Json] = [told(row, now) for row in _page(tx, where, equal, most, start)]
        fits = tx.count("request", where, **equal)
        late = _late(tx, ours, now)
    return {"requests": listed, "counts": dict[str, Json](counts), "total": sum(counts.values()), "fits": fits, "late": late}  # fmt: skip


def request_line(desk: Desk, ref: str) -> Mapping[str, Json]:
    """One of them, with what was done for it. Raises Missing `request.unknown`."""
    desk.require(READERS)
    with desk.store.read() as tx:
        row = request(desk, tx, ref)
        return {
            **told(row, stamp(desk.clock.now())),
            "steps": steps(desk, tx, row, None),
            "acts": done_for.told(tx, row),
            "lacking": done_for.lacking(desk, tx, row),
            "copies": copies_of(desk, tx, row),
            **unheard(desk, tx, row),
        }


def request_figures(desk: Desk) -> bytes:
    """Every request as UTF-8 CSV, without a word of who asked: for a regulator. A cell that a spreadsheet would run is text."""
    desk.require(READERS)
    now, out = stamp(desk.clock.now()), io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    with desk.store.read() as tx:
        for row in _page(tx, _ours(desk, tx), {}, None, 0):
            one = told(row, now)
            lines.writerow([_cell(one, name) for name in COLUMNS])
    return ("\ufeff" + out.getvalue()).encode()


_AS: Final = {
    "without_delay": "at_once",
    "without_delay_rule": "prompt",
    "recommended_at": "advised_at",
    "recommended_rule": "advised",
}
_IN: Final = {
    "clock_zh": ("clock", "zh"), "clock_en": ("clock", "en"), "refused_law": ("refused_law", "instrument"),
    "refused_official": ("refused_law", "official"), "refused_article": ("refused_law", "article"),
    "refused_reason_zh": ("refused_reason", "zh"), "refused_reason_en": ("refused_reason", "en"),
}  # fmt: skip


def _cell(one: Mapping[str, Json], name: str) -> Json:
    if name == "refused_also":  # the grounds of other laws, by rule
        return plain(" ".join(str(cast("Mapping[str, Json]", each)["rule"]) for each in cast("list[Json]", one[name])))
    group, key = _IN.get(name, ("", ""))
    told = cast("Mapping[str, Json]", one[group]).get(key, "") if group else one[_AS.get(name, name)]
    return plain(told) if isinstance(told, str) else told  # a house's own rules are words of people, too


def _ours(desk: Desk, tx: Transaction) -> list[Condition]:
    vaults = [str(row["id"]) for row in tx.find("vault", party=desk.space)]
    return [OneOf("vault", vaults), *open_among(desk, tx)]


def _typed(words: Sequence[Word]) -> list[Condition]:
    areas = {"kind": "portal_kind", "channel": "channel", "state": "request_state"}
    return [word.where(("ref", "rule"), ("received_at", "due_at"), **areas) for word in words]


def _in_state(state: str | None) -> Cells:
    return {} if state is None else {"state": state}


def _page(tx: Transaction, where: Sequence[Condition], equal: Cells, most: int | None, start: int) -> Iterator[Row]:
    """Part by part: none is read that lies before `start` or after the last that is asked for."""
    for part in _PARTS:
        fit, same = [*where, *part.where], {**equal, **part.equal}
        found = tx.first("request", most, fit, start, order=part.order, **same)
        yield from found
        most = None if most is None else most - len(found)
        if most == 0:
            return
        start = max(0, start - tx.count("request", fit, **same)) if start and not found else 0


def _late(tx: Transaction, ours: Sequence[Condition], now: str) -> int:
    """Answered after its last day, or not answered and past it."""
    waits = tx.count("request", [*ours, Within("last_at", _SET, now)], closed_at="")
    return waits + tx.count("request", [*ours, Within("last_at", _SET), Above("closed_at", "last_at")])
