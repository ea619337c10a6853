"""Plan a public notice for those who cannot be reached, where their law lets it stand in for telling them one by one (B1)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.acts.publishing import PLACES, meant
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Malformed, Missing
from custody.ports.laws import Laws
from custody.ports.store import Cells

FIELDS: Final = ("place", "where", "from", "text")
_LONGEST: Final = 256


def publication_new(desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """`given`: place, where, from (the first day), text. Raises Malformed `publication.words`, Missing `publication.nobody`."""
    desk.require(("owner", "privacy", "lawyer"))
    _checked(given)
    with desk.store.write() as tx:
        matter, now = deal(desk, tx, named_deal), desk.clock.now()
        found = meant(desk, tx, laws, matter, given["place"])
        if not found.people:
            raise Missing(
                "publication.nobody",
                f"Nobody can be told so: {found.by_post} are reached by letter, {found.untried} were not written to; for all others no law lets a public notice stand in.",
                next="custody campaign print REF --to FOLDER",
            )
        ref = f"P-{now.year}-{next_number(tx, f'publication:{desk.space}:{now.year}'):04d}"
        text = sha256(given["text"].encode())
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
    return {"publication": ref, "deal": str(matter["ref"]), "people": len(found.people), "by_post": found.by_post, "not_written": found.untried,
            "rules": list[Json](found.rules), "days": found.days, "text": text, "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _checked(given: Mapping[str, str]) -> None:
    wrong = [name for name in FIELDS if not given.get(name, "").strip()]
    wrong += [] if given.get("place") in PLACES else ["place"]
    wrong += [] if given.get("where", "").isprintable() and len(given.get("where", "")) <= _LONGEST else ["where"]
    wrong += [] if day(given.get("from", "")) else ["from"]
    if wrong:
        raise Malformed("publication.words", f"Missing or not of its form: {', '.join(sorted(set(wrong)))}.")
