"""What a rule wants told before somebody agrees, item by item, in the words of the question (spec/consent.md §3).

An item's words are what the company told of the deal (`deal tell --items`), else those that follow from the deal itself; where neither
is there the question says openly that it is not told, and whom to ask before agreeing. Nothing is left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custody.acts.asking import wordings
from custody.acts.matters import facts_of
from custody.acts.told import telling
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.law.pack import Rule
from custody.ports.store import Row, Transaction

LEAD: Final = "item."
LANGUAGES: Final = ("zh", "en")
_ONE_LINE: Final = re.compile(r"[^\x00-\x1f\x7f<>]{2,600}")
_COUNTRY: Final = ("event.recipient_jurisdiction", "buyer.jurisdiction")


def told_items(given: Mapping[str, Json]) -> dict[str, str]:
    """{name in what a deal tells: words} of {item: text or {zh, en}}. Raises Malformed `deal.tell`."""
    found = dict[str, str]()
    for name, said in given.items():
        by = said if isinstance(said, Mapping) else dict.fromkeys(LANGUAGES, said)
        for lang, words in by.items():
            if name not in wordings()["item"] or lang not in LANGUAGES or not isinstance(words, str) or not _ONE_LINE.fullmatch(words):  # fmt: skip
                raise Malformed("deal.tell", "An item is one that a consent tells, in one line, as text or as zh and en.", where={"field": f"{LEAD}{name}"[:80]})  # fmt: skip
            found[f"{LEAD}{name}.{lang}"] = words
    return found


@dataclass(frozen=True, slots=True)
class Telling:
    """What a deal tells of the items at one moment: in its own words, and by the country that follows from its facts."""

    told: Mapping[str, str]
    country: str

    def line(self, name: str, lang: str, names: Mapping[str, str]) -> str:
        """`Name: words.`; nothing for what the question's own words tell."""
        return _item(wordings()["item"][name], self.told.get(f"{LEAD}{name}.{lang}", ""), lang, {**names, "country": self.country})  # fmt: skip

    def lacks(self, name: str, lang: str, names: Mapping[str, str]) -> bool:
        """Whether it is said openly that nobody has told it."""
        words = wordings()["item"][name]
        said = words.get("own") or self.told.get(f"{LEAD}{name}.{lang}")
        return not said and not _whole(words[lang], {**names, "country": self.country})


def told_of(tx: Transaction, matter: Row) -> Telling:
    """What the deal tells now."""
    facts = facts_of(tx, str(matter["id"]))
    country = next((str(facts[one]) for one in _COUNTRY if isinstance(facts.get(one), str)), "")
    return Telling(telling(tx, str(matter["id"])), country)


def items(now: Telling, listed: Iterable[str], lang: str, names: Mapping[str, str]) -> str:
    """Every listed item that the question's own words do not tell, each by its name; `names` fills the words."""
    said = [now.line(name, lang, names) for name in listed]
    return "".join(f" {one}" if lang == "en" else one for one in said if one)


def untold(now: Telling, listed: Iterable[str], lang: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The listed items of which the question says openly that they are not told: nobody can agree to it yet."""
    return tuple(name for name in listed if now.lacks(name, lang, names))


def wanted(rules: Sequence[Rule], code: str) -> list[str]:
    """The items that these rules want told, and those that law elsewhere wants told with this question, each once."""
    named = [name for rule in rules for name in rule.contents if name in wordings()["item"]]
    return list(dict.fromkeys([*named, *(wordings().get(code, {}).get("items", ()) if rules else ())]))


def _item(words: Mapping[str, str], told: str, lang: str, names: Mapping[str, str]) -> str:
    """`Name: words.`; nothing for what the question's own words tell."""
    if words.get("own") and not told:
        return ""
    text = told or (
        words[lang].format(**names) if _whole(words[lang], names) else wordings()["untold"][lang].format(**names)
    )
    label = words[f"label_{lang}"]
    return f"{label}：{text.rstrip('。')}。" if lang == "zh" else f"{label}: {text.rstrip('.')}."


def _whole(text: str, names: Mapping[str, str]) -> bool:
    """Whether there are words, and each place in them has something to stand there."""
    return bool(text) and all(names.get(name) for name in re.findall(r"{(\w+)}", text))
