"""Plan a campaign: who must be told, from the gate as it stands now, and at a buyer whoever came; nothing is sent (B1)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple, cast

from custody.acts import lawbook
from custody.acts.barred import objectors
from custody.acts.campaigning import OTHERS, approved_content, campaign, counts
from custody.acts.composing import composed
from custody.acts.contacts import SMS
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal, require_live
from custody.acts.papers import papers
from custody.acts.passing import BUYER, side_of
from custody.acts.planning import CHANNELS, EMAIL, FIELDS, plan, row_of, words
from custody.acts.same_words import left_out
from custody.acts.suppressing import mark, on_list
from custody.acts.wording import ALL, bare, guarded, lacking, served, untold, wanting, worded
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.law.pack import Rule
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

__all__ = ["CHANNELS", "EMAIL", "FIELDS", "campaign_new"]

PLANNERS: Final = ("owner", "privacy", "lawyer")


def campaign_new(
    desk: Desk, laws: Laws, named_deal: str, given: Mapping[str, str], values: Mapping[str, Json] | None = None
) -> Mapping[str, Json]:
    """`given`: sender, pages, page_line, and subject and text with places for what the law wants told, or `paper`: the deal's paper of that kind.

    `channel` is email unless told otherwise; `values` as a paper takes them. It goes to whoever is told by it all that the law wants told, and whom no other campaign tells the same.
    Raises Malformed `campaign.words`, Missing `campaign.nobody`, `campaign.already`, Refused `campaign.contents`, and whatever the words lack.
    """
    desk.require(PLANNERS)
    barred = _barred(desk, named_deal)
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        buying = side_of(tx, matter) == BUYER
        if not buying:
            require_live(matter)
        mark(tx, str(matter["vault"]), barred)
        if not given.get("paper"):
            words(given, apart=buying)
        tell = _introduced if buying else _told
        made = tell(desk, tx, laws, matter, given, values or {})
        people, spared = _untold(made.people, left_out(desk, tx, matter, made.told, stamp(desk.clock.now())))
        row = row_of(desk, tx, matter, made.told, given.get("channel", EMAIL))
        plan(desk, tx, matter, row, people, made.guarded)
        says: dict[str, Json] = {
            "campaign": str(row["id"]), "people": len(people), "counts": counts(tx, row), "left_out": spared,
        }  # fmt: skip
        position = append(
            tx, desk.space, stamp(desk.clock.now()), "campaign-planned", says, detail={"matter": str(row["matter"])}
        )
        content = approved_content(tx, row)
        by_state = counts(tx, campaign(desk, tx, str(row["ref"])))
    return {"campaign": str(row["ref"]), "deal": str(matter["ref"]), "people": len(people), "counts": by_state, "left_out": spared,
            "tells": sorted(made.rules), "other_rules": made.others, "approve": ["campaign", content], "ledger": f"{desk.space}@{position}"}  # fmt: skip


class _Plan(NamedTuple):
    """The words, the rules by which they tell, whom they tell, and whom they would not: how many, by which rules."""

    told: Mapping[str, str]
    rules: AbstractSet[str]
    people: Sequence[bytes]
    others: list[Json]
    guarded: AbstractSet[bytes] = frozenset()
    """Of whom by their law only a guardian says yes: their page speaks to that one, and so does the message."""


def _introduced(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, given: Mapping[str, str], values: Mapping[str, Json]
) -> _Plan:
    """At a buyer: it is evidence of nothing, and says what its company wants to say."""
    paper, _ = _paper(desk, tx, laws, matter, given.get("paper", ""), values)
    return _Plan(words({**given, **paper}, apart=True), frozenset(), _arrived(tx, matter), [])


def _told(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, given: Mapping[str, str], values: Mapping[str, Json]
) -> _Plan:
    """To whom these words tell everything that the law wants them told, and by which rules (spec/campaigns.md §1)."""
    packs, on = lawbook.packs(laws), desk.today()
    verdicts = decide(tx, matter, packs, on)
    waits = untold(verdicts)
    if not waits:
        raise _nobody()
    rules = wanting(packs, frozenset().union(*waits.values()), on)
    paper, items = _paper(desk, tx, laws, matter, given.get("paper", ""), values)
    if not paper:
        paper, items = _filled(desk, tx, laws, matter, rules, given, values)
    elif given.get("channel") == SMS:
        paper = {name: paper[name] for name in ("paper", "rules", "version")} | {
            "notice": paper["text"],
            "notice_en": paper["text_en"],
        }
    reached = served(rules, items)
    people = sorted(who for who, needs in waits.items() if needs <= reached)
    if not people:
        raise lacking(rules, items)
    left = Counter(needs - reached for needs in waits.values() if not needs <= reached)
    others: list[Json] = [
        {"rules": list[Json](sorted(needs)), "people": count}
        for needs, count in sorted(left.items(), key=lambda one: sorted(one[0]))
    ]
    named = {*filter(None, paper.get("rules", "").split(",")), *reached}
    told = words({**given, **paper, "rules": ",".join(sorted(named))}, apart=False)
    if others:  # whoever approves the words approves knowing whom they do not tell
        told[OTHERS] = canonical.encode(others).decode()
    return _Plan(told, reached, people, others, guarded(verdicts, packs))


def _filled(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, rules: Sequence[Rule], given: Mapping[str, str], values: Mapping[str, Json]
) -> tuple[dict[str, str], AbstractSet[str]]:  # fmt: skip
    """The words as given with their places filled; a text message keeps the words, and the page that it leads to shows the whole."""
    texts = {"zh": given["text"], "en": given.get("text_en") or given["text"]}
    if given.get("channel") != SMS:
        made = worded(desk, tx, laws, matter, rules, texts, values)
        return {"text": made.by["zh"], "text_en": made.by["en"]}, made.items
    texts = {lang: one if f"{{{ALL}}}" in one else f"{one.rstrip()}\n\n{{{ALL}}}" for lang, one in texts.items()}
    made = worded(desk, tx, laws, matter, rules, texts, values)
    return {
        "text": bare(texts["zh"]),
        "text_en": bare(texts["en"]),
        "notice": made.by["zh"],
        "notice_en": made.by["en"],
    }, made.items


def _untold(people: Sequence[bytes], already: Mapping[bytes, str]) -> tuple[list[bytes], list[Json]]:
    """(whom nobody tells the same yet, each campaign that does, and how many)."""
    if not people:
        raise _nobody()
    spared = Counter(already[who] for who in people if who in already)
    rest = [who for who in people if who not in already]
    if not rest:
        raise Missing("campaign.already", f"Everybody who waits is in another campaign with the same words: {', '.join(sorted(spared))}.",
                      where={"campaign": min(spared)}, next="custody campaign show REF")  # fmt: skip
    return rest, [{"campaign": ref, "people": spared[ref]} for ref in sorted(spared)]


def _nobody() -> Missing:
    return Missing("campaign.nobody", "Nobody is waiting for a notice.", next="custody gate DEAL")


def _barred(desk: Desk, named_deal: str) -> list[bytes]:
    """At a buyer, whom our own list forbids to contact: they came as ciphertext, and their facts do not know it before the re-seal."""
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        buying = side_of(tx, matter) == BUYER
    return on_list(desk, str(matter["vault"])) if buying else []


def _paper(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, kind: str, values: Mapping[str, Json]
) -> tuple[dict[str, str], AbstractSet[str]]:
    """The words of a paper to persons in both languages, what they were made from, and the items they tell; nothing where none is asked for."""
    if not kind:
        return {}, frozenset()
    wanted = papers(laws).kind(kind, lawbook.packs(laws))
    if wanted is not None and wanted.to != "person":
        raise Malformed(
            "campaign.words",
            "Missing or not of its form: paper (it goes to no person).",
            next="custody deal documents DEAL",
        )
    made = composed(desk, tx, laws, matter, kind, values)
    zh, en = made.by["zh"], made.by["en"]
    told = {"subject": zh.title, "subject_en": en.title, "text": made.text("zh"), "text_en": made.text("en"), "paper": kind,
            "rules": ",".join(sorted(rule.id for rule in made.rules)), "version": made.head.version}  # fmt: skip
    return told, {name for rule in made.rules for name in rule.contents}


def _arrived(tx: Transaction, matter: Row) -> list[bytes]:
    """At a buyer: every customer who came and has not objected to its use since, once."""
    rows = tx.columns("subject", ("id",), order=("id",), vault=str(matter["vault"]), kind="customer", state="live")
    objected = objectors(tx, str(matter["id"]))
    return [cast("bytes", who) for (who,) in rows if who not in objected]
