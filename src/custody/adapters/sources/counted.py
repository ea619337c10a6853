"""Readers that tell how many rows have passed, for whoever waits; what they read is unchanged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from custody.model.source import Batch, Quarantined, Reading, TableHead
from custody.ports.source import Quarantine, Source, SourceOpener

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class CountedOpener:
    """See `ports.source.SourceOpener`."""

    inner: SourceOpener
    tell: Tell

    def open(self, target: str, quarantine: Quarantine, encodings: Mapping[str, str] | None = None) -> Sequence[Source]:
        return [CountedSource(one, self.tell) for one in self.inner.open(target, quarantine, encodings)]

    def texts(self, data: bytes) -> Mapping[str, str]:
        return self.inner.texts(data)

    def readings(self, target: str, file: str) -> Sequence[Reading]:
        return self.inner.readings(target, file)


@dataclass(frozen=True, slots=True)
class CountedSource:
    """See `ports.source.Source`."""

    inner: Source
    tell: Tell

    def heads(self) -> Sequence[TableHead]:
        return self.inner.heads()

    def skipped(self) -> Sequence[Quarantined]:
        return self.inner.skipped()

    def read(self, table: str, quarantine: Quarantine) -> Iterator[Batch]:
        for batch in self.inner.read(table, quarantine):
            self.tell(len(batch.rows))
            yield batch

    def close(self) -> None:
        self.inner.close()
