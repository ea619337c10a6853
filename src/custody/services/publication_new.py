"""Plan a public notice for those who cannot be reached, where their law lets it stand in for telling them one by one (B1)."""

from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts import lawbook
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal, require_live
from custody.acts.publishing import PLACES, meant
from custody.acts.vaults import sha256
from custody.acts.wording import lacking, served, wanting, worded
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Malformed, Missing
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction

FIELDS: Final = ("place", "where", "from", "text")
_LONGEST: Final = 256


def publication_new(
    desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, str], *, dry_run: bool = False
) -> Mapping[str, Json]:
    """`given`: place, where, from (the first day), text and, where it is another in English, text_en, with places for what the law wants told (spec/campaigns.md §1).

    Raises Malformed `publication.words`, `campaign.words`, Missing `publication.nobody`, `document.lacks`, Refused `deal.ended`, `campaign.contents` where the words tell not all that each of the rules wants.
    """
    desk.require(("owner", "privacy", "lawyer"))
    _checked(given)
    with desk.store.write() as tx:
        matter, now = deal(desk, tx, named_deal), desk.clock.now()
        require_live(matter)
        found = meant(desk, tx, laws, matter, given["place"])
        if not found.people:
            raise Missing(
                "publication.nobody",
                f"Nobody can be told so: {found.by_post} are reached by letter, {found.untried} were not written to; for all others no law lets a public notice stand in.",
                next="custody campaign print REF --to FOLDER",
            )
        by = _worded(desk, tx, laws, matter, found.rules, given)
        text = sha256("\n\n".join(dict.fromkeys(by.values())).encode())
        told: dict[str, Json] = {"people": len(found.people), "by_post": found.by_post, "not_written": found.untried, "rules": list[Json](found.rules), "days": found.days, "text": text, "words": dict(by)}  # fmt: skip
        if dry_run:
            return {"publication": "", "deal": str(matter["ref"]), **told, "ledger": ""}
        ref = f"P-{now.year}-{next_number(tx, f'publication:{desk.space}:{now.year}'):04d}"
        row: Cells = {"id": ids.new("job"), "party": desk.space, "matter": str(matter["id"]), "ref": ref, "place": given["place"], "location": given["where"],
                      "text": text, "rules": ",".join(found.rules), "days": found.days, "from_on": given["from"], "made_at": stamp(now)}  # fmt: skip
        tx.add("publication", [row])
        tx.add("publication_for", [{"publication": row["id"], "subject": who} for who in found.people])
        says: dict[str, Json] = {
            "publication": str(row["id"]),
            "people": len(found.people),
            "text": text,
            "rules": list[Json](found.rules),
        }
        position = append(tx, desk.space, stamp(now), "publication-planned", says, detail={"matter": str(matter["id"])})
    return {"publication": ref, "deal": str(matter["ref"]), **told, "ledger": f"{desk.space}@{position}"}


def _worded(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, names: Sequence[str], given: Mapping[str, str]
) -> Mapping[str, str]:
    """The notice whole, in each language: whoever reads it reads everything that the rules behind it want told. Raises Refused `campaign.contents`."""
    rules = wanting(lawbook.packs(laws), frozenset(names), desk.today())
    made = worded(desk, tx, laws, matter, rules, {"zh": given["text"], "en": given.get("text_en", "").strip() or given["text"]}, {})  # fmt: skip
    if not frozenset(names) <= served(rules, made.items):
        raise lacking(rules, made.items)
    return made.by


def _checked(given: Mapping[str, str]) -> None:
    wrong = [name for name in FIELDS if not given.get(name, "").strip()]
    wrong += [] if given.get("place") in PLACES else ["place"]
    wrong += [] if given.get("where", "").isprintable() and len(given.get("where", "")) <= _LONGEST else ["where"]
    wrong += [] if day(given.get("from", "")) else ["from"]
    if wrong:
        raise Malformed("publication.words", f"Missing or not of its form: {', '.join(sorted(set(wrong)))}.")
