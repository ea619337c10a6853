"""A mirror with entries that rotted is written anew from a backup that holds them: so far a restore can do it alone (spec/vault.md §20).

The store is gone, so what the newest facts in the place do not know lies in the mirror only: a bad entry behind them stays bad.
"""

from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import islice

from custody.acts.loading import load
from custody.acts.mirroring import altered, journal, resealed
from custody.acts.restoring import Blank, facts_in, fork
from custody.base.errors import Broken


def mend_from_facts(blank: Blank) -> bool:
    """Whether it was altered, and is whole now. Raises Broken `mirror.altered` where no facts hold what is bad, `restore.fork`."""
    if not altered(blank.outside, blank.space):
        return False
    for position in facts_in(blank.place):
        load(blank, position)
        try:
            blank.outside.mirror.mend(blank.space, partial(_known, blank), rest=True)
        except Broken as error:
            if error.slug != "mirror.altered":
                raise
        else:
            return True
    deque(blank.outside.mirror.read(blank.space), maxlen=0)  # says which entry it is
    return False


def _known(blank: Blank, first: int) -> Iterator[bytes]:
    """The entries of the facts from `first` on; those before it must be the mirror's own."""
    whole = journal(blank.outside, blank.space)
    with blank.store.read() as tx:
        rows = tx.columns("ledger_entry", ("entry",), order=("position",), space=blank.space)
        if any(raw.entry != entry for raw, (entry,) in zip(islice(whole, first), rows, strict=False)):
            raise fork()
    return resealed(blank, first)
