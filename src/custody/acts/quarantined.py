"""Rows that were set aside and name somebody who is erased: their content goes too, as far as it can be told (spec/vault.md §9).

A quarantined row is nobody's: one is found by an identifier of the person that stands in it as a word. Places, reasons and
counts stay, so that every row is still accounted for. A row that names somebody who is held stays, whoever else stands in it.

A row that nobody can read (acts/unread_rows.py) may name anybody: it stops no erasure, stays, and is told; while somebody is held it may be about them, and
nothing that lies under its key goes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.entries import entered
from custody.acts.erasing import ERASED, LIVE, TAKEN_OVER
from custody.acts.expiring import QUARANTINED
from custody.acts.holdings import holdings_of, identifiers
from custody.acts.marks import Place
from custody.acts.reading import Reader
from custody.acts.reseal import reseal
from custody.acts.shred import held
from custody.acts.unread_rows import unlooked
from custody.acts.vaults import QUARANTINE, slot_places
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Row, Transaction
from custody.vault.normal import half_width
from custody.vault.payload import unpack

LEAST: Final = 5
"""Shorter identifiers stand in other people's rows too, as a number of pieces or a day."""
WHY: Final = "quarantine"
_NEAR: Final = 4_096
"""Rows whose words are held at a time."""
_WORD: Final = re.compile(r"[0-9a-z@._+-]+")
_APART: Final = re.compile(r"(?<=\d)[\s()-]+(?=\d)|(?<=\d{3})\.(?=\d{4}(?!\d))")
"""Dots part a telephone number as some write it, not a price."""
_RUN: Final = re.compile(r"(?<!\d)\d{11,}(?!\d)")
"""A whole number that letters stand before, as in QQ13800138000; shorter ones are other numbers' endings."""
_HOME: Final = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")


class Named(NamedTuple):
    """{quarantine: the numbers of its records} of rows set aside that go, how many such rows a hold keeps, and what of all this nobody could read."""

    goes: Mapping[bytes, set[int]]
    kept: int
    unread: Mapping[bytes, set[int]]
    """Rows that nobody can read, and those that stay for them."""
    along: int
    """How many of them lie under the key of a row that goes, and go with it."""
    blind: Mapping[bytes, set[int]]
    """Rows that go although nobody looked through them."""
    own: int
    """Records of these people that nobody can read: what would name them there was looked for nowhere."""


def naming(desk: Desk, vault: str, people: Collection[bytes], *, unread: bool = False) -> Named:
    """Rows that name one of `people`, who are still there; with `unread` also those that nobody can read, or could when somebody was erased. One that also names, or may name, somebody who is held stays."""
    found, shut, own, kept = defaultdict[bytes, set[int]](set), defaultdict[bytes, set[int]](set), Counter[bytes](), 0
    blind = defaultdict[bytes, set[int]](set)
    with desk.store.read() as tx:
        aside = _aside(tx, vault)
        wanted = set(chain.from_iterable(_told(desk, tx, vault, people, own))) if aside else set()
        met = list(_met(desk, tx, vault, aside, wanted, shut)) if wanted or own or unread else []
        wider = _also(tx, vault, aside, (shut, unlooked(tx, desk.space, vault))) if unread else []
        known = {_at(record) for record in met} if wider else set()
        met += [record for record in wider if _at(record) not in known]
        bound = bound_of(desk, tx, vault, met) if met else {}  # whoever is held is opened only where a row goes
        somebody = bool(shut) and bool(held(tx, vault, stamp(desk.clock.now())))
        for record in met:
            who, number = _at(record)
            if (
                somebody and who in shut
            ):  # what names them stays for a row that may name whoever is held: unseen like that one
                shut[who].add(number)
                kept += 1
            elif number in bound.get(who, ()):
                kept += 1
            else:
                found[who].add(number)
                if wider and (who, number) not in known:
                    blind[who].add(number)
    along = {who: shut.pop(who) for who in [one for one in found if one in shut]}
    for who, numbers in along.items():
        found[who] |= numbers
        blind[who] |= numbers
    return Named(found, kept, shut, sum(map(len, along.values())), blind, own.total())


def _also(
    tx: Transaction, vault: str, aside: Collection[bytes], some: Iterable[Mapping[bytes, Collection[int]]]
) -> list[Row]:
    wanted = {(who, number) for one in some for who, numbers in one.items() for number in numbers}
    return [record for record in _records(tx, vault, aside) if _at(record) in wanted] if wanted else []


def bound_of(desk: Desk, tx: Transaction, vault: str, among: Iterable[Row] | None = None) -> Mapping[bytes, set[int]]:
    """{quarantine: the numbers of its records} of what a hold keeps: rows that name somebody who is held, and all of a quarantine that is.

    Of every row that was set aside, or of these. Whoever is held may be many, so they go by a row's words, and not the rows by theirs.
    """
    found, kept, aside = defaultdict[bytes, set[int]](set), held(tx, vault, stamp(desk.clock.now())), _aside(tx, vault)
    if not (kept and aside):
        return found
    rows, lost, own = _records(tx, vault, aside) if among is None else iter(among), Counter[bytes](), Counter[bytes]()
    with Reader(desk, tx, vault, only=aside, lost=lost) as reader:
        while near := list(islice(rows, _NEAR)):
            bound = [_at(record) for record in near if record["subject"] in kept]
            free = [record for record in near if record["subject"] not in kept]
            for who, number in chain(bound, _naming_any(desk, tx, vault, reader, free, kept.keys() - set(aside), own)):
                found[who].add(number)
    # What nobody can read may name them, or be what names them: nothing under its key goes, or nothing at all.
    for who, number in map(_at, _records(tx, vault, aside if own else list(lost))):
        found[who].add(number)
    return found


def _naming_any(
    desk: Desk, tx: Transaction, vault: str, reader: Reader, rows: Iterable[Row], people: Collection[bytes],
    own: Counter[bytes],
) -> Iterator[tuple[bytes, int]]:  # fmt: skip
    """Which of these rows name one of many people; no more of them are opened than it takes. `own` counts what of them nobody can read."""
    by_word, free = defaultdict[str, set[tuple[bytes, int]]](set), set[tuple[bytes, int]]()
    for record in rows:
        free.add(_at(record))
        for word in _words(reader.opened(record)):
            by_word[word].add(_at(record))
    for words in _told(desk, tx, vault, people, own) if free else ():
        met = {row for word in words for row in by_word.get(word, ())} & free
        yield from met
        free -= met
        if not free:
            return


def going(desk: Desk, tx: Transaction, vault: str) -> Iterator[Place]:
    """Where the keys of quarantines lie of which a hold keeps nothing."""
    bound = bound_of(desk, tx, vault)
    for who, slots in tx.columns("subject", ("id", "slots"), vault=vault, kind=QUARANTINED):
        places = slot_places(cast("bytes", slots))
        if QUARANTINE in places and who not in bound:
            yield (QUARANTINE, *places[QUARANTINE])


def clear(desk: Desk, vault: str) -> int:
    """Of each quarantine of which a hold keeps something all the rest goes, as the others do whole; how many rows. Safe to do again."""
    with desk.store.read() as tx:
        rest = {
            who: {cast("int", record["record"]) for record in _records(tx, vault, [who])} - numbers
            for who, numbers in bound_of(desk, tx, vault).items()
        }
    return let_go(desk, vault, {who: numbers for who, numbers in rest.items() if numbers})


def let_go(desk: Desk, vault: str, found: Mapping[bytes, set[int]]) -> int:
    """What these rows held is gone, the rest of each quarantine lies under a new key; how many rows. Safe to do again."""
    return sum(
        reseal(desk, vault, who, [QUARANTINE], lambda _, payload: payload, WHY, gone=numbers).dropped
        for who, numbers in sorted(found.items())
    )


def unsaved(tx: Transaction, space: str, vault: str) -> bool:
    """Whether what stays of a part (a quarantine, a compartment) was sealed anew since some place was backed up to: whoever was killed in between has that still to do."""
    places = [cast("int", row["position"]) for row in tx.find("backup_place", space=space)]
    for found in entered(tx, space, ERASED) if places else ():
        if found.position < min(places):
            return False
        if found.says.get("vault") == vault and _moved(found.says.get("part")):
            return True
    return False


def _moved(part: Json) -> bool:
    """Whether what was left moved to keys that no backup has. What was taken over is whole in a backup of before; an act in parts numbers them, and moves nothing."""
    return isinstance(part, str) and part != TAKEN_OVER


def _at(record: Row) -> tuple[bytes, int]:
    return cast("bytes", record["subject"]), cast("int", record["record"])


def _aside(tx: Transaction, vault: str) -> list[bytes]:
    return [cast("bytes", row["id"]) for row in tx.find("subject", vault=vault, kind=QUARANTINED, state=LIVE)]


def _met(
    desk: Desk, tx: Transaction, vault: str, aside: Collection[bytes], wanted: set[str], shut: dict[bytes, set[int]]
) -> Iterator[Row]:
    """Records of these quarantines in which one of the words stands; those that nobody can read are noted in `shut`."""
    if not aside:
        return
    with Reader(desk, tx, vault, only=aside) as reader:
        for record in _records(tx, vault, aside):
            payload = reader.opened(record)
            if payload is None:
                shut[cast("bytes", record["subject"])].add(cast("int", record["record"]))
            elif not wanted.isdisjoint(_words(payload)):
                yield record


def _records(tx: Transaction, vault: str, aside: Collection[bytes]) -> Iterator[Row]:
    for who in aside:
        yield from tx.scan("record", order=("record",), vault=vault, subject=who, compartment=QUARANTINE)


def _told(
    desk: Desk, tx: Transaction, vault: str, people: Collection[bytes], own: Counter[bytes]
) -> Iterator[set[str]]:
    """The words by which each of these would stand in a row: an identifier that is several words is none. `own` counts what of them nobody can read."""
    live = (
        cast("bytes", who) for (who,) in tx.among("subject", ("id",), "id", sorted(people), vault=vault, state=LIVE)
    )
    for _, holds in holdings_of(desk, tx, vault, live, own):
        values = chain.from_iterable(identifiers(holds).values())
        plain = (_plain(form) for value in values for form in _forms(value.strip()) if _WORD.fullmatch(form))
        yield {word for word in plain if len(word) >= LEAST}


def _words(payload: bytes | None) -> set[str]:
    """Of a line its bytes, in whichever encoding it was; of a row that could be read its values."""
    if payload is None:
        return set()
    _, (_, line, _, _, raw) = unpack(payload)
    held = cast("bytes", raw or b"")
    text = "\n".join(map(str, unpack(held)[1])) if line is None and held else _text(held)
    return {_plain(word) for form in _forms(text) for found in (_WORD, _RUN) for word in found.findall(form)}


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _forms(text: str) -> tuple[str, str]:
    """As written, in half width, and with what parts the digits of a number taken out."""
    near = half_width(text).lower()
    return near, _APART.sub("", near)


def _plain(word: str) -> str:
    """Without a full stop behind it, and without the country code of home."""
    return _HOME.sub("", word.strip("._-"))
