"""A mirror with entries that rotted is written anew from a backup that holds them: so far a restore can do it alone (spec/vault.md §20).

The store is gone, so what the newest facts in the place do not know lies in the mirror only: a bad entry behind them stays bad.
Facts may be of a store that was put back: what they give counts only when an entry behind it, which the mirror kept itself, follows from it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from custody.acts.found_keys import given_up
from custody.acts.loading import load
from custody.acts.mirroring import altered, journal, opened, resealed
from custody.acts.restoring import Blank, Journal, facts_in, fork, read_journal, require_follows
from custody.base import merkle
from custody.base.errors import Broken, Malformed, Missing

_MANY: Final = 256


def mend_from_facts(blank: Blank) -> bool:
    """Whether it was altered, and is whole now. Raises Broken `mirror.altered` where no facts of its history hold what is bad."""
    if not altered(blank.outside, blank.space):
        return False
    for position in facts_in(blank.place):
        try:
            load(blank, position)
            blank.outside.mirror.mend(
                blank.space, partial(_known, blank), rest=True, require=partial(_require_one, blank, position)
            )
        except Broken as error:
            if error.slug not in ("mirror.altered", "restore.fork", "backup.object"):
                raise
        else:
            return True
    deque(blank.outside.mirror.read(blank.space), maxlen=0)  # says which entry it is
    return False


def go_on_from(blank: Blank, position: int) -> None:
    """Give the mirror the entries that the facts of this position have behind its end, on somebody's word that no newer mirror is left.

    Where keys of this position alone open, and the facts beside them rotted or are gone, there is nothing to give: it is given up, and the restore says so.
    Cut off in between, the mirror is longer and as true, and the next attempt gives it the rest.
    Raises Missing `restore.beyond`, Broken `restore.fork` where they do not go on where it ends.
    """
    told = read_journal(blank)
    have = len(told)
    if position not in facts_in(blank.place):
        if given_up(blank, told, position):
            return
        raise Missing("restore.beyond", "This place has no facts of this position.", where={"facts": position},
                      next="Take the position that `restore.behind` names.")  # fmt: skip
    if not have or position <= have:
        return
    try:
        load(blank, position)
    except (Broken, Malformed):
        if given_up(blank, told, position):
            return
        raise
    _require_goes_on(blank, told)
    fresh = resealed(blank, have)
    while some := list(islice(fresh, _MANY)):
        blank.outside.mirror.append(blank.space, have, some)
        have += len(some)


def _require_goes_on(blank: Blank, told: Journal) -> None:
    begins = merkle.EMPTY
    for met in _followed(blank, resealed(blank, 0)):
        if met.size == len(told):
            begins = met.root()
    if begins != told.frontier.root():
        raise fork()


def _known(blank: Blank, first: int) -> Iterator[bytes]:
    """The entries of the facts from `first` on; those before it must be the mirror's own."""
    whole = journal(blank.outside, blank.space)
    with blank.store.read() as tx:
        rows = tx.columns("ledger_entry", ("entry",), order=("position",), space=blank.space)
        if any(raw.entry != entry for raw, (entry,) in zip(islice(whole, first), rows, strict=False)):
            raise fork()
    return resealed(blank, first)


def _require_one(blank: Blank, given: int, bodies: Iterator[bytes]) -> None:
    """Each entry follows from those before it, and one lies behind the first `given`. Raises Broken `restore.fork`."""
    if sum(1 for _ in _followed(blank, bodies)) <= given:
        raise fork()


def _followed(blank: Blank, bodies: Iterable[bytes]) -> Iterator[merkle.Frontier]:
    """What was met after each of these entries, the first one's number 0. Raises Broken `restore.fork` at one that does not follow."""
    met = merkle.Frontier()
    for number, raw in enumerate(opened(blank.outside, blank.space, bodies)):
        require_follows(blank.space, number, raw, met)
        met.append(merkle.leaf_hash(raw.entry))
        yield met
