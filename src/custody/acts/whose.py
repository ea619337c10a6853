"""Whose a value is: by its tag, or, for a name, by opening those in its bucket and comparing (spec/vault.md §13).

A name is asked last, of values that nobody has as anything else: whatever is in a bucket is opened, and most of it is somebody else's.
What nobody can read there is passed over and counted: it is perhaps whose name it was, and hides nobody else.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.finding import KINDS, identifiers, opened, taggers
from custody.acts.reading import Reader
from custody.base.errors import Unavailable
from custody.ports.store import Row, Transaction
from custody.vault.index import BUCKETED, NEWEST, Tagger, normalise
from custody.vault.payload import unpack

NUMBER: Final = "customer-number"
_BATCH: Final = 2_000
"""So many people are opened at a time for a list of names."""
Holders = dict[str, dict[bytes, list[str]]]
"""{value: {who has it: as what}}."""


def whose(
    desk: Desk, vault: Row, values: Collection[str], kinds: Sequence[str] = KINDS, lost: Counter[bytes] | None = None,
    *, any_case: bool = False,
) -> tuple[int, Mapping[str, Mapping[bytes, Sequence[str]]]]:  # fmt: skip
    """(epoch, {value: {who has it: as what}}), by an index that is whole and up to date.

    `any_case`: a customer number that nobody has as it is written is sought in capitals and in small letters too. That is for a person
    who looks and sees whom they found; what a list says of a number, or a number proves, is held to the letter.

    An epoch that went while it was asked (a new one took its place, or it was torn) is asked for once more. `lost` counts, by subject,
    records with a name that nobody can read: of those nobody knows whether it is the one asked for.
    """
    lost = Counter[bytes]() if lost is None else lost
    try:
        return _whose(desk, vault, values, kinds, lost, any_case=any_case)
    except Unavailable as error:
        if error.slug != "index.out":
            raise
        lost.clear()
        return _whose(desk, vault, values, kinds, lost, any_case=any_case)


def _whose(
    desk: Desk, vault: Row, values: Collection[str], kinds: Sequence[str], lost: Counter[bytes], *, any_case: bool
) -> tuple[int, Mapping[str, Mapping[bytes, Sequence[str]]]]:
    found: Holders = {value: {} for value in values}
    epoch, made = taggers(desk, vault)
    name, region = str(vault["id"]), str(vault["region"])
    for kind in (kind for kind in kinds if NEWEST[kind] not in BUCKETED):
        for value, held in found.items():
            for who in _having(desk, name, epoch, kind, made[kind], value, any_case=any_case):
                held.setdefault(who, []).append(kind)
    for kind in (kind for kind in kinds if NEWEST[kind] in BUCKETED):
        forms = {value: normalise(NEWEST[kind], value, region) for value, held in found.items() if not held}
        asked = {value: form for value, form in forms.items() if form}
        _compare(desk, vault, (epoch, kind, made[kind]), asked, found, lost)
    return epoch, found


def _having(
    desk: Desk, vault: str, epoch: int, kind: str, made: Tagger, value: str, *, any_case: bool
) -> Sequence[bytes]:
    """Who has this value as it is written; where nobody does, and it is a number whose case may be another, who has it so."""

    def tagged(text: str) -> Sequence[bytes]:
        tag = made.tag(text)
        return desk.finder.find(vault, epoch, NEWEST[kind], tag) if tag else ()

    found = tagged(value)
    if found or not any_case or kind != NUMBER:
        return found
    return sorted({who for text in {value.upper(), value.lower()} - {value} for who in tagged(text)})


def _compare(
    desk: Desk, vault: Row, by: tuple[int, str, Tagger], forms: Mapping[str, str], found: Holders, lost: Counter[bytes]
) -> None:
    """Open the candidates of every bucket that these forms are in, each once, and note whose value has such a form."""
    (epoch, kind, made), name = by, str(vault["id"])
    buckets = {made.tag_form(form) for form in forms.values()}
    people = sorted({who for tag in buckets for who in desk.finder.find(name, epoch, NEWEST[kind], tag)})
    asked: dict[str, list[str]] = {}
    for value, form in forms.items():
        asked.setdefault(form, []).append(value)
    for some in (people[start : start + _BATCH] for start in range(0, len(people), _BATCH)):
        with desk.store.read() as tx:
            for who, text in _opened(desk, tx, name, some, kind, lost):
                for value in asked.get(normalise(NEWEST[kind], text, str(vault["region"])) or "", ()):
                    found[value][who] = [kind]


def _opened(
    desk: Desk, tx: Transaction, vault: str, people: Sequence[bytes], kind: str, lost: Counter[bytes]
) -> Iterator[tuple[bytes, str]]:
    """(who, value) of every column of this kind that these people have, as they are now."""
    columns = {layout: [at for at, each in own if each == kind] for layout, own in identifiers(tx, vault).items()}
    with closing(Reader(desk, tx, vault, only=people)) as reader:
        for who in people:
            for row in tx.find("record", vault=vault, subject=who):
                places = columns.get(cast("int", row["schema"]))
                payload = opened(reader, row) if places else None
                if places and payload is None:
                    lost[who] += 1
                values = unpack(payload)[1] if payload is not None else ()
                yield from ((who, str(values[at])) for at in places or () if values and values[at] is not None)
