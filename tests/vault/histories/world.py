"""A home whose outside fails apart: provider, mirror and two places for backups under one weather; the store can be lost."""

import copy
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.residency import require_stays
from custody.acts.restoring import Blank
from custody.acts.vaults import Keyring, new_keyring, save_head
from custody.adapters.begun import Begun
from custody.adapters.files.local import LocalFiles
from custody.adapters.finder.postgres import PostgresFinder
from custody.adapters.finder.sqlite import SqliteFinder
from custody.adapters.keys.memory import MemoryProvider
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.adapters.mirror.local import LocalMirror
from custody.adapters.simulated.parties import WeatherFiles, WeatherKeys, WeatherMirror, WeatherStore
from custody.adapters.simulated.weather import Weather
from custody.adapters.sources.opener import FileOpener
from custody.adapters.spill.sqlite import SqliteSpills
from custody.adapters.stores.places import Place, place
from custody.adapters.stores.postgres import PostgresDatabase
from custody.adapters.stores.sql import SqlStore
from custody.base import canonical, ids
from custody.base.clock import SimulatedClock, stamp
from custody.base.signing import Signer
from custody.model.party import PartyCard, Principal
from custody.services.restore import restore_finish, restore_load
from custody.vault.keyring import Head

START = datetime(2026, 3, 16, tzinfo=UTC)
PLACES = ("a", "b")
ESCROWS = ("escrow", "escrow-b")
"""Those of the folders of the escrow store count that are there."""
NAME = "main"


class Outside:
    """See `ports.outside.Outside`: everything under the weather, the backup key in memory."""

    def __init__(self, root: Path, weather: Weather) -> None:
        self._root, self._weather, self.regions = root, weather, dict[str, str]()
        self.keys = [b"k" * 32]
        self.inner = LocalMirror(
            root / "mirror", lambda: self.may_write("mirror"), Begun(root / "home", "mirror", root / "mirror")
        )
        self.mirror = WeatherMirror(self.inner, weather)
        self.escrow = [
            WeatherFiles(LocalFiles(root / name), weather, name) for name in ESCROWS if (root / name).is_dir()
        ]

    def backup_key(self) -> bytes:
        return self.keys[0]

    def former_keys(self) -> Sequence[bytes]:
        return self.keys[1:]

    def keep_keys(self, keys: Sequence[bytes]) -> None:
        self.keys = list(keys)

    def prepare(self, place: str) -> None:
        (self._root / place).mkdir(exist_ok=True)

    def backup(self, place: str) -> WeatherFiles:
        self._weather.before(place)
        return WeatherFiles(LocalFiles(self._root / place), self._weather, place)

    def region(self, place: str) -> str:
        return self.regions.get(place, "CN")

    def unfinished(self, place: str, name: str) -> bool:
        return (Path(place) / f"{name}.part").exists()

    @property
    def own(self) -> dict[str, str]:
        return {
            name: self.region(name) for name in ("store", "mirror", *(str(self._root / place) for place in ESCROWS))
        }

    def may_write(self, name: str) -> None:
        """As a home asks of its own places."""
        require_stays("CN", name, self.region(name))

    def apart(self, place: str) -> bool:
        return bool(place)


@cache
def signer() -> Signer:
    """One identity for every world: making one takes longer than a history."""
    return Signer.generate()


class World:
    """One home and its surroundings, from a template so that a history begins at once."""

    def __init__(
        self,
        root: Path,
        template: "World | None" = None,
        *,
        lasting: bool = False,
        server: tuple[str, bytes] | None = None,
        suite: int = 1,
        weather: Weather | None = None,
    ) -> None:
        """`lasting` keeps the roots in files under a passphrase, so that they outlive the process.

        `suite` is what a vault without a template writes in. `server` is the URL and password of a PostgreSQL database for the store; with a template, of a copy of its database.
        """
        self.root, self.weather = root, weather or Weather()
        self._url, self._secret = server or (f"sqlite:///{root.joinpath('home', 'core.db')}", None)
        self.clock = SimulatedClock(START if template is None else template.clock.now() + timedelta(hours=1))
        self.party = ids.new("pty") if template is None else template.party
        self.vault = ids.new("vlt") if template is None else template.vault
        self.provider = MemoryProvider() if template is None else copy.deepcopy(template.provider)
        if lasting:
            self.provider = PassphraseProvider(root / "roots", b"a passphrase")
        if template is not None:
            shutil.copytree(template.root, root, dirs_exist_ok=True)
        self.outside = Outside(root, self.weather)
        self.desk = self._desk()
        if template is None:
            self._found(suite)

    @property
    def home(self) -> Path:
        """Where the store and the segments are."""
        return self.root / "home"

    def close(self) -> None:
        """Let go of the store."""
        self.desk.store.close()

    def reopen(self) -> None:
        """The process died and another one begins."""
        self.close()
        self.desk = self._desk()

    @property
    def place(self) -> Place:
        """Where the store lies."""
        return place(self._url, self._secret)

    def lose(self) -> None:
        """Store and segments are gone; the outside stays."""
        self.close()
        shutil.rmtree(self.home)
        self.home.mkdir()
        if self._secret is not None:
            lose_schema(self._url, self._secret)

    def vacate(self) -> None:
        """Take away the empty store that opening made where there was none; what a restore left beside it stays."""
        self.close()
        if self._secret is not None:
            lose_schema(self._url, self._secret)
        for name in ("", "-wal", "-shm"):
            self.home.joinpath(f"core.db{name}").unlink(missing_ok=True)

    def restore(self, place: str, sheets: tuple[str, ...] = (), beyond: int | None = None) -> dict:
        """As the wiring does it: a store of its own takes the store's name when it is whole."""
        store = SqlStore(self.place.beside(), self._secret, self._may_keep)
        try:
            held = WeatherStore(store, self.weather)
            blank = Blank(self.party, held, self._files(), self.keys, self.outside, self.outside.backup(place))
            restore_load(blank, sheets, lambda _: self.clock, beyond)
        finally:
            store.close()
        self.place.take()
        self.desk = self._desk()
        return restore_finish(self.desk)

    @property
    def keys(self) -> WeatherKeys:
        """The provider under the weather."""
        return WeatherKeys(self.provider, self.weather)

    def _may_keep(self) -> None:
        self.outside.may_write("store")

    def _files(self) -> WeatherFiles:
        return WeatherFiles(LocalFiles(self.home), self.weather, "home")

    def _desk(self) -> Desk:
        self.home.mkdir(parents=True, exist_ok=True)
        made = signer()
        card = PartyCard(self.party, "青禾", "Qinghe", "", "CN", made.identity, "separate")
        person = Principal("prn_00000000000000000000000000", "suhe", frozenset(("owner", "privacy", "operator", "data")),
                           made.identity)  # fmt: skip
        store = SqlStore(self._url, self._secret, self._may_keep)
        at = store.database
        finder = (
            PostgresFinder(at, self._may_keep)
            if isinstance(at, PostgresDatabase)
            else SqliteFinder(self.home / "index")
        )
        return Desk(store=WeatherStore(store, self.weather), files=self._files(), clock=self.clock, keys=self.keys, sources=FileOpener(aside=self.home / "tmp"),
                    card=card, signer=made, principal=person, actor=made, rehearsal=True, outside=self.outside, finder=finder,
                    spills=SqliteSpills(self.home / "tmp"))  # fmt: skip

    def _found(self, suite: int) -> None:
        """An empty vault of two compartments, and what a restore wants to find."""
        with self.desk.store.write() as tx:
            key, kept = new_keyring(self.desk, self.vault, 1)
            tx.add("vault", [{"id": self.vault, "party": self.party, "name": NAME, "region": "CN", "suite": suite, "state": "open",
                              "generation": 1, "keyring": kept, "datamap": ""}])  # fmt: skip
            for number in (1, 2):
                told = canonical.encode({"columns": ["note"], "places": [0], "home": number == 1})
                tx.add("schema", [{"vault": self.vault, "number": number, "tbl": f"t{number}", "compartment": number,
                                   "columns": told}])  # fmt: skip
            head = save_head(tx, Keyring(self.vault, 1, key, Head(1, 0, b"", suite)))
            says = {"vault": self.vault, "head": head.root.hex(), "g": 1}
            append(tx, self.party, stamp(self.clock.now()), "sealed", says)


def lose_schema(url: str, secret: bytes) -> None:
    """The database is gone, as an operator's mistake or a dead disk takes it."""
    database = PostgresDatabase(url, secret)
    with database.engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(database.schema, cascade=True, if_exists=True))
    database.engine.dispose()
