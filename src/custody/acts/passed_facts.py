"""Facts beyond the newest backup of a place that are none of its history: put by, so that a restore and its drill meet them no more (spec/vault.md §21).

A name beyond every position is never what a backup replaces. Nothing is destroyed: what is put by stays in the place, and goes when a backup has come past its position.
What goes on where the ledger ends stays where it is: it knows more than this home does.
"""

import re
from itertools import islice
from typing import Final, cast

from custody.acts.backing import copy, facts_name
from custody.acts.desk import Desk
from custody.acts.restoring import Blank, facts_in, named_in
from custody.base import merkle
from custody.base.errors import Broken, Malformed
from custody.ports.files import Files

_PASSED: Final = re.compile(r"passed/([0-9]{20})\.cvbk", re.ASCII)


def put_by(desk: Desk, place: str, newest: int) -> list[int]:
    """The positions of what is put by now; `newest` is that of the facts which were read back there. The place is this company's alone, and the ledger agrees with its mirror."""
    files = desk.outside.backup(place)
    for name in files.list("passed"):
        if (found := _PASSED.fullmatch(name)) and int(found[1]) < newest:
            files.remove(name)
    strange = [
        position for position in facts_in(files) if position > newest and not _goes_on(desk, files, position, newest)
    ]
    for position in strange:
        name = facts_name(position)
        with files.path(name).open("rb") as source, files.writer(f"passed/{position:020d}.cvbk") as target:
            copy(source, target)
        files.remove(name)
    return sorted(strange)


def _goes_on(desk: Desk, files: Files, position: int, newest: int) -> bool:
    """Whether these facts have every entry that the newest of here have; what does not open goes on from nothing."""
    blank = Blank(desk.space, desk.store, desk.files, desk.keys, desk.outside, files)
    try:
        return named_in(blank, position, newest)[2] == _root(desk, newest)
    except (Broken, Malformed):
        return False


def _root(desk: Desk, size: int) -> bytes:
    """Over the first entries of the ledger of here."""
    made = merkle.Frontier()
    with desk.store.read() as tx:
        for (entry,) in islice(tx.columns("ledger_entry", ("entry",), order=("position",), space=desk.space), size):
            made.append(merkle.leaf_hash(cast("bytes", entry)))
    return made.root()
