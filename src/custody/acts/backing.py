"""Back a home up to a place: segments, then facts, then keys, then the journal; read back; only then prune (D2, §21).

The order makes a writer in between cost a key without a record at most. Nothing older goes before what replaces it was
read back. Key backups exist for the live generation only: what a rotation leaves behind, it removes itself.
"""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO, Final, cast

import numpy as np

from custody.acts.desk import Desk
from custody.acts.destroys import is_order
from custody.acts.evidence import append
from custody.acts.key_backup import Known, key_ids, key_ids_of, key_lead, read_keys, unknown_keys, unreadable
from custody.acts.losses import Changed, note_lost
from custody.acts.matters import ledger_size
from custody.acts.mirroring import catch_up, mended, mirrored
from custody.acts.older_facts import head
from custody.acts.place_owner import require_owner
from custody.acts.residency import require_place
from custody.acts.sole import copying
from custody.acts.vaults import Keyring, open_keyring
from custody.base import canonical, ids
from custody.base.canonical import Json, unb64
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing, Unavailable
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault import backup
from custody.vault.backup import Kind, Named

LEFT_OUT: Final = frozenset(("page", "page_leaf", "outbox", "unindexed", "gate_kept", "gate_page", "touched"))
_BLOCK: Final = 1 << 20
_BATCH: Final = 100_000


@dataclass(slots=True)
class Made:
    """What one backup wrote."""

    facts: int = 0
    rows: int = 0
    segments: int = 0
    copied: int = 0
    bytes: int = 0
    vaults: dict[str, Json] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    """The segments that its facts name."""
    lost: dict[str, Row] = field(default_factory=dict)
    """Segments that this place lacks and whose file the home has no more, by id."""
    changed: dict[str, Row] = field(default_factory=dict)
    """Those that it lacks and whose file at home is not the one that the row names, by id."""


def back_up(desk: Desk, place: str, *, verify: bool = False, mirror_last: bool = False) -> Mapping[str, Json]:
    """Everything that a restore needs, in `place`, which is on the list from now on. `verify` hashes old segments too.

    With `mirror_last` the mirror hears of what was done since it was last told once that lies in the place: of what moved to new keys no
    restore knows before, and takes the old ones. Whoever asks for it told the mirror before it moved anything.

    Raises Unavailable `backup.place`, `mirror.out`, Broken `backup.readback`, `backup.no-key`; what was there before still stands then.
    """
    with desk.store.alone(copying(desk)), _disk(place):
        return _back_up(desk, place, verify=verify, mirror_last=mirror_last)


@contextmanager
def _disk(place: str) -> Iterator[None]:
    """A disk that is full, or was torn off: whatever was committed before stands, so nobody may hear that nothing was."""
    try:
        yield
    except OSError as error:
        raise Unavailable("backup.place", "A place for backups, or a file on its way there, cannot be read or written.",
                          where={"place": place, "reason": error.strerror or type(error).__name__}, next="Look at its disk: is it there, whole, and has it room? Then: custody backup") from error  # fmt: skip


def _back_up(desk: Desk, place: str, *, verify: bool, mirror_last: bool) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        exception = require_place(desk, tx, place)
        row = one(tx, "backup_place", space=desk.space, place=place)
        if row is None:
            desk.outside.prepare(place)
    # What lies there of a backup that did not end well was never looked at: it is looked at now, as if it were new.
    unsure = row is None or not row["at"]
    files, made = desk.outside.backup(place), Made()
    require_owner(desk, files, place)
    # A store that was put back is refused before anything of it lies there, and while nobody can tell.
    if not mirror_last:
        catch_up(desk)
    # A place is on the list before its first facts are written, so that whoever restores from them goes on with it.
    with desk.store.write() as tx:
        if row is None:
            tx.add("backup_place", [{"space": desk.space, "place": place, "at": "", "position": 0}])
        tx.change("backup_place", {"at": ""}, space=desk.space, place=place)
    fresh = _copy_segments(desk, files, made, verify=verify, unsure=unsure)
    _write_facts(desk, files, made)
    # Those that the facts name already and the first look missed.
    fresh += _copy_segments(desk, files, made, verify=False, unsure=False)
    note_lost(desk, list(made.lost.values()), list(made.changed.values()))
    with desk.store.read() as tx:
        vaults = [str(row["id"]) for row in tx.find("vault", order=("id",))]
    # Whatever vault a segment is of, its keys go along and are looked for: a restore takes all of this or none of it.
    _require_vaults(fresh, vaults)
    for vault in vaults:
        known = _write_keys(desk, files, vault, made)
        _check_segments(desk, files, [row for row in fresh if row["vault"] == vault], known)
    catch_up(
        desk
    )  # facts that the journal does not reach are no use to a restore, so what they replace stays till it does
    whole = not mended(desk)  # nor is a journal that cannot be read to its end
    _prune(desk, files, made)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        tx.drop("backup_place", space=desk.space, place=place)
        tx.add("backup_place", [{"space": desk.space, "place": place, "at": now, "position": made.facts}])
        says: dict[str, Json] = {
            "facts": made.facts,
            "rows": made.rows,
            "segments": made.segments,
            "vaults": made.vaults,
            **({"exception": exception} if exception else {}),
            **({} if whole else {"mirror_mended": True}),
        }
        position = append(tx, desk.space, now, "backed-up", says, detail={"place": place})
    return {"facts_position": made.facts, "rows": made.rows, "segments": made.segments, "copied": made.copied,
            "segments_missing": sorted(made.lost), "segments_changed": sorted(made.changed), "bytes": made.bytes, "vaults": made.vaults, "at": now, "mirrored": mirrored(desk), "mirror_mended": not whole,
            "apart": desk.outside.apart(place), "mirror_apart": desk.outside.apart("mirror"),
            "ledger": f"{desk.space}@{position}"}  # fmt: skip


def back_up_all(desk: Desk, *, mirror_last: bool = False) -> tuple[int, int]:
    """Renew every place on the list; (done, wanted). A place that does not answer raises: it would be left without keys."""
    places = listed(desk)
    return sum(1 for place in places if back_up(desk, place, mirror_last=mirror_last)), len(places)


def listed(desk: Desk) -> Sequence[str]:
    """Every place for backups."""
    with desk.store.read() as tx:
        return [str(row["place"]) for row in tx.find("backup_place", order=("place",), space=desk.space)]


def require_answers(desk: Desk) -> None:
    """That every place is there and this home's, and the mirror too, before anything moves to keys that none of them has. Raises Unavailable, as `back_up`."""
    catch_up(desk)
    for place in listed(desk):
        with _disk(place):
            require_owner(desk, desk.outside.backup(place), place)


def forget_generation(desk: Desk, vault: str, generation: int) -> None:
    """Remove the key backups of a generation from every place on the list."""
    for place in listed(desk):
        files = desk.outside.backup(place)
        with _disk(place):
            for name in files.list(f"keys/{vault}"):
                if name.rpartition("/")[2].startswith(f"{generation:020d}-"):
                    files.remove(name)


def facts_name(position: int) -> str:
    """Where facts lie in a place."""
    return f"facts/{position:020d}.cvbk"


def keys_name(vault: str, generation: int, position: int) -> str:
    """Where the keys of a vault lie in a place."""
    return f"keys/{vault}/{generation:020d}-{position:020d}.cvbk"


def segment_name(row: Row) -> str:
    """Where a segment lies in a place."""
    return f"segments/{row['vault']!s}/{row['id']!s}.seg"


def copy(source: BinaryIO, target: BinaryIO | None) -> str:
    """Copy in blocks (or only read); returns the SHA-256, in hex."""
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
        if target is not None:
            target.write(block)
    return digest.hexdigest()


def copy_whole(source: BinaryIO, target: BinaryIO | None, row: Row) -> None:
    """Copy (or only read) the file of a segment. Raises Changed where it is another: before its writer's block ends, so that what lies there stays."""
    if copy(source, target) != row["sha256"]:
        raise Changed


def _copy_segments(desk: Desk, files: Files, made: Made, *, verify: bool, unsure: bool) -> list[Row]:
    """Those that were copied now; or all, where nobody knows what of them was looked at."""
    with desk.store.read() as tx:
        rows = tx.find("segment", order=("vault", "id"))
    there, at_home, fresh, copied = set(files.list("segments")), set(desk.files.list("vaults")), list[Row](), 0
    for row in rows:
        name = segment_name(row)
        only = str(row["file"]) not in at_home  # whether the last copy is whole is told before anybody asks for it
        lacks = name not in there or ((verify or unsure or only) and _hash(files, name) != row["sha256"])
        if lacks and not _copied(desk, files, row, made):
            continue
        if lacks:
            copied += 1
            made.bytes += cast("int", row["bytes"])
        if lacks or unsure:
            fresh.append(row)
    made.segments, made.copied = len(rows), made.copied + copied
    return fresh


def _copied(desk: Desk, files: Files, row: Row, made: Made) -> bool:
    """Copy one segment; False, and noted, where the home has its file no more or another one in its stead. Nobody takes one away while a backup copies."""
    try:
        with desk.files.local(str(row["file"])) as path, path.open("rb") as source, files.writer(segment_name(row)) as target:  # fmt: skip
            copy_whole(source, target, row)
    except Missing as error:
        if error.slug != "files.missing":
            raise
        made.lost[str(row["id"])] = row
        return False
    except Changed:
        made.changed[str(row["id"])] = row
        return False
    return True


def _write_facts(desk: Desk, files: Files, made: Made) -> None:
    key, owner = desk.outside.backup_key(), ids.id_bytes(desk.space)
    with desk.store.read() as tx:
        made.facts = ledger_size(tx, desk.space)
        named = Named(Kind.FACTS, owner, made.facts)
        made.named = {segment_name(row) for row in tx.find("segment")}
        with files.writer(facts_name(made.facts)) as target:
            backup.write(target, key, named, _facts(tx, made))
    with files.path(facts_name(made.facts)).open("rb") as source:
        last: backup.Value = []
        for last in backup.read(source, key, named):  # noqa: B007 - all of it must open; its last value is the count
            pass
    if last != ["end", made.rows, []]:
        raise unreadable()


def _facts(tx: Transaction, made: Made) -> Iterator[backup.Value]:
    yield head(tx)
    for table, columns in tx.tables().items():
        if table in LEFT_OUT:
            continue
        yield ["table", table, list(columns)]
        for row in tx.scan(table, order=()):
            made.rows += 1
            yield [row[column] for column in columns] if table not in _KEYED else _without_keys(table, row, columns)
    yield ["end", made.rows, []]


_KEYED: Final = {"vault": "keyring", "rotation": "detail"}


def _without_keys(table: str, row: Row, columns: Iterable[str]) -> backup.Value:
    """Facts outlive a generation, so no key of one is among them."""
    dropped = _KEYED[table] if table == "vault" or not is_order(row) else ""
    return [b"" if column == dropped else row[column] for column in columns]


def _write_keys(desk: Desk, files: Files, vault: str, made: Made) -> Known:
    """The keys of one vault under the live generation, opened again by a fresh unwrap; returns where its key ids are."""
    key = desk.outside.backup_key()
    with desk.store.read() as tx:
        ring, position = open_keyring(desk, tx, vault), ledger_size(tx, desk.space)
        kept = cast(
            "dict[str, str]", canonical.decode(cast("bytes", cast("Row", one(tx, "vault", id=vault))["keyring"]))
        )
        named = Named(Kind.KEYS, ids.id_bytes(vault), position)
        name = keys_name(vault, ring.generation, position)
        lead = key_lead(ring.head, kept["ref"], unb64(kept["key"]))
        with files.writer(name) as target:
            backup.write(target, key, named, _pages(tx, vault, lead))
    with files.path(name).open("rb") as source:
        found, held = read_keys(backup.read(source, key, named), vault)
        deque(held, maxlen=0)  # every page is there, and under the head
    if found.head != ring.head or desk.keys.unwrap(found.ref, found.wrapped) != ring.key:
        raise unreadable()
    made.vaults[vault] = {"g": ring.generation, "head": ring.head.root.hex(), "position": position}
    return Known(lambda: _page_ids(files, name, named, key, ring), lambda: _erased(desk, vault))


def _page_ids(files: Files, name: str, named: Named, key: bytes, ring: Keyring) -> Iterator[set[bytes]]:
    """The key ids of each page as it was backed up."""
    with files.path(name).open("rb") as source:
        for held in read_keys(backup.read(source, key, named), ring.vault)[1]:
            yield key_ids(held.page, ring.key, ring.generation)


def _erased(desk: Desk, vault: str) -> Iterator[set[bytes]]:
    with desk.store.read() as tx:
        rows = tx.columns("erasure", ("key_id",), vault=vault)
        while some := {cast("bytes", key) for (key,) in islice(rows, _BATCH)}:
            yield some


def _pages(tx: Transaction, vault: str, lead: backup.Value) -> Iterator[backup.Value]:
    yield lead
    count = 0
    for count, row in enumerate(tx.scan("page", order=("compartment", "page"), vault=vault), start=1):  # noqa: B007 - the count is wanted
        yield [row[name] for name in ("compartment", "page", "version", "used", "sealed", "wrap", "members")]
    yield ["end", count]


def _require_vaults(fresh: Sequence[Row], vaults: Sequence[str]) -> None:
    """A segment of a vault that is not there has no page that could hold its keys."""
    for row in fresh:
        if row["vault"] not in vaults:
            raise Broken("backup.no-key", "A segment holds records whose keys are nowhere.", kind="missing",
                         where={"segment": str(row["id"])}, next="custody vault check")  # fmt: skip


def _check_segments(desk: Desk, files: Files, fresh: Sequence[Row], known: Known) -> None:
    """Each new segment is whole where it lies now, and every key that it names is in a page or an erasure."""
    for row in fresh:
        if _hash(files, segment_name(row)) != row["sha256"]:
            raise unreadable()
    lost = unknown_keys((key for row in fresh for key in _wanted(desk, files, row)), known)
    for row in fresh if lost else ():
        if met := sum(1 for key in set(_wanted(desk, files, row)) if key in lost):
            raise Broken("backup.no-key", "A segment holds records whose keys are nowhere.", kind="missing",
                         where={"segment": str(row["id"]), "keys": met}, next="custody vault check")  # fmt: skip


def _wanted(desk: Desk, files: Files, row: Row) -> Iterator[bytes]:
    """The key ids of a segment that must be somewhere: all of one that this vault wrote.

    One that was received came whole, with the records of whoever was not handed over: of it, those of records that the rows name.
    """
    if row["origin"] == row["vault"]:
        return key_ids_of(files, segment_name(row))
    with desk.store.read() as tx:
        rows = (
            tx.columns(table, ("position",), vault=row["vault"], segment=row["id"]) for table in ("record", "revision")
        )
        named = np.unique(np.fromiter((cast("int", at) for (at,) in chain.from_iterable(rows)), np.uint64))
    return key_ids_of(files, segment_name(row), map(int, named))


def _prune(desk: Desk, files: Files, made: Made) -> None:
    """What this backup replaces, keys of vaults that the store does not know, and segments that neither its facts name nor the store by now."""
    with desk.store.read() as tx:
        named = made.named | {segment_name(row) for row in tx.find("segment")}
        vaults = {str(row["id"]) for row in tx.find("vault")}
    for name in files.list("keys"):
        if name.split("/")[1] not in vaults:  # it was lost with a store: its segments go too, and nothing renews these
            files.remove(name)
    for name in files.list("facts"):
        if name < facts_name(made.facts):
            files.remove(name)
    for vault, told in made.vaults.items():
        about = cast("dict[str, int]", told)
        newest = keys_name(vault, about["g"], about["position"])
        for name in files.list(f"keys/{vault}"):
            if name < newest and name.startswith(f"keys/{vault}/{about['g']:020d}-"):
                files.remove(name)
    for name in files.list("segments"):
        if name not in named:
            files.remove(name)


def _hash(files: Files, name: str) -> str:
    with files.path(name).open("rb") as source:
        return copy(source, None)
