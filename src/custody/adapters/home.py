"""An installation: one home directory on one host (docs/architecture.md §5). `custody.toml` sets it up and holds no secret."""

import json
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from custody.acts.residency import require_same, require_stays
from custody.adapters.begun import begun_roots
from custody.adapters.files.bucket_url import bucket
from custody.adapters.files.local import ASIDE, LocalFiles, sync_folder
from custody.adapters.files.routed import RoutedFiles
from custody.adapters.files.s3 import S3Files
from custody.adapters.finder.postgres import PostgresFinder
from custody.adapters.finder.sqlite import SqliteFinder
from custody.adapters.keys.configured import SECTIONS, USED, KeySettings, settings, with_keys
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.adapters.keys.routed import RoutedKeys
from custody.adapters.outside import FolderOutside
from custody.adapters.regions import Regions, named
from custody.adapters.served import settling
from custody.adapters.spill.sqlite import SqliteSpills
from custody.adapters.stores.engines import ENGINES
from custody.adapters.stores.places import Place, place
from custody.adapters.stores.postgres import PostgresDatabase
from custody.adapters.stores.sql import SqlStore
from custody.base.clock import parse, stamp
from custody.base.errors import Broken, CustodyError, Malformed, Missing
from custody.base.signing import Signer
from custody.ports.files import Files
from custody.ports.finder import Finder
from custody.ports.host import PARTY_KEY
from custody.ports.spill import Spills
from custody.ports.store import Store

ROOTS: Final = "keys/roots"
MIRROR: Final = "mirror"
INDEX: Final = "index"
CONFIG: Final = "custody.toml"
DUE: Final[Mapping[str, int]] = {
    "backup": 24,
    "renewal": 24,
    "rotation": 24,
    "retention": 24,
    "recalls": 24,
    "check": 168,
    "compaction": 168,
    "index": 720,
    "recovery": 24,
    "drill": 24,
    "destroys": 24,
    "freshness": 720,
    "corrections": 24,
    "confirmations": 168,
    "work": 24,
    "locks": 24,
    "copies": 24,
    "unfinished": 24,
}
_REGION: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_KEYS: Final = frozenset(
    (
        "v",
        "party",
        "region",
        "rehearsal",
        "store",
        "store_password_file",
        "host_passphrase_file",
        "mirror",
        "escrow",
        "due",
        "segments",
        "regions",
        USED,
        *SECTIONS,
    )
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where things are and what kind of installation this is."""

    root: Path
    party: str
    region: str
    rehearsal: bool
    store: str
    host_passphrase_file: Path
    mirror: Path | None = None
    escrow: tuple[Path, ...] = ()
    store_password_file: Path | None = None
    segments: str = ""
    regions: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, int] = field(default_factory=lambda: dict(DUE))
    keys: KeySettings = field(default_factory=KeySettings)

    @property
    def aside(self) -> Path:
        """Where the home keeps what it needs for as long as an act takes."""
        return self.root / ASIDE

    @property
    def rotation(self) -> timedelta | None:
        """How often `custody due` changes a root for what waits to be final; None when it never does."""
        return timedelta(hours=self.due["rotation"]) or None

    @property
    def outside(self) -> FolderOutside:
        """Mirror, escrow store, backups: the mirror lies in the home until custody.toml gives it a disk of its own."""
        mirror = self.mirror or self.root / MIRROR
        return FolderOutside(
            self.root, self.store, mirror, self.escrow, self.places, partial(require_stays, self.region)
        )

    @property
    def places(self) -> Regions:
        """Where places lie, as custody.toml declares it."""
        declared = {one if "://" in one else str(self.root / one): said for one, said in self.regions.items()}
        return Regions(self.region, declared)

    @property
    def files(self) -> Files:
        """The home as a folder, and the bucket where its segments lie, if they do."""
        own = LocalFiles(self.root)
        if not self.segments:
            return own
        there = S3Files(bucket(self.segments, self.aside / "segments"))
        return RoutedFiles(own, there, lambda: require_same(self.region, self.places.of(self.segments)))

    def host_passphrase(self) -> bytes:
        """What unlocks the party's signing key and the root provider on this host."""
        return read_passphrase(self.host_passphrase_file)

    def open_store(self, url: str = "") -> SqlStore:
        """The core store, or the one at `url` that its place keeps beside it."""
        return SqlStore(url or self.store, self._store_password(), self._may_keep)

    def open_beside(self) -> SqlStore:
        """The store to restore into: what an earlier attempt left, when that opens, else a fresh one."""
        at = self.store_place()
        try:
            return self.open_store(at.beside())
        except CustodyError:
            return self.open_store(at.fresh())

    @contextmanager
    def beside(self) -> Iterator[tuple[SqlStore, Files, int]]:
        """An empty store and folder that go when the block ends, and how many bytes are free there: to rehearse a restore in."""
        above = self.aside / "drill"
        shutil.rmtree(above, ignore_errors=True)  # what a drill that was cut off left
        above.mkdir(parents=True, mode=0o700)
        try:
            with closing(self.open_store(_own_file(above))) as store:
                yield store, LocalFiles(above), shutil.disk_usage(above).free
        finally:
            ENGINES.forget(_own_file(above))
            shutil.rmtree(above, ignore_errors=True)

    def finder(self, store: Store) -> Finder:
        """Where the blind index lies: beside a store that is a file in files, beside one on a server in its database."""
        at = store.database if isinstance(store, SqlStore) else None
        return (
            PostgresFinder(at, self._may_keep) if isinstance(at, PostgresDatabase) else SqliteFinder(self.root / INDEX)
        )

    def _may_keep(self) -> None:
        """People's rows and tags may be added to the store. Raises Refused `residency.*`."""
        require_stays(self.region, named(self.store), self.places.of_own(self.store, self.root))

    def spills(self) -> Spills:
        """Where an act puts aside what memory does not hold."""
        return SqliteSpills(self.aside)

    def store_place(self) -> Place:
        """Where the core store lies."""
        return place(self.store, self._store_password())

    def _store_password(self) -> bytes | None:
        return read_passphrase(self.store_password_file) if self.store_password_file else None

    def provider(self) -> RoutedKeys:
        """The root providers of this home: the one in use, and those where older roots lie."""
        return self.keys.routed(self.root, lambda: self.roots(self.host_passphrase()), read_passphrase)

    def roots(self, passphrase: bytes) -> PassphraseProvider:
        """The roots that lie in files of this home."""
        return PassphraseProvider(self.root / ROOTS, passphrase, begun_roots(self.root, ROOTS))

    def simulated_now(self) -> datetime:
        """Where the simulated clock of a rehearsal stands."""
        return parse(self.files.read("clock").decode())

    def set_simulated(self, instant: datetime) -> None:
        """Move the simulated clock; a real home has none. Raises Malformed `clock.real`."""
        if not self.rehearsal:
            raise Malformed("clock.real", "This home runs on the real clock.", next="Rehearse in a home of its own.")
        if self.root.joinpath("clock").exists() and instant < self.simulated_now():
            return
        self.files.write("clock", stamp(instant).encode())


def aside_at(root: Path) -> Path | None:
    """The same of a home that may not be there, or may not be written to: None then."""
    return root / ASIDE if (root / CONFIG).is_file() and os.access(root, os.W_OK) else None


def find(flag: Path | None) -> Path:
    """The home to use: flag, CUSTODY_HOME, the nearest parent with custody.toml, the user's data folder."""
    if flag is not None:
        return flag
    if named := os.environ.get("CUSTODY_HOME"):
        return Path(named)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / CONFIG).is_file():
            return folder
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "custody"


def load(root: Path) -> Home:
    """Read `custody.toml`. Raises Missing `home.missing`, Malformed `home.config`."""
    path = root / CONFIG
    if not path.is_file():
        raise Missing("home.missing", "There is no custody home here.", next="Make one with: custody init")
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed("home.config", "custody.toml is not TOML.", where={"file": CONFIG}) from error
    if value.get("v", 1) != 1:
        raise Malformed("home.config", "custody.toml is of another version than 1.", where={"file": CONFIG})
    unknown = sorted(set(value) - _KEYS)
    if unknown:
        raise Malformed("home.config", f"custody.toml has an unknown key: {unknown[0]}.", where={"file": CONFIG})
    store = os.environ.get("CUSTODY_STORE") or value.get("store") or _own_file(root)
    password = os.environ.get("CUSTODY_STORE_PASSWORD_FILE") or value.get("store_password_file")
    secret = Path(value.get("host_passphrase_file", "keys/host.pass"))
    mirror, escrow = value.get("mirror"), tuple(root / str(one) for one in value.get("escrow", ()))
    return Home(root, value["party"], value["region"], bool(value.get("rehearsal")), store, root / secret,
                root / str(mirror) if mirror else None, escrow, root / str(password) if password else None,
                segments=str(value.get("segments", "")), regions=_regions(value.get("regions", {})), due=_due(value.get("due", {})), keys=settings(value))  # fmt: skip


def _regions(told: object) -> dict[str, str]:
    """{folder or s3://BUCKET/PREFIX: region}. Raises Malformed `home.config`."""
    if not isinstance(told, dict) or not all(isinstance(one, str) and _REGION.fullmatch(one) for one in told.values()):
        raise Malformed("home.config", 'regions in custody.toml says where places lie: regions = { "PLACE" = "CN" }.',
                        where={"file": CONFIG})  # fmt: skip
    return {str(place): str(said) for place, said in told.items()}


@dataclass(frozen=True, slots=True)
class StoreAt:
    """Where a new home keeps its core store: a URL ('' for a file of its own), and the file with the password."""

    url: str = ""
    password_file: Path | None = None

    @classmethod
    def told(cls, url: str | None, password_file: Path | None) -> "StoreAt":
        """By flag, else by environment."""
        named = os.environ.get("CUSTODY_STORE_PASSWORD_FILE")
        where = password_file or (Path(named) if named else None)
        return cls(url or os.environ.get("CUSTODY_STORE") or "", where.resolve() if where else None)


def create(root: Path, *, party: str, region: str, rehearsal: bool, store: StoreAt, keys: KeySettings) -> Home:
    """Lay out a new home. Its configuration is written last, so a half-made home is made again, not used."""
    files = LocalFiles(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / "keys").mkdir(mode=0o700, exist_ok=True)
    (root / "keys").chmod(0o700)
    secret = root / "keys" / "host.pass"
    if not secret.exists():
        files.write("keys/host.pass", secrets.token_urlsafe(32).encode() + b"\n", secret=True)
    return Home(
        root,
        party,
        region,
        rehearsal,
        store.url or _own_file(root),
        secret,
        store_password_file=store.password_file,
        keys=keys,
    )


def _due(told: object) -> dict[str, int]:
    """How often each task runs, in hours; 0 is never. Raises Malformed `home.config`."""
    if (
        not isinstance(told, dict)
        or set(told) - set(DUE)
        or any(type(one) is not int or one < 0 for one in told.values())
    ):
        raise Malformed(
            "home.config", f"[due] in custody.toml gives hours for: {', '.join(DUE)}.", where={"file": CONFIG}
        )
    return {**DUE, **told}


def _own_file(root: Path) -> str:
    return f"sqlite:///{root / 'core.db'}"


def publish(home: Home) -> None:
    """Write `custody.toml`: from here on the home exists. One that is there is people's and stays as it is."""
    if (home.root / CONFIG).is_file():
        return
    lines = ["v = 1", f"party = {_text(home.party)}", f"region = {_text(home.region)}"]
    lines.append(f"rehearsal = {'true' if home.rehearsal else 'false'}")
    lines.append('host_passphrase_file = "keys/host.pass"')
    if home.store != _own_file(home.root):
        lines.append(f"store = {_text(home.store)}")
    if home.store_password_file:
        lines.append(f"store_password_file = {_text(str(home.store_password_file))}")
    text = "\n".join(lines) + "\n"
    section = home.keys.sections.get(home.keys.used, {})
    home.files.write(CONFIG, (text if not section else with_keys(text, home.keys.used, section)).encode())


@dataclass(frozen=True, slots=True)
class HomeHost:
    """See `ports.host.Host`.

    The new passphrase is durable before anything stands under it, and takes the old one's name after everything does;
    whatever opens the home in between finishes the change first (`settle`).
    """

    home: Home

    def renew(self) -> RoutedKeys:
        path = _next(self.home)
        if not path.exists():
            _keep_secret(path, secrets.token_urlsafe(32).encode() + b"\n")
        settle(self.home)
        return self.home.provider()

    def keys(self, provider: str, section: Mapping[str, str | int]) -> RoutedKeys:
        return replace(self.home, keys=settings(tomllib.loads(with_keys(self._config(), provider, section)))).provider()

    def use_keys(self, provider: str, section: Mapping[str, str | int]) -> None:
        self.home.files.write(CONFIG, with_keys(self._config(), provider, section).encode())

    def _config(self) -> str:
        return self.home.files.read(CONFIG).decode()


def settle(home: Home) -> None:
    """Finish a change of the host passphrase that a crash left half done; nothing to finish costs one look."""
    with settling(home.root, path := _next(home)) as left:
        if not left:
            return
        old, new = home.host_passphrase(), read_passphrase(path)
        blob = home.files.read(PARTY_KEY)
        try:
            Signer.open_private(blob, new)
        except Broken:
            home.files.write(PARTY_KEY, Signer.open_private(blob, old).seal_private(new), secret=True)
        home.roots(old).reseal(new)
        path.replace(home.host_passphrase_file)
        sync_folder(path.parent)


def _next(home: Home) -> Path:
    return home.host_passphrase_file.with_name(home.host_passphrase_file.name + ".next")


def _keep_secret(path: Path, data: bytes) -> None:
    LocalFiles(path.parent).write(path.name, data, secret=True)


def read_passphrase(path: Path) -> bytes:
    """The first line of a file that only its owner may read. Raises Missing, Malformed `home.passphrase`."""
    try:
        mode, text = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise Missing("home.passphrase", "The passphrase file cannot be read.", next="Check its path and rights.") from error  # fmt: skip
    if mode & 0o077:
        raise Malformed("home.passphrase", "Others may read the passphrase file.", next="chmod 600 on that file.")
    if not text.strip():
        raise Malformed(
            "home.passphrase", "The passphrase file is empty.", next="Write the passphrase on its first line."
        )
    return text.splitlines()[0]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
