"""What somebody typed to find rows of a list: words, each with the codes that the reader's face calls by words that hold it.

A list is searched by what stands in it: references, codes, people at work, days. Nobody's data is in any of these lists,
so a customer is never found here by a value: that is `lookup`, which counts and enters it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from custody.ports.store import AnyOf, Condition, Holds, OneOf, Within


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `codes` holds by area what it may mean; `days` the instants it begins with and ends before, if it is a day, month or year."""

    text: str
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    days: tuple[str, str] | None = None

    def means(self, area: str) -> frozenset[str]:
        """The codes of an area that are called so."""
        return self.codes.get(area, frozenset())

    def where(self, columns: Sequence[str], instants: Sequence[str] = (), /, **areas: str) -> Condition:
        """It stands in one of `columns`, one of `instants` lies in its days, or a column has one of the codes of its area."""
        meant = [OneOf(column, self.means(area)) for column, area in areas.items() if self.means(area)]
        days = [Within(column, *self.days) for column in instants] if self.days else []
        return AnyOf([Holds(columns, self.text), *meant, *days])
