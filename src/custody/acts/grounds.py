"""Which grounds of law may refuse a request: of this kind, of a place whose law governs it, in force (spec/requests.md §1, law.md §12)."""

from collections.abc import Collection, Iterable
from datetime import date

from custody.acts.bounds import kept
from custody.base.errors import Malformed, Refused
from custody.law.pack import Packs, Rule
from custody.ports.store import Row


def grounds(packs: Packs, row: Row, on: date) -> tuple[Rule, ...]:
    """Those that may refuse this request on that day, in the order of their names."""
    places, kind = frozenset(kept(row).places), str(row["kind"])
    fit = {
        text.id: text for text in packs.grounds if kind in text.refuses and text.regime in places and text.in_force(on)
    }
    return tuple(fit[name] for name in sorted(fit))


def laws(packs: Packs, row: Row) -> list[frozenset[str]]:
    """The laws that bind a request, each with those above it (a German one with the Union's): a ground of any of these counts under it."""
    places, known = set(kept(row).places), packs.terms.places
    whole = {place: frozenset({place, *(known[place].law if place in known else ())}) & places for place in places}
    above = {other for place in places for other in whole[place] - {place}}
    return [whole[place] for place in sorted(places - above)]


def require_grounds(packs: Packs, row: Row, names: Iterable[str], on: date) -> None:
    """Each of these is a ground of law to refuse this request on that day, and each law that binds it has one among them.

    Raises Malformed `request.grounds`, which names all that are, Refused `request.laws`.
    """
    fit, named = grounds(packs, row, on), set(names)
    wrong = sorted(named - {text.id for text in fit})
    if wrong:
        raise Malformed(
            "request.grounds",
            "That is no ground on which the law that governs this request lets it be refused.",
            where={"rule": ", ".join(wrong), "kind": str(row["kind"]), "fits": ", ".join(text.id for text in fit)},
            next="Name one of those that fit: custody request grounds REF; where there is none, what is asked for is granted.",
        )
    if named and (without := _without(packs, row, fit, named)):
        rest = [text.id for text in fit if text.regime in without[0]]
        raise Refused(
            "request.laws",
            f"Another law binds this request too, and none of its grounds is named: {', '.join('+'.join(sorted(law)) for law in without)}.",
            where={"places": ", ".join("+".join(sorted(law)) for law in without), "fits": ", ".join(rest)},
            next="Name a ground of each law: custody request grounds REF; where one has none, what is asked for is granted.",
        )


def _without(packs: Packs, row: Row, fit: Iterable[Rule], named: Collection[str]) -> list[frozenset[str]]:
    """The laws under which none of these is a ground."""
    spoken = {text.regime for text in fit if text.id in named}
    return [law for law in laws(packs, row) if not law & spoken]
