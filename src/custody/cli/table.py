"""The command table: every verb custody has, in the order a deal meets them."""

from typing import Final

from custody.cli.verb import Verb
from custody.cli.verbs import (
    access,
    campaigns,
    clocks,
    console,
    copies,
    data,
    datamaps,
    deals,
    documents,
    house,
    keep,
    keys,
    law,
    matters,
    overrides,
    people,
    portal,
    recovery,
    requests,
    stand,
    suppression,
    tools,
)

VERBS: Final[tuple[Verb, ...]] = (
    *house.VERBS,
    *recovery.VERBS,
    *data.VERBS,
    *datamaps.VERBS,
    *keep.VERBS,
    *clocks.VERBS,
    *suppression.VERBS,
    *keys.VERBS,
    *deals.VERBS,
    *matters.VERBS,
    *documents.VERBS,
    *overrides.VERBS,
    *copies.VERBS,
    *people.VERBS,
    *access.VERBS,
    *portal.VERBS,
    *campaigns.VERBS,
    *requests.VERBS,
    *stand.VERBS,
    *law.VERBS,
    *tools.VERBS,
    *console.VERBS,
)
