"""What came instead of the page asked for: kept so that its cause can be found, without what may be a person's.

Of an answer stay its status, where it led, the fault it named and the first words of the page; digits and addresses are covered.
"""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MOST: Final = 200
_NO_WORDS: Final = re.compile(r"<(script|style|head|nav|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
_FAULT: Final = re.compile(r'<span class="mono">([a-z-]+\.[a-z-]+)</span>')
_COVERED: Final = re.compile(r"\S+@\S+|\d{4,}|[0-9A-HJKMNP-TV-Z]{26}", re.IGNORECASE)
_MAIN: Final = re.compile(r"<main\b.*", re.DOTALL)


@dataclass(frozen=True)
class Wrong:
    """One answer that was not the page asked for."""

    page: str
    status: int
    location: str
    slug: str
    words: str


def of_answer(page: str, status: int, location: str, body: str) -> Wrong:
    """What is kept of it."""
    fault, main = _FAULT.search(body), _MAIN.search(body)
    words = " ".join(html.unescape(_NO_WORDS.sub(" ", main[0] if main else body)).split())
    return Wrong(page, status, _covered(location), fault[1] if fault else "", _covered(words)[:_MOST])


def listed(wrong: Sequence[Wrong]) -> str:
    """A row for each kind, the commonest first."""
    if not wrong:
        return "\nevery answer was the page asked for"
    rows = (f"| {count} | {one.page} | {one.status} | {one.location} | {one.slug} | {one.words} |" for one, count in Counter(wrong).most_common())  # fmt: skip
    return "\n".join(
        ("", "| times | page | status | led to | fault | first words |", "|---|---|---|---|---|---|", *rows)
    )


def _covered(text: str) -> str:
    return _COVERED.sub("…", text)
