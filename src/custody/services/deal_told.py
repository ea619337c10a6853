"""What customers of a deal are told before they agree, item by item: said by the company, following from the deal, or untold (B2; spec/consent.md §3)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import lawbook
from custody.acts.answering import companies
from custody.acts.asking import is_consent, wordings
from custody.acts.consent_items import LEAD, told_of, untold
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.told import telling
from custody.base.canonical import Json
from custody.ports.laws import Laws

LANGUAGES: Final = ("zh", "en")
TELLERS: Final = ("owner", "privacy", "lawyer")


def deal_told(desk: Desk, laws: Laws, named_deal: str) -> Mapping[str, Json]:
    """Every item that a rule wants told with a consent; `lacks`: no yes that needs it is taken."""
    desk.require(TELLERS)
    rules = [rule for rule in lawbook.packs(laws).rules if any(map(is_consent, rule.evidence))]
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        said, known = telling(tx, str(matter["id"])), wordings()["item"]
        seller, buyer = companies(tx, matter)
        listed = [name for name, words in known.items() if not words.get("own")]
        lacks = {
            lang: untold(told_of(tx, matter), listed, lang, {
                "seller": getattr(seller, lang), "buyer": getattr(buyer, lang), "buyer_contact": buyer.contact, "ask": seller.contact or getattr(seller, lang),
                "what": "–", "why": "–",
            })
            for lang in LANGUAGES
        }  # fmt: skip
    items: list[Json] = [
        {
            "item": name, "label": {lang: str(known[name][f"label_{lang}"]) for lang in LANGUAGES},
            "said": {lang: said.get(f"{LEAD}{name}.{lang}", "") for lang in LANGUAGES},
            "rules": [rule.id for rule in rules if name in rule.contents], "lacks": [lang for lang in LANGUAGES if name in lacks[lang]],
        }
        for name in listed
    ]  # fmt: skip
    return {"deal": str(matter["ref"]), "seller_contact": said.get("seller_contact", ""), "buyer_contact": said.get("buyer_contact", ""), "items": items}  # fmt: skip
