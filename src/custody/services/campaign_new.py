"""Plan a campaign: who must be told, from the gate as it stands now, and at a buyer whoever came; nothing is sent (B1)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.barred import objectors
from custody.acts.campaigning import approved_content, campaign, counts
from custody.acts.composing import composed
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal, require_live
from custody.acts.papers import papers
from custody.acts.passing import BUYER, side_of
from custody.acts.planning import CHANNELS, EMAIL, FIELDS, plan, row_of, words
from custody.acts.same_words import left_out
from custody.acts.suppressing import mark, on_list
from custody.acts.verdicts import Verdicts
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.law.gate import DECEASED
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

__all__ = ["CHANNELS", "EMAIL", "FIELDS", "campaign_new"]
NOTICE: Final = "notice.delivered"


def campaign_new(
    desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, str], values: Mapping[str, Json] | None = None
) -> Mapping[str, Json]:
    """`given`: sender, pages, page_line, and subject and text, or `paper`: the deal's paper of that kind, as its rules have it today.

    `channel` is email unless told otherwise; `values` as a paper takes them. Whom another campaign tells the same is left out.
    Raises Malformed `campaign.words`, Missing `campaign.nobody`, `campaign.already`, and whatever the paper lacks.
    """
    desk.require(("owner", "privacy", "lawyer"))
    barred = _barred(desk, named_deal)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        buying = side_of(tx, matter) == BUYER
        if not buying:
            require_live(matter)
        mark(tx, str(matter["vault"]), barred)
        told = words({**given, **_paper(desk, tx, laws, matter, given.get("paper", ""), values or {})}, apart=buying)
        people = _arrived(tx, matter) if buying else _people(decide(tx, matter, lawbook.packs(laws), desk.today()))
        people, spared = _untold(people, left_out(desk, tx, matter, told, stamp(desk.clock.now())))
        row = row_of(desk, tx, matter, told, given.get("channel", EMAIL))
        plan(desk, tx, matter, row, people)
        says: dict[str, Json] = {
            "campaign": str(row["id"]),
            "people": len(people),
            "counts": counts(tx, row),
            "left_out": spared,
        }
        position = append(tx, desk.space, stamp(desk.clock.now()), "campaign-planned", says)
        content = approved_content(tx, row)
        made = counts(tx, campaign(desk, tx, str(row["ref"])))
    return {"campaign": str(row["ref"]), "deal": str(matter["ref"]), "people": len(people), "counts": made, "left_out": spared,
            "approve": ["campaign", content], "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _untold(people: Sequence[bytes], already: Mapping[bytes, str]) -> tuple[list[bytes], list[Json]]:
    """(whom nobody tells the same yet, each campaign that does, and how many)."""
    if not people:
        raise Missing("campaign.nobody", "Nobody is waiting for a notice.", next="custody gate DEAL")
    spared = Counter(already[who] for who in people if who in already)
    rest = [who for who in people if who not in already]
    if not rest:
        raise Missing("campaign.already", f"Everybody who waits is in another campaign with the same words: {', '.join(sorted(spared))}.",
                      where={"campaign": min(spared)}, next="custody campaign show REF")  # fmt: skip
    return rest, [{"campaign": ref, "people": spared[ref]} for ref in sorted(spared)]


def _barred(desk: Desk, named_deal: str) -> list[bytes]:
    """At a buyer, whom our own list forbids to contact: they came as ciphertext, and their facts do not know it before the re-seal."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        buying = side_of(tx, matter) == BUYER
    return on_list(desk, str(matter["vault"])) if buying else []


def _paper(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, kind: str, values: Mapping[str, Json]
) -> dict[str, str]:
    """The words of a paper to persons in both languages, and what they were made from; nothing where none is asked for."""
    if not kind:
        return {}
    wanted = papers(laws).kind(kind, lawbook.packs(laws))
    if wanted is not None and wanted.to != "person":
        raise Malformed(
            "campaign.words",
            "Missing or not of its form: paper (it goes to no person).",
            next="custody deal documents DEAL",
        )
    made = composed(desk, tx, laws, matter, kind, values)
    zh, en = made.by["zh"], made.by["en"]
    return {"subject": zh.title, "subject_en": en.title, "text": made.text("zh"), "text_en": made.text("en"), "paper": kind,
            "rules": ",".join(sorted(rule.id for rule in made.rules)), "version": made.head.version}  # fmt: skip


def _arrived(tx: Transaction, matter: Row) -> list[bytes]:
    """At a buyer: every customer who came and has not objected to its use since, once."""
    rows = tx.columns("subject", ("id",), order=("id",), vault=str(matter["vault"]), kind="customer", state="live")
    objected = objectors(tx, str(matter["id"]))
    return [cast("bytes", who) for (who,) in rows if who not in objected]


def _people(verdicts: Verdicts) -> list[bytes]:
    """Customers whose verdict lacks the notice in some compartment, by id; nobody writes to the dead."""
    lacks = {
        number
        for number, one in enumerate(verdicts.decisions)
        if any(NOTICE in why.missing for why in one.reasons) and all(why.rule != DECEASED for why in one.reasons)
    }
    return sorted({who for who, kind, _, number in verdicts.each() if number in lacks and kind == "customer"})
