"""Since when what customers of a deal were told is not so any more: who was told by it counts as told no longer (spec/campaigns.md §4b, ADR 0118)."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from custody.acts import lawbook
from custody.acts.campaigning import is_apart, texts
from custody.acts.desk import Desk
from custody.acts.papers import LANGUAGES, known, papers
from custody.acts.told import ANSWER, CLOSING, UNTRUE
from custody.acts.wording import ALL, wanting
from custody.base.errors import Refused
from custody.law.form import NOTICE
from custody.law.gate import PUBLISHED
from custody.law.paper import Composer
from custody.law.papers import Kind
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

_TOLD: Final = (NOTICE, PUBLISHED)
OFF: Final = "aborted"
_PLAIN: Final = dict.fromkeys(LANGUAGES, "")
_CONTACT: Final = "buyer_contact"
Said = Mapping[tuple[str, str], str]


def since(tx: Transaction, matter: str) -> str:
    """Whatever was planned until then says what is not so any more; '' where nothing changed."""
    rows = tx.find("told", matter=matter, name=UNTRUE)
    return str(rows[0]["value"]) if rows else ""


def is_untrue(tx: Transaction, row: Row) -> bool:
    """Whether a campaign, or a public notice, was planned before what it says changed."""
    return str(row["made_at"]) <= since(tx, str(row["matter"]))


def void(tx: Transaction, row: Row) -> str:
    """Why a public notice announces what will not be: `off` where its deal was broken off, `untrue` where the deal reads otherwise since; '' where it holds, or stood long enough before."""
    if tx.count("matter", id=row["matter"], state=OFF):
        return "off"
    return "untrue" if not row["ended_at"] and is_untrue(tx, row) else ""


def require_true(tx: Transaction, row: Row) -> None:
    """Raises Refused `campaign.untrue`."""
    if is_untrue(tx, row):
        raise Refused("campaign.untrue", "What this says is not so any more: it was planned before the deal changed.",
                      next="custody campaign new DEAL, or custody publication new DEAL: those who wait are told anew")  # fmt: skip


def said(desk: Desk, tx: Transaction, laws: Laws, matter: Row) -> Said:
    """What the deal tells of each item that was told of it, in each language; nothing while nobody was told, or is about to be."""
    name = str(matter["id"])
    campaigns = [row for row in tx.find("campaign", matter=name) if not is_apart(row)]
    notices = tx.find("publication", matter=name)
    if not campaigns and not notices and not _on_file(tx, name):
        return {}
    rules = {one for row in campaigns for one in texts(row).get("rules", "").split(",")}
    rules |= {one for row in notices for one in str(row["rules"]).split(",")}
    return tells(desk, tx, laws, matter, rules - {""})


def tells(desk: Desk, tx: Transaction, laws: Laws, matter: Row, rules: AbstractSet[str] = frozenset()) -> Said:
    """What a notice by these rules says of the deal as it is, item by item in each language; by whatever rule, where none is named."""
    packs, told = lawbook.packs(laws), papers(laws)
    # Who was told by list was told by words that nobody here knows: whatever a notice may say is held against it.
    names = rules or {rule.id for rule in packs.rules if NOTICE in rule.evidence}
    asked, facts = wanting(packs, names, desk.today()), known(desk, tx, matter)
    made = {
        lang: Composer(told, packs, facts, {}, lang).compose(Kind(ALL, _PLAIN, "person", (), _PLAIN), asked)
        for lang in LANGUAGES
    }
    return {(one.name, lang): one.value for lang, paper in made.items() for one in paper.fields}


def replaced(before: Mapping[str, str], given: Mapping[str, str], moved: Collection[str]) -> bool:
    """Whether what is told of a deal by hand takes back what was read: less time, or somebody else to ask at the buyer. What is told before a yes belongs to the yes."""
    said = given.get(_CONTACT, "")
    return bool({ANSWER, CLOSING} & set(moved)) or (bool(said) and before.get(_CONTACT, said) != said)


def counted(tx: Transaction, matter: str, there: Collection[bytes] = ()) -> int:
    """How many pieces of evidence say that somebody was told of this deal, one by one or by public notice; without those of whom something is `there`."""
    if not there:
        return sum(tx.count("evidence", matter=matter, type=kind) for kind in _TOLD)
    rows = (who for kind in _TOLD for (who,) in tx.columns("evidence", ("subject",), matter=matter, type=kind))
    return sum(who not in there for who in rows)


def untell(tx: Transaction, matter: str, now: str, there: Collection[bytes] = ()) -> int:
    """From now on nobody counts as told by what went before; how many did. Whose data went by it keep it: what is said otherwise afterwards makes no release of then unlawful, and calls nobody back."""
    many = counted(tx, matter, there)
    for kind in _TOLD:
        if not there:
            tx.drop("evidence", matter=matter, type=kind)
            continue
        rows = list(tx.columns("evidence", ("subject", "compartment"), matter=matter, type=kind))
        keys = ({"matter": matter, "subject": who, "compartment": place, "type": kind} for who, place in rows if who not in there)  # fmt: skip
        tx.drop_many("evidence", keys)
    tx.drop("told", matter=matter, name=UNTRUE)
    tx.add("told", [{"matter": matter, "name": UNTRUE, "value": now}])
    return many


def _on_file(tx: Transaction, matter: str) -> bool:
    return counted(tx, matter) > 0
