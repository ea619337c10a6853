"""The command table: every verb custody has, in the order a deal meets them."""

from typing import Final

from custody.cli.verb import Verb
from custody.cli.verbs import data, house

VERBS: Final[tuple[Verb, ...]] = (*house.VERBS, *data.VERBS)
