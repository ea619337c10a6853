"""Everybody of a vault once: who they are, the group of each, and whose each slot is."""

from array import array
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from custody.acts.block import Gathering, Ids
from custody.acts.groups import Groups
from custody.acts.paged import Paged
from custody.acts.sorting import People, Sorting


class Census(NamedTuple):
    """`groups.pages` hold the place in `ids` of each slot's person; `group[place]` is the group of that person."""

    groups: Groups
    ids: Ids
    group: npt.NDArray[np.uint32]


def census(sorting: Sorting, people: People) -> Census:
    """One pass over everybody."""
    gathering, group, paged, met = Gathering(), array("I"), Paged(), 0
    for some in sorting.run(people):
        paged.put(some.compartment, some.page, some.slot, some.who + met)
        gathering.add(some.ids)
        group.frombytes(some.group.astype(np.uint32).tobytes())
        met += len(some.ids)
    told = np.frombuffer(group, dtype=np.uint32)
    ids, order = gathering.done()
    if order is not None:
        place = np.empty(met, dtype=np.uint32)
        place[order] = np.arange(met, dtype=np.uint32)
        paged.renumber(place)
        told = told[order]
    sorting.groups.pages = paged.pages()
    return Census(sorting.groups, ids, told)
