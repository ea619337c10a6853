"""Cells of a sheet: what a page says, told so that a spreadsheet can reckon with it. A day is a date, a count a number, the rest text that nothing runs."""

import re
from contextvars import ContextVar
from datetime import date, datetime
from typing import Final

from custody.acts.spreadsheets import plain

Cell = int | date | datetime | str
PLAIN: Final[ContextVar[bool]] = ContextVar("plain", default=False)
"""Whether what is told now is for a sheet: days whole, counts without separators, lists to their end."""
EVERY: Final = 2**53
"""As many as there are, where a list is asked for so many."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_COUNT: Final = re.compile(r"[-\N{MINUS SIGN}+]?\d{1,15}")
_FIRST: Final = 1900  # what comes before it, a workbook has no date for


def cell(value: object, *, count: bool = False) -> Cell:
    """What is told, as a cell; digits are a number only where the page counts."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = "" if value is None else str(value)
    if count and _COUNT.fullmatch(text):
        return int(text.replace("\N{MINUS SIGN}", "-"))
    return _dated(text) or plain(text)


def _dated(text: str) -> date | datetime | None:
    """A day or a moment of the reader's zone, where the text is nothing else."""
    try:
        if _MOMENT.fullmatch(text):
            at: date | datetime = datetime.fromisoformat(text)
        elif _DAY.fullmatch(text):
            at = date.fromisoformat(text)
        else:
            return None
    except ValueError:
        return None
    return at if at.year >= _FIRST else None
