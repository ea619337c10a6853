"""The outside under a weather: provider, mirror, files and store that work until they are out or the process dies."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from custody.adapters.simulated.weather import Weather
from custody.ports.files import Files
from custody.ports.keys import Destroyed, KeyProvider, RootState, Terms
from custody.ports.mirror import Mirror
from custody.ports.store import Store, Transaction


class WeatherKeys:
    """A key provider that can be out. See `ports.keys.KeyProvider`."""

    def __init__(self, inner: KeyProvider, weather: Weather) -> None:
        self._inner, self._weather = inner, weather

    def terms(self, ref: str = "") -> Terms:
        return self._inner.terms(ref)

    def find(self, vault: str, generation: int) -> Sequence[str]:
        self._weather.before("provider")
        return self._inner.find(vault, generation)

    def create(self, vault: str, generation: int) -> str:
        with _effect(self._weather, "provider"):
            return self._inner.create(vault, generation)

    def set_aside(self, ref: str) -> None:
        with _effect(self._weather, "provider"):
            self._inner.set_aside(ref)

    def unopened(self, label: str = "") -> Sequence[str]:
        return self._inner.unopened(label)

    def wrap(self, ref: str, key: bytes) -> bytes:
        self._weather.before("provider")
        return self._inner.wrap(ref, key)

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        self._weather.before("provider")
        return self._inner.unwrap(ref, blob)

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        with _effect(self._weather, "provider"):
            return self._inner.destroy(ref, now)

    def state(self, ref: str) -> RootState:
        self._weather.before("provider")
        return self._inner.state(ref)


class WeatherMirror:
    """A mirror that can be out. See `ports.mirror.Mirror`."""

    def __init__(self, inner: Mirror, weather: Weather) -> None:
        self._inner, self._weather = inner, weather

    def newest(self, space: str) -> tuple[int, bytes] | None:
        self._weather.before("mirror")
        return self._inner.newest(space)

    def append(self, space: str, first: int, entries: Sequence[bytes]) -> None:
        with _effect(self._weather, "mirror"):
            self._inner.append(space, first, entries)

    def read(self, space: str, first: int = 0) -> Iterator[bytes]:
        self._weather.before("mirror")
        return self._inner.read(space, first)

    def mend(
        self, space: str, entries: Callable[[int], Iterator[bytes]], *,
        rest: bool = False, anew: bool = False, require: Callable[[Iterator[bytes]], None] | None = None,
    ) -> None:  # fmt: skip
        with _effect(self._weather, "mirror"):
            self._inner.mend(space, entries, rest=rest, anew=anew, require=require)


class WeatherFiles:
    """Files that can be out, as the party they are. See `ports.files.Files`."""

    def __init__(self, inner: Files, weather: Weather, party: str) -> None:
        self._inner, self._weather, self._party = inner, weather, party

    def path(self, name: str) -> Path:
        self._weather.before(self._party)
        return self._inner.path(name)

    def read(self, name: str) -> bytes:
        self._weather.before(self._party)
        return self._inner.read(name)

    def open(self, name: str) -> BinaryIO:
        self._weather.before(self._party)
        return self._inner.open(name)

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        self._weather.before(self._party)
        with self._inner.local(name) as path:
            yield path

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:
        with _effect(self._weather, self._party):
            self._inner.write(name, data, secret=secret)

    @contextmanager
    def writer(self, name: str) -> Iterator[BinaryIO]:
        with _effect(self._weather, self._party), self._inner.writer(name) as target:
            yield target

    def list(self, prefix: str = "") -> Sequence[str]:
        self._weather.before(self._party)
        return self._inner.list(prefix)

    def remove(self, name: str) -> None:
        with _effect(self._weather, self._party):
            self._inner.remove(name)

    def sweep(self, age: timedelta) -> int:
        with _effect(self._weather, self._party):
            return self._inner.sweep(age)


class WeatherStore:
    """A store whose process may die before a commit or just after it. See `ports.store.Store`."""

    def __init__(self, inner: Store, weather: Weather) -> None:
        self._inner, self._weather = inner, weather

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._inner.write() as tx:
            yield tx
            self._weather.moment()
        self._weather.moment()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with self._inner.read() as tx:
            yield tx

    def alone(self, name: str) -> AbstractContextManager[None]:
        return self._inner.alone(name)

    def close(self) -> None:
        self._inner.close()


@contextmanager
def _effect(weather: Weather, party: str) -> Iterator[None]:
    weather.before(party)
    yield
    weather.moment()
