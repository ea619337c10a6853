"""Connect and classify: read every table once, propose the data map, keep nothing of the values (A2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from custody.base.canonical import Json
from custody.classify import columns, roles
from custody.classify.datamap import propose, to_yaml
from custody.classify.profile import Profiler, TableProfile
from custody.model.datamap import DataMap
from custody.ports.source import Quarantined, SourceOpener, TableHead


@dataclass(frozen=True, slots=True)
class Scanned:
    """The proposed map, the public result, and what went to quarantine."""

    datamap: DataMap
    result: Mapping[str, Json]
    quarantined: tuple[Quarantined, ...]


def scan(opener: SourceOpener, targets: Sequence[str]) -> Scanned:
    """Scan files, folders and databases. Rows of a table = rows met, quarantined ones among them."""
    rejected: list[Quarantined] = []
    profiles: list[TableProfile] = []
    heads: dict[str, TableHead] = {}
    for target in targets:
        for source in opener.open(target, rejected.append):
            for head in source.heads():
                profiler = Profiler(head)
                for batch in source.read(head.name, rejected.append):
                    profiler.update(batch)
                heads[head.name] = head
                profiles.append(profiler.finish())
            source.close()
    findings = columns.classify(profiles)
    counts = Counter(one.table for one in rejected if one.row is not None)
    datamap = propose(heads, findings, roles.propose(profiles, findings), counts)
    return Scanned(datamap, _result(datamap, rejected), tuple(rejected))


def _result(datamap: DataMap, rejected: Sequence[Quarantined]) -> Mapping[str, Json]:
    counts = Counter(one.table for one in rejected if one.row is not None)
    tables: list[Json] = []
    for table in datamap.tables:
        found: list[Json] = [
            {"name": one.name, "class": one.cls, "level": one.level, "confidence": one.confidence}
            for one in table.columns
        ]
        bad = counts[table.name]
        entry: dict[str, Json] = {"name": table.name, "rows": table.rows + bad, "quarantined": bad, "role": table.role}
        tables.append({**entry, "kind": table.kind, "columns": found})
    skipped: list[Json] = [{"file": one.file, "reason": one.reason} for one in rejected if one.row is None]
    reasons: dict[str, Json] = dict(Counter(one.reason for one in rejected))
    return {"tables": tables, "not_read": skipped, "quarantine": reasons}


def map_text(datamap: DataMap) -> str:
    """The map as the file people review."""
    return to_yaml(datamap)
