"""Which keys a recall took of whom: so that whoever asks to be erased afterwards is remembered by them (spec/package.md §5).

The opening of a recall's erasure names each key as it came, and whose it was; a slot that was zeroed says neither any more.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final, cast

from custody.acts.entries import RECALLED
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one

RECALL: Final = "recall"
"""The reason that its erasures say."""
CAME: Final = "came"
"""In the opening of an erasure: the ids of the keys under which what went had come."""
WHOSE: Final = "whose"
"""Beside it, in the same order: of which person each was."""


def beside(taken: Collection[tuple[str, bytes]]) -> dict[str, Json]:
    """What the opening of an erasure says beside its slots, of (id of the key that came, whose it was)."""
    rows = sorted(taken)
    return {CAME: [key for key, _ in rows], WHOSE: [ids.subject_text(who) for _, who in rows]}


def taken_of(tx: Transaction, space: str, vault: str, people: Collection[bytes]) -> Mapping[bytes, set[str]]:
    """{person: ids of the keys that recalls took of them in this vault}, of whom there are any that no erasure of this company's named since."""
    texts = {ids.subject_text(who): who for who in people}
    rows = tx.among("entry_about", ("position",), "whom", texts, space=space, topic=RECALLED) if texts else ()
    found: defaultdict[bytes, set[str]] = defaultdict(set)
    for number in sorted({cast("int", position) for (position,) in rows}):
        says = cast("Mapping[str, Json]", _read(one(tx, "ledger_entry", space=space, position=number), "entry")["says"])
        told = _read(one(tx, "opening", space=space, position=number), "detail")
        if says.get("vault") != vault:
            continue
        for key, whose in zip(cast("list[str]", told[CAME]), cast("list[str]", told[WHOSE]), strict=True):
            if whose in texts:
                keys = found[texts[whose]]
                keys.add(key) if says.get("reason") == RECALL else keys.discard(key)
    return {who: keys for who, keys in found.items() if keys}


def _read(row: Row | None, column: str) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", canonical.decode(cast("bytes", row[column]))) if row else {}
