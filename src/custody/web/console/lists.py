"""Lists that grow: what is sought stands in the address, the store finds it, a page holds so many lines.

Nobody's data is in these lists, and none belongs into an address: the box refuses what looks like a telephone number,
an identity number or an e-mail address, and leads to where customers are found.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from custody.acts.entry_seeking import ENTRY
from custody.acts.typed import Word
from custody.base.clock import stamp
from custody.web.console.catalogue import entries
from custody.web.console.forms import whole

SIZE: Final = 50
_WORDS, _LONGEST, _DIGITS = 6, 40, 6
_WHERE: Final = ("page", "before", "after", "as", "sheet")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_AREAS: Final = {ENTRY: ("entry", "statement")}


def words_of(request: HttpRequest, *areas: str) -> tuple[Word, ...]:
    """The words sought, with what they mean in these areas of the catalogue."""
    return tuple(
        Word(text, {area: frozenset(_codes(area, text)) for area in areas}, _days(text))
        for text in (one[:_LONGEST] for one in _sought(request).split()[:_WORDS])
    )


def start_of(request: HttpRequest, size: int = SIZE) -> int:
    """How many lines lie before the page asked for."""
    return size * (_page(request) - 1)


def paged(request: HttpRequest, total: int, size: int = SIZE) -> dict[str, Any]:
    """What a page of a counted list shows around it."""
    page, last = _page(request), max(1, -(-total // size))
    return {
        **_frame(request), "first": min(total, size * (page - 1) + 1), "last": min(total, size * page), "fits": total,
        "earlier": _query(request, page=min(page - 1, last)) if page > 1 else "",
        "later": _query(request, page=page + 1) if page < last else "",
    }  # fmt: skip


def chained(request: HttpRequest, name: str, later: object) -> dict[str, Any]:
    """What a page shows around it of a list that is gone through from where the page before ended."""
    return {
        **_frame(request), "newest": _query(request) if name in request.GET else "",
        "later": _query(request, **{name: later}) if later not in {None, ""} else "",
    }  # fmt: skip


def _sought(request: HttpRequest) -> str:
    typed = (one for one in request.GET.get("q", "").split())
    return " ".join(one for one in typed if one.isprintable())  # a database knows no character 0


def _page(request: HttpRequest) -> int:
    return max(1, whole(request.GET.get("page", ""), _DIGITS) or 1)


def _frame(request: HttpRequest) -> dict[str, Any]:
    kept = [(name, value) for name, value in request.GET.items() if name not in {*_WHERE, "q"}]
    return {"sought": _sought(request), "kept": kept, "all": urlencode(kept)}


def _query(request: HttpRequest, **changed: object) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in _WHERE}
    return urlencode({**kept, **changed})


@cache
def _called(area: str) -> tuple[tuple[str, str], ...]:
    """(code, its words in both languages) of an area; what happened is told by entries and by statements alike."""
    return tuple(
        (key if area in _AREAS else key.partition(".")[2], " ".join(said.values()).casefold())
        for key, said in entries().items()
        if key.partition(".")[0] in _AREAS.get(area, (area,))
    )


def _codes(area: str, text: str) -> Iterator[str]:
    return (code for code, said in _called(area) if text.casefold() in said)


def _days(text: str) -> tuple[str, str] | None:
    """The day, month or year that is written so, in the reader's zone."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = datetime(year, month or 1, day or 1, tzinfo=timezone.get_current_timezone())
        after = (
            first + timedelta(days=1) if day else first.replace(year=year + (month in {0, 12}), month=month % 12 + 1)
        )
        return stamp(first), stamp(after)
    except (ValueError, OverflowError):
        return None
