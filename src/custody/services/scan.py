"""Connect and classify: read every table once, propose the data map, keep nothing of the values (A2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from custody.acts.comments import weave
from custody.acts.masking import shape
from custody.acts.rejections import Rejections, batches
from custody.acts.rescan import carry, changes
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.classify import columns, roles
from custody.classify.conventions import follow
from custody.classify.datamap import from_yaml, propose, to_yaml
from custody.classify.profile import ColumnProfile, Profiler, TableProfile
from custody.model.datamap import DataMap, TableMap
from custody.ports.source import Quarantined, Source, SourceOpener, TableHead


@dataclass(frozen=True, slots=True)
class Scanned:
    """The proposed map, the public result, and what a report may show beside it."""

    datamap: DataMap
    result: Mapping[str, Json]
    shown: Mapping[str, Json]


def scan(opener: SourceOpener, targets: Sequence[str], before: str = "") -> Scanned:
    """Scan files, folders and databases. Rows of a table = rows met, quarantined ones among them.

    `before` is the data map of an earlier scan: what people decided in it stays where its reason stays, and the result
    says what changed.
    """
    old = from_yaml(before) if before else None
    met = Rejections()
    profiles: list[TableProfile] = []
    heads: dict[str, TableHead] = {}
    for target in targets:
        found = opener.open(target, met.take)
        for opened in found:
            with closing(opened) as source:
                for head in source.heads():
                    _once(head, heads)
                    if (profile := _profile(source, head, met, alone=len(found) == 1)) is not None:
                        heads[head.name] = head
                        profiles.append(profile)
    findings = [follow(one) for one in columns.classify(profiles)]
    datamap = propose(heads, findings, roles.propose(profiles, findings), met.by_table)
    datamap = replace(datamap, notes=(*datamap.notes, *_unseen(met)))
    if old is not None:
        datamap = carry(old, datamap)
    result = _result(datamap, met) | ({"compared": True, "changes": _changes(old, datamap)} if old else {})
    return Scanned(datamap, result, {**result, "tables": [_shown(one, profiles) for one in datamap.tables]})


def map_text(datamap: DataMap, before: str = "") -> str:
    """The map as the file people review, with the comments they left in the one before."""
    return weave(before, to_yaml(datamap)) if before else to_yaml(datamap)


def _changes(old: DataMap, new: DataMap) -> list[Json]:
    return [
        {"table": one.table, "column": one.column, "what": one.what, "before": one.before, "after": one.after}
        for one in changes(old, new)
    ]


def _profile(source: Source, head: TableHead, met: Rejections, *, alone: bool) -> TableProfile | None:
    """The table's profile; None for one that proved damaged: half a table is none, and it is told."""
    profiler, told = Profiler(head), len(met.skipped)
    for batch in batches(source, head, met.take, alone=alone):
        profiler.update(batch)
    return profiler.finish() if len(met.skipped) == told else None


def _once(head: TableHead, heads: Mapping[str, TableHead]) -> None:
    if head.name in heads:
        raise Malformed(
            "source.table-twice", "Two sources have a table of the same name.", where={"table": head.name},
            next="Scan the folder that holds both, or rename one file.",
        )  # fmt: skip


def _result(datamap: DataMap, met: Rejections) -> dict[str, Json]:
    tables: list[Json] = []
    for table in datamap.tables:
        found: list[Json] = [
            {"name": one.name, "class": one.cls, "level": one.level, "confidence": one.confidence}
            for one in table.columns
        ]
        bad = met.by_table[table.name]
        entry: dict[str, Json] = {"name": table.name, "rows": table.rows + bad, "quarantined": bad, "role": table.role}
        paths: list[Json] = [
            [{"column": hop.column, "table": hop.table, "key": hop.key} for hop in path] for path in table.paths
        ]
        entry |= {
            "kind": table.kind,
            "subject_key": table.subject_key,
            "repeats": table.repeats == "yes",
            "paths": paths,
        }
        tables.append({**entry, "columns": found})
    reasons: dict[str, Json] = dict(met.by_reason)
    return {
        "tables": tables,
        "skipped": [_skipped(one) for one in met.skipped],
        "quarantine": reasons,
        "rejected": [_rejected(one) for one in met.rows],
    }


def _shown(table: TableMap, profiles: Sequence[TableProfile]) -> Json:
    """A table for the report: what was decided and why, and what values look like, masked."""
    profile = next(one for one in profiles if one.head.name == table.name)
    by_name = {one.name: one for one in profile.columns}
    paths: list[Json] = [[[hop.column, hop.table, hop.key] for hop in path] for path in table.paths]
    columns: list[Json] = [
        {
            "name": one.name, "class": one.cls, "level": one.level, "tier": one.tier, "confidence": one.confidence,
            "confirmed_by": one.confirmed_by, "why": list(one.why), "filled": by_name[one.name].filled,
            "examples": _examples(by_name[one.name]),
        }
        for one in table.columns
    ]  # fmt: skip
    dialect: dict[str, Json] = dict(table.dialect)
    return {
        "name": table.name, "file": table.file, "media": table.media, "encoding": table.encoding, "dialect": dialect,
        "role": table.role, "kind": table.kind, "rows": table.rows + table.quarantined, "quarantined": table.quarantined,
        "subject_key": table.subject_key, "repeats": table.repeats == "yes", "paths": paths, "columns": columns,
    }  # fmt: skip


def _examples(column: ColumnProfile) -> list[Json]:
    shapes = Counter(shape(value) for value in column.sample)
    return [one for one, _ in shapes.most_common(2)]


def _unseen(met: Rejections) -> list[str]:
    """What was not looked at stands in the map itself, so that whoever signs it signs that too."""
    return [
        f"not looked at: {one.file} ({one.table}): {one.reason}" for one in met.skipped if one.reason != "file.system"
    ]


def _skipped(one: Quarantined) -> Json:
    return {"file": one.file, "table": one.table, "reason": one.reason, "detail": one.detail}


def _rejected(one: Quarantined) -> Json:
    return {"file": one.file, "table": one.table, "line": one.line, "row": one.row, "reason": one.reason, "detail": one.detail}  # fmt: skip
