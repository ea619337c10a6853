"""The blind index of a vault: built from what is sealed, kept up as people come and go, rebuilt rather than backed up (§13).

An index that is missing, half built, or whose key lies under a generation that is gone, is built again under a new epoch, and
nobody is found meanwhile. One that is only renewed goes on answering until the new epoch is whole.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Final, NamedTuple, cast

from custody.acts import passed_over
from custody.acts.counter import next_number, set_to
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.evidence import append
from custody.acts.passed_over import PassedOver
from custody.acts.reading import Reader
from custody.acts.vaults import Keyring, open_keyring, read_keyring
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Malformed, Unavailable
from custody.ports.finder import Tagged
from custody.ports.store import Row, Transaction, Within, one
from custody.vault.index import NEWEST, Tagger, bucket_bits, unwrap_key, wrap_key
from custody.vault.payload import unpack

KINDS: Final = ("email", "phone", "id-number", "customer-number", "name")
CLASSES: Final[Mapping[str, str]] = {
    "contact.email": "email", "contact.phone": "phone", "account.customer_id": "customer-number", "name.full": "name",
    "id.cn_resident": "id-number", "id.passport": "id-number", "id.travel_permit": "id-number", "id.driver_license": "id-number",
    "id.us_ssn": "id-number", "id.national_other": "id-number", "id.tax": "id-number",
}  # fmt: skip
_LOST: Final = frozenset(("files.missing", "vault.tag", "vault.record", "vault.suite"))
"""A file that is gone, a record that rotted; a disk that cannot read it is an OSError. Another's record in its place (`vault.key`, `vault.misplaced`) is an attack, and stops everything."""
_NEAR: Final = 20_000
"""So many records are opened at a time for a new index."""
_FEW: Final = 2_000
"""So many people are brought up to date at a time, while nobody else writes."""
_MANY: Final = 50_000
"""From so many people on a new index costs less than to bring the old one up to date, if they are a tenth of all."""


class Index(NamedTuple):
    """A live index: its epoch, its key, and how many bits of a tag tell a bucket in it."""

    epoch: int
    key: bytes
    bits: int

    def __repr__(self) -> str:
        return f"Index(epoch={self.epoch}, bits={self.bits})"


def kind_of(cls: str) -> str:
    """What a column of this class is looked up as; '' when it is not."""
    return CLASSES.get(cls, "")


Places = Mapping[int, Sequence[tuple[int, str]]]
"""{layout: (place in the payload, kind) of each column that is indexed}."""


def tagger(desk: Desk, vault: Row, kind: str) -> tuple[int, Tagger]:
    """(epoch, what makes the tags of `kind`) of an index that is whole and up to date."""
    epoch, made = taggers(desk, vault)
    return epoch, made[kind]


def taggers(desk: Desk, vault: Row) -> tuple[int, Mapping[str, Tagger]]:
    """The same for every kind: the index is looked at once."""
    name = str(vault["id"])
    passed_over.back(desk, name)
    with desk.store.read() as tx:
        ring = read_keyring(desk, tx, name)  # safe without a look at the pages: no page is opened here
        found = _live(desk, tx, ring)
        waiting = tx.count("unindexed", vault=name)
        grown = found is not None and waiting > 0 and _outgrown(tx, name, waiting, found)
    if found is None or grown:
        found = rebuild(desk, vault)
    elif waiting:
        _keep_up(desk, vault, ring, found)
    return found.epoch, _taggers(found, ring, vault)


def answers_at_once(desk: Desk, vault: Row) -> bool:
    """Whether an index is there, and but few came or changed since: for what must not wait until one was built."""
    name = str(vault["id"])
    with desk.store.read() as tx:
        found = _live(desk, tx, read_keyring(desk, tx, name))
        return found is not None and tx.count("unindexed", vault=name) <= _FEW and not _next(tx, name, found.epoch)


def rebuild(desk: Desk, vault: Row) -> Index:
    """A new epoch from every live record, where there is none that answers.

    What is left of the one before goes first: it knows nothing of those who are crossed off below, and whoever is killed here leaves
    no index, never one that takes them for not there. Raises Unavailable `index.building` when somebody else is at it.
    """
    with _sole_builder(desk, vault) as name:
        desk.finder.drop(name)
        with desk.store.write() as tx:
            tx.drop("unindexed", vault=name)  # noted from here on again: what comes meanwhile is in neither part lost
            ring, made = _begin(desk, tx, name)
            tx.drop("counter", name=_sized(name, made.epoch - 1))
        _make(desk, vault, ring, made)
    return made


def renew(desk: Desk, vault: Row) -> Index:
    """A new epoch from every live record beside the one that answers, which goes on until the new one is whole.

    Nobody who waits to be brought up to date is crossed off meanwhile: the new epoch may have seen them as they were. Killed, the old
    one goes on. Raises Unavailable `index.building` when somebody else is at it.
    """
    name = str(vault["id"])
    with desk.store.read() as tx:
        old = _live(desk, tx, read_keyring(desk, tx, name))
    if old is None:
        return rebuild(desk, vault)
    with _sole_builder(desk, vault):
        with desk.store.write() as tx:
            ring, made = _begin(desk, tx, name)
            set_to(tx, _building(name), made.epoch)
        _make(desk, vault, ring, made)
        with desk.store.write() as tx:
            tx.drop("counter", name=_building(name))
            tx.drop("counter", name=_sized(name, old.epoch))
    return made


@contextmanager
def _sole_builder(desk: Desk, vault: Row) -> Iterator[str]:
    name = str(vault["id"])
    with ExitStack() as held:
        try:
            held.enter_context(desk.store.alone(f"index/{name}"))
        except Unavailable as error:
            raise Unavailable("index.building", "The index by which customers are found is being built.", retry=True,
                              next="Look again in a few minutes; a million customers take about ten.") from error  # fmt: skip
        yield name


def _begin(desk: Desk, tx: Transaction, name: str) -> tuple[Keyring, Index]:
    ring, epoch = open_keyring(desk, tx, name), next_number(tx, f"index-epoch:{name}")
    made = Index(epoch, secrets.token_bytes(32), bucket_bits(tx.count("subject", vault=name, state=LIVE)))
    set_to(tx, _sized(name, epoch), made.bits)
    append(tx, desk.space, stamp(desk.clock.now()), "index-begun", {"vault": name, "epoch": epoch})
    return ring, made


def _make(desk: Desk, vault: Row, ring: Keyring, made: Index) -> None:
    name, place = str(vault["id"]), (made.epoch, ring.generation)
    desk.finder.begin(name, made.epoch)
    desk.finder.keep_key(name, *place, wrap_key(ring.origin, place, made.key, ring.key, ring.suite))
    with desk.store.read() as tx:
        passed = _build(desk, tx, name, made.epoch, _taggers(made, ring, vault))
    passed_over.require_some(passed)
    with desk.store.write() as tx:  # before anybody is answered by it
        passed_over.forget(tx, name)
        passed_over.keep(tx, name, passed)
    desk.finder.finish(name, made.epoch)


def _outgrown(tx: Transaction, vault: str, waiting: int, found: Index) -> bool:
    """Whether a new index costs less than to bring this one up to date, or its buckets are four times too large or too small."""
    many = waiting > _MANY and waiting * 10 > tx.count("subject", vault=vault)
    return many or abs(bucket_bits(tx.count("subject", vault=vault, state=LIVE)) - found.bits) > 1


def _sized(vault: str, epoch: int) -> str:
    """Under which name the store keeps the bits of a bucket of one epoch."""
    return f"index-bits:{vault}:{epoch}"


def _building(vault: str) -> str:
    """Under which name the store keeps the epoch that is built beside the one that answers."""
    return f"index-building:{vault}"


def _build(desk: Desk, tx: Transaction, vault: str, epoch: int, made: Mapping[str, Tagger]) -> PassedOver:
    """Stretch by stretch as the records lie, so that the people of one were sealed together; what could not be read."""
    places, passed = identifiers(tx, vault), PassedOver()
    with Reader(desk, tx, vault, only=()) as reader:
        for layout in places:
            records = tx.scan("record", order=("segment", "position"), vault=vault, schema=layout)
            while near := list(islice(records, _NEAR)):
                reader.turn_to({cast("bytes", row["subject"]) for row in near})
                desk.finder.put(vault, epoch, _tags(reader, places, near, made, passed))
    return passed


def carry_over(desk: Desk, old: Keyring, key: bytes, generation: int) -> None:
    """Before a rotation switches: the index key under the next keyring key too. What cannot be opened is built again later.

    Whoever was erased is out of the index before its key lives on: a rotation makes that final. Others who wait come in again at the next look-up.
    """
    with desk.store.read() as tx:
        found = _live(desk, tx, old)
        waiting = (cast("bytes", who) for (who,) in tx.columns("unindexed", ("subject",), vault=old.vault))
        while found is not None and (some := list(islice(waiting, _NEAR))):
            desk.finder.forget(old.vault, some)
    if found is not None:
        place = found.epoch, generation
        desk.finder.keep_key(old.vault, *place, wrap_key(old.origin, place, found.key, key, old.suite))


def _live(desk: Desk, tx: Transaction, ring: Keyring) -> Index | None:
    epoch = desk.finder.epoch(ring.vault)
    wrapped = desk.finder.keys(ring.vault, epoch).get(ring.generation) if epoch is not None else None
    if epoch is None or wrapped is None:
        return None
    try:
        suite, key = unwrap_key(ring.origin, (epoch, ring.generation), wrapped, ring.key)
    except (Broken, Malformed):
        return None
    sized = one(tx, "counter", name=_sized(ring.vault, epoch))
    # An index of before a renewal is built again: a vault looks up in the suite it writes in. So is one whose names lie
    # there whole, as they did before there were buckets.
    return Index(epoch, key, cast("int", sized["value"])) if suite is ring.suite and sized is not None else None


def _keep_up(desk: Desk, vault: Row, ring: Keyring, found: Index) -> None:
    """People who came, went or were corrected since: out first, then in again as they are now. Killed, it is done again.

    Nobody writes meanwhile: a change between the look at a person and the crossing off would stay unseen for ever. While the next
    epoch is built nobody is crossed off, for it they wait on.
    """
    name, made = str(vault["id"]), _taggers(found, ring, vault)
    after, left = b"", True
    while left:
        with desk.store.write() as tx:
            rows = tx.first("unindexed", _FEW, (Within("subject", low=after),), order=("subject",), vault=name)
            waiting = [cast("bytes", row["subject"]) for row in rows]
            desk.finder.forget(name, waiting)
            passed = PassedOver()
            desk.finder.put(name, found.epoch, _tags_of(desk, tx, name, waiting, made, passed))
            if not _next(tx, name, found.epoch):
                done = [subject for subject in waiting if subject not in passed.subjects]
                tx.drop_many("unindexed", [{"vault": name, "subject": subject} for subject in done])
            passed_over.keep(tx, name, passed)
            after, left = waiting[-1] + b"\0" if waiting else after, len(waiting) == _FEW


def _next(tx: Transaction, vault: str, epoch: int) -> bool:
    """Whether a later epoch than this one is being built, or was when its builder died."""
    row = one(tx, "counter", name=_building(vault))
    return row is not None and cast("int", row["value"]) > epoch


def _tags_of(
    desk: Desk, tx: Transaction, vault: str, subjects: Sequence[bytes], made: Mapping[str, Tagger], passed: PassedOver
) -> Iterator[Tagged]:
    places = identifiers(tx, vault)
    with Reader(desk, tx, vault, only=subjects) as reader:
        records = (row for subject in subjects for row in tx.find("record", vault=vault, subject=subject))
        yield from _tags(reader, places, (row for row in records if row["schema"] in places), made, passed)


def _tags(
    reader: Reader, places: Places, records: Iterable[Row], taggers: Mapping[str, Tagger], passed: PassedOver
) -> Iterator[Tagged]:
    for row in records:
        payload = opened(reader, row)
        if payload is not None:
            passed.read += 1
        elif not reader.lies(row):
            passed.segments.add(str(row["segment"]))
        else:
            passed.subjects.add(cast("bytes", row["subject"]))
        values = unpack(payload)[1] if payload else ()
        for place, kind in places[cast("int", row["schema"])] if values else ():
            value = values[place]
            tag = taggers[kind].tag(str(value)) if value not in (None, "") else None
            if tag is not None:
                yield Tagged(NEWEST[kind], tag, cast("bytes", row["subject"]))


def opened(reader: Reader, row: Row) -> bytes | None:
    """None of a record whose file is lost or rotted: it shuts out nobody else. Backups and `vault check` tell of it daily till it is there again."""
    try:
        return reader.open(row)
    except OSError:
        return None
    except CustodyError as error:
        if error.slug not in _LOST:
            raise
        return None


def identifiers(tx: Transaction, vault: str) -> dict[int, list[tuple[int, str]]]:
    """{layout: (place in the payload, kind) of each column that tells who somebody is}."""
    classes: dict[str, dict[str, str]] = {}
    for row in tx.find("tally", vault=vault):
        told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["columns"])))
        classes[str(row["tbl"])] = {each[0]: each[1] for each in cast("list[list[str]]", told["columns"])}
    found: dict[int, list[tuple[int, str]]] = {}
    for row in tx.find("schema", order=("number",), vault=vault):
        names = cast("list[str]", cast("dict[str, Json]", canonical.decode(cast("bytes", row["columns"])))["columns"])
        own = classes.get(str(row["tbl"]), {})
        inside = [(place, CLASSES[own[name]]) for place, name in enumerate(names) if own.get(name) in CLASSES]
        if inside:
            found[cast("int", row["number"])] = inside
    return found


def _taggers(found: Index, ring: Keyring, vault: Row) -> dict[str, Tagger]:
    region, (epoch, key, bits) = str(vault["region"]), found
    return {
        kind: Tagger(key, ring.origin, kind, NEWEST[kind], epoch, region=region, suite=ring.suite, bits=bits)
        for kind in KINDS
    }
