"""Names in two columns: a given name beside a family name, whatever each header alone says."""

import re
from dataclasses import replace
from typing import Final

from custody.classify import headers
from custody.classify.profile import TableProfile
from custody.classify.themes import Draft


def pairs(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """A lone single name beside its other half: given beside family."""
    drafts = _before(_halves(drafts, profile), profile)
    classes = [one.cls for one in drafts]
    if classes.count("name.family") == 2 and "name.given" not in classes:
        weakest = min(
            (place for place, cls in enumerate(classes) if cls == "name.family"), key=lambda i: drafts[i].confidence
        )
        if not drafts[weakest].header:
            drafts[weakest] = replace(
                drafts[weakest], cls="name.given", why=(*drafts[weakest].why, "a family name stands beside")
            )
    return drafts


_NUMBERED: Final = re.compile(r"^(.*?)_?0?([12])$")


def _halves(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """`name01` and `name02` of single words: the family name first, as shops in Japan store them."""
    found = dict(enumerate(drafts))
    places = {column.name.lower(): place for place, column in enumerate(profile.columns)}
    for name, place in places.items():
        match = _NUMBERED.match(name)
        other = places.get(match[1] + match[0][len(match[1]) : -1] + "2") if match and match[2] == "1" else None
        if other is None or {drafts[place].cls, drafts[other].cls} - {"name.full", "name.family", "name.given"}:
            continue
        if all(profile.columns[one].wordy("two_words") < 0.3 for one in (place, other)):
            for one, cls in ((place, "name.family"), (other, "name.given")):
                found[one] = replace(drafts[one], cls=cls, confidence=70, why=(*drafts[one].why, "one of two halves"))
    return list(found.values())


_EITHER: Final = frozenset(("nom", "nome", "name", "naam", "apellido", "cognome", "姓", "surname"))
_FIRST: Final = frozenset(("nombre", "nombres", "nome", "isim", "imie", "имя"))
_WORDS: Final = 0.3


def _before(drafts: list[Draft], profile: TableProfile) -> list[Draft]:
    """`Name` and `Vorname`, `Nom` and `Prénom`: beside a given name alone, a bare name of one word is the family's."""
    classes = [one.cls for one in drafts]
    if "name.family" in classes and "name.given" not in classes and "name.full" in classes:
        return [
            replace(one, cls="name.given", why=(*one.why, "a family name stands beside"))
            if one.cls == "name.full" and headers.normal(column.name) in _FIRST
            else one
            for one, column in zip(drafts, profile.columns, strict=True)
        ]
    if "name.given" not in classes or "name.family" in classes:
        return drafts
    return [
        replace(one, cls="name.family", why=(*one.why, "a given name stands beside"))
        if one.cls == "name.full" and headers.normal(column.name) in _EITHER and column.wordy("two_words") < _WORDS
        else one
        for one, column in zip(drafts, profile.columns, strict=True)
    ]
