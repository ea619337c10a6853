"""What must hold after every prefix of a history, seen with an attacker's eyes: nothing resurrected, nothing lost.

The attic keeps, for each root, every key that any copy made under it holds: the store at each moment and each key
backup ever written. Whoever has all copies and the roots that are live now can open just these.
"""

from collections import defaultdict

from custody.acts.key_backup import key_ids, read_keys
from custody.acts.reading import Reader
from custody.acts.survey import survey, survey_books
from custody.acts.vaults import open_keyring, pages
from custody.base import canonical, ids
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.vault import backup
from custody.vault.backup import Kind, Named
from custody.vault.page import live, open_page, slot
from custody.vault.payload import unpack
from custody.vault.record import open_record
from tests.vault.histories.world import PLACES, World


class Wrong(AssertionError):
    """A guarantee does not hold."""


class Judge:
    """Looks at one world after each step."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._attic: dict[str, set[bytes]] = defaultdict(set)
        self._tokens: dict[bytes, set[str]] = defaultdict(set)
        self._seen: set[tuple[str, int]] = set()
        self._final: set[bytes] = set()
        self._versions: dict[tuple[str, int, int, int], bytes] = {}

    def look(self, dead: set[str]) -> dict[tuple[bytes, int], str]:
        """{(subject, record): what it says} of the store now. `dead` may be said by nothing. Raises Wrong."""
        world = self._world
        weather, world.weather.out, world.weather.fuse = set(world.weather.out), set(), None
        try:
            with world.desk.store.read() as tx:
                ring = open_keyring(world.desk, tx, world.vault)
                keys = {slots.key_id(number): slot(slots, number) for page in pages(tx, world.vault)
                        for slots in [open_page(page, ring.key, ring.generation)] for number in live(slots)}  # fmt: skip
                kept = canonical.decode(tx.find("vault", id=world.vault)[0]["keyring"])
                now = stamp(world.clock.now())
                erased = tx.find("erasure", vault=world.vault)
                self._final |= {row["key_id"] for row in erased if row["final_at"] and row["final_at"] <= now}
                self._learn(keys)
                self._attic[kept["ref"]] |= set(keys)
                self._require_one_past(kept["key"], tx)
                self._backups()
                self._require_dead(set(keys), dead)
                looked = survey(tx, ring, world.desk.files)
                survey_books(tx, ring, world.desk.files, world.party, looked)
                self._require_whole(looked)
                reader = Reader(world.desk, tx, world.vault)
                found = {(row["subject"], row["record"]): unpack(reader.open(row))[1][0]
                         for row in tx.find("record", vault=world.vault)}  # fmt: skip
                reader.close()
                return found
        finally:
            world.weather.out = weather

    def _learn(self, keys: dict[bytes, bytes]) -> None:
        """What each key says: every frame of every segment anywhere, while its key is to be had."""
        origin = ids.id_bytes(self._world.vault)
        for path in [
            *self._world.home.rglob("*.seg"),
            *(one for p in PLACES for one in (self._world.root / p).rglob("*.seg")),
        ]:
            mark = (path.name, path.stat().st_size)
            if mark in self._seen:
                continue
            data, place, whole = path.read_bytes(), 41, True
            while place < len(data) - 44:
                length = int.from_bytes(data[place : place + 4])
                sealed = data[place + 4 : place + 4 + length]
                dek = keys.get(sealed[32:48])
                if dek is None:
                    whole = False
                else:
                    self._tokens[sealed[32:48]].add(unpack(open_record(origin, dek, sealed)[1])[1][0])
                place += 4 + length
            if whole:
                self._seen.add(mark)

    def _backups(self) -> None:
        """Every key backup that is there now goes into the attic, under the root that it was made under."""
        world = self._world
        for path in [one for place in PLACES for one in (world.root / place / "keys" / world.vault).rglob("*.cvbk")]:
            mark = (str(path.relative_to(world.root)), path.stat().st_mtime_ns)
            if mark in self._seen:
                continue
            self._seen.add(mark)
            named = Named(Kind.KEYS, ids.id_bytes(world.vault), int(path.stem.split("-")[1]))
            with path.open("rb") as source:
                lead, held = read_keys(backup.read(source, b"k" * 32, named), world.vault)
                pages_there = [one.page for one in held]
            if world.provider.state(lead.ref) == "live":
                try:
                    opened = world.provider.unwrap(lead.ref, lead.wrapped)
                except Broken:  # sheets put another root where this one was lost
                    continue
                self._attic[lead.ref].update(*(key_ids(page, opened, lead.head.generation) for page in pages_there))

    def _require_dead(self, keys: set[bytes], dead: set[str]) -> None:
        said = {token for one in keys for token in self._tokens[one]}
        if said & dead:
            raise Wrong(f"resurrected in the store: {sorted(said & dead)[:3]}")
        for ref, held in self._attic.items():
            # One that is ordered to go can come back until it is gone.
            if self._world.provider.state(ref) != "gone" and held & self._final:
                raise Wrong(f"called final, and a copy under root {ref[-3:]} opens {len(held & self._final)} keys")

    def _require_one_past(self, key: str, tx) -> None:
        """Under one keyring key a page has each of its versions once: after a restore another begins, before the first write."""
        for page in pages(tx, self._world.vault):
            mark = (key, page.place.compartment, page.place.page, page.place.version)
            if self._versions.setdefault(mark, page.sealed) != page.sealed:
                raise Wrong("two pages of one version under one keyring key")

    def _require_whole(self, found) -> None:
        bad = [one for one in found.faults if one.kind in found.wrong()]
        if bad:
            raise Wrong(f"the store does not agree with itself: {bad[:3]}")
