"""The data map in the Data Privacy Vocabulary, as JSON-LD: one process per activity."""

from collections.abc import Mapping
from typing import Final

from custody.base.canonical import Json
from custody.model.datamap import DataMap
from custody.privacy.activities import Activity, activities
from custody.privacy.vocabularies import known, word

_CONTEXT: Final[dict[str, Json]] = {
    "dpv": "https://w3id.org/dpv#", "pd": "https://w3id.org/dpv/pd#", "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip


def dpv(datamap: DataMap, digest: str, words: Mapping[str, tuple[str, str]], controller: str = "") -> dict[str, Json]:
    """A JSON-LD document; `words` names the classes, `digest` the map it was made from."""
    base = f"urn:{digest}"
    graph: list[Json] = [_process(f"{base}#activity-{place}", one, words) for place, one in enumerate(activities(datamap), 1)]  # fmt: skip
    top: dict[str, Json] = {"@id": base, "@type": "dpv:Process", "dct:title": "Data map", "dpv:hasProcess": [{"@id": one["@id"]} for one in graph if isinstance(one, dict)]}  # fmt: skip
    if controller:
        top["dpv:hasDataController"] = {"@type": "dpv:DataController", "dpv:hasName": controller}
    return {"@context": _CONTEXT, "@graph": [top, *graph]}


def _process(name: str, one: Activity, words: Mapping[str, tuple[str, str]]) -> dict[str, Json]:
    made: dict[str, Json] = {
        "@id": name, "@type": "dpv:Process",
        "dct:title": _both(f"{word('kind', one.kind, 'zh')}：{'、'.join(word('purpose', p, 'zh') for p in one.purposes)}",
                           f"{word('kind', one.kind, 'en')}: {', '.join(word('purpose', p, 'en') for p in one.purposes)}"),
        "dct:source": list(one.tables),
        "dpv:hasPersonalData": [_data(cls, one, words) for cls in one.classes],
        "dpv:hasPurpose": [{"@id": known("purpose", purpose, "dpv")} for purpose in one.purposes],
        "dpv:hasDataSubject": {"@id": known("kind", one.kind, "dpv") or "dpv:DataSubject"},
        "dpv:hasProcessing": {"@id": "dpv:Store"},
        "dpv:hasTechnicalOrganisationalMeasure": {"@id": "dpv:EncryptionAtRest"},
    }  # fmt: skip
    if basis := known("basis", one.basis, "dpv"):
        made["dpv:hasLegalBasis"] = {"@id": basis}
    if one.retention:
        told = _both(word("retention", one.retention, "zh"), word("retention", one.retention, "en"))
        made["dpv:hasStorageCondition"] = {"@type": "dpv:StorageDuration", "rdfs:label": told}
    return made


def _data(cls: str, one: Activity, words: Mapping[str, tuple[str, str]]) -> Json:
    sensitive = any(column.tier == "sensitive" for _, column in one.columns if column.cls == cls)
    kinds = dict.fromkeys(
        [known("class", cls, "dpv") or "dpv:PersonalData", *(["dpv:SensitivePersonalData"] if sensitive else [])]
    )
    columns = [f"{table.name}.{column.name}" for table, column in one.columns if column.cls == cls]
    return {"@type": list[Json](kinds), "rdfs:label": _both(*words[cls]), "dct:source": list[Json](columns)}


def _both(zh: str, en: str) -> Json:
    return [{"@value": zh, "@language": "zh"}, {"@value": en, "@language": "en"}]
