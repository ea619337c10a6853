"""What a deal tells its papers: parties from their cards, data from the signed map, people from the newest gate (spec/law.md §10)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.matters import facts_of
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Broken
from custody.classify.datamap import digest, from_yaml
from custody.classify.taxonomy import classes
from custody.law.needs import Facts, Need, needs
from custody.law.pack import Packs
from custody.law.paper import Known
from custody.law.papers import Papers, read_papers
from custody.model.datamap import DataMap
from custody.model.party import PartyCard
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one
from custody.privacy.activities import Activity, activities
from custody.privacy.vocabularies import word

Words = Mapping[str, str]
LANGUAGES: Final = ("zh", "en")
_AND: Final = {"zh": "、", "en": ", "}
_THEN: Final = {"zh": "；", "en": "; "}


@lru_cache(maxsize=4)
def papers(laws: Laws) -> Papers:
    """Every kind of paper and item, read once for as long as the same `laws` are asked."""
    return read_papers(laws.contents(), laws.documents(), lawbook.packs(laws))


def needed(tx: Transaction, matter: Row, packs: Packs, told: Papers, on: date) -> list[Need]:
    """The rules that ask for a paper and bind somebody in the deal, or may."""
    facts = facts_of(tx, str(matter["id"]))
    served = {name for kind in told.kinds.values() for name in kind.rules}
    return needs(packs, served, facts, _people(tx, matter, packs, facts), on)


def known(desk: Desk, tx: Transaction, matter: Row) -> Known:
    """The facts of the deal, and the words of each source in both languages."""
    sources: dict[str, Words] = {**_parties(desk, tx, matter)}
    datamap = _datamap(desk, tx, matter)
    if datamap is not None:
        held = [one for one in activities(datamap) if one.kind == "customer"]
        sources |= _held(held)
        sources["deal.scale"] = _scale(
            tx.count("subject", vault=str(matter["vault"]), kind="customer", state="live"), held
        )
    return Known(facts_of(tx, str(matter["id"])), sources)


def _people(
    tx: Transaction, matter: Row, packs: Packs, facts: Mapping[str, Json]
) -> Sequence[tuple[Sequence[str], Facts]]:
    """The distinct cases of the newest gate; before the first, nobody's facts under the law of the places that the facts name."""
    gates = tx.find("statement", order=("n",), matter=str(matter["id"]), kind="gate")
    rows = tx.find("vector", matter=str(matter["id"]), gate=gates[-1]["n"]) if gates else []
    cases = [cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"]))) for row in rows]
    found = [
        (cast("list[str]", case["regimes"]), cast("Facts", case["facts"])) for case in cases if case.get("regimes")
    ]
    if found:
        return found
    told = {str(value) for leaf, value in facts.items() if leaf.endswith("jurisdiction")}
    laws = {law for place in told & set(packs.terms.places) for law in packs.terms.places[place].law}
    return [(sorted(laws & packs.regimes), {})]


def _parties(desk: Desk, tx: Transaction, matter: Row) -> Mapping[str, Words]:
    """Whoever made the invitation's key is the buyer; in every other home it is the seller's deal."""
    own = {"zh": desk.card.name_zh, "en": desk.card.name_en}
    row = one(tx, "party", id=str(matter["counterparty"])) if matter["counterparty"] else None
    other = _named(PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))) if row else None
    buying = tx.count("deal_key", matter=str(matter["id"])) > 0
    found: dict[str, Words] = {"own.name": own, "buyer.name" if buying else "seller.name": own}
    return {**found, "seller.name" if buying else "buyer.name": other} if other else found


def _named(card: PartyCard) -> Words:
    return {"zh": card.name_zh, "en": card.name_en}


def _datamap(desk: Desk, tx: Transaction, matter: Row) -> DataMap | None:
    row = one(tx, "vault", id=str(matter["vault"])) if matter["vault"] else None
    return datamap_of(desk, row) if row else None


def datamap_of(desk: Desk, vault: Row) -> DataMap | None:
    """The signed map that a vault was sealed by; None where that was done by somebody else. Raises Broken `datamap.altered`."""
    signed = str(vault["datamap"])
    file = f"matters/datamaps/{signed.removeprefix('sha256:')}.yaml"
    if not desk.files.path(file).is_file():
        return None
    found = from_yaml(desk.files.read(file).decode())
    if digest(found) != signed:
        raise Broken("datamap.altered", "The data map kept in this home is not the one that was signed.",
                     next="Put the file back from a backup; what was signed stands in the ledger.")  # fmt: skip
    return found


def residences(desk: Desk, vault: Row) -> dict[str, str]:
    """{table: where its people live, as the signed map states it}; nothing of what somebody else sealed."""
    mapped = datamap_of(desk, vault)
    return {table.name: table.residence for table in mapped.tables} if mapped else {}


def _held(held: Sequence[Activity]) -> dict[str, Words]:
    """Purposes, kinds of data and retention as the data map has them; nothing where it leaves one open."""
    found: dict[str, Words] = {}
    if held:
        purposes = list(dict.fromkeys(purpose for one_act in held for purpose in one_act.purposes))
        found["map.purposes"] = _listed("purpose", purposes)
        found["map.subjects"] = _listed("kind", ["customer"])
        found["map.categories"] = _classes(held)
    if held and all(one_act.retention for one_act in held):
        found["map.retention"] = {lang: _retention(held, lang) for lang in LANGUAGES}
    return found


def _listed(group: str, slugs: Sequence[str]) -> Words:
    return {lang: _AND[lang].join(word(group, slug, lang) for slug in slugs) for lang in LANGUAGES}


def _classes(held: Sequence[Activity], *, sensitive: bool | None = None) -> Words:
    told = dict[str, bool]()
    for one_act in held:
        for _, column in one_act.columns:
            told[column.cls] = told.get(column.cls, False) or column.tier == "sensitive"
    return classes_said(name for name, is_sensitive in told.items() if sensitive in {None, is_sensitive})


def classes_said(names: Iterable[str]) -> Words:
    """Kinds of data as people call them, in both languages."""
    known_classes = classes()
    said = [known_classes[name] for name in sorted(names) if name in known_classes]
    return {
        "zh": _AND["zh"].join(one.called["zh"] for one in said),
        "en": _AND["en"].join(one.called["en"] for one in said),
    }


def _retention(held: Sequence[Activity], lang: str) -> str:
    by: dict[str, list[str]] = {}
    for one_act in held:
        for purpose in one_act.purposes:
            kept = by.setdefault(word("purpose", purpose, lang), [])
            kept += [word("retention", one_act.retention, lang)]
    colon = "：" if lang == "zh" else ": "
    return _THEN[lang].join(f"{name}{colon}{_AND[lang].join(dict.fromkeys(kept))}" for name, kept in by.items())


def _scale(customers: int, held: Sequence[Activity]) -> Words:
    general, sensitive = _classes(held, sensitive=False), _classes(held, sensitive=True)
    zh = f"{customers:,} 位客户。一般个人信息：{general['zh'] or '无'}。敏感个人信息：{sensitive['zh'] or '无'}。"
    en = f"{customers:,} customers. General: {general['en'] or 'none'}. Sensitive: {sensitive['en'] or 'none'}."
    return {"zh": zh, "en": en}
