"""The command table: every verb custody has, in the order a deal meets them."""

from typing import Final

from custody.cli.verb import Verb
from custody.cli.verbs import copies, data, deals, house, law, tools

VERBS: Final[tuple[Verb, ...]] = (*house.VERBS, *data.VERBS, *deals.VERBS, *copies.VERBS, *law.VERBS, *tools.VERBS)
