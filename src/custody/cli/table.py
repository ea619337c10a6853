"""The command table: every verb custody has, in the order a deal meets them."""

from typing import Final

from custody.cli.verb import Verb
from custody.cli.verbs import copies, data, deals, house, keep, law, people, tools

VERBS: Final[tuple[Verb, ...]] = (
    *house.VERBS,
    *data.VERBS,
    *keep.VERBS,
    *deals.VERBS,
    *copies.VERBS,
    *people.VERBS,
    *law.VERBS,
    *tools.VERBS,
)
