"""Which grounds of law may refuse a request: of this kind, of a place whose law governs it, in force (spec/requests.md §1, law.md §12)."""

from collections.abc import Iterable
from datetime import date

from custody.acts.bounds import kept
from custody.base.errors import Malformed
from custody.law.pack import Packs, Rule
from custody.ports.store import Row


def grounds(packs: Packs, row: Row, on: date) -> tuple[Rule, ...]:
    """Those that may refuse this request on that day, in the order of their names."""
    places, kind = frozenset(kept(row).places), str(row["kind"])
    fit = {
        text.id: text for text in packs.grounds if kind in text.refuses and text.regime in places and text.in_force(on)
    }
    return tuple(fit[name] for name in sorted(fit))


def require_grounds(packs: Packs, row: Row, names: Iterable[str], on: date) -> None:
    """Each of these is a ground of law to refuse this request on that day. Raises Malformed `request.grounds`, which names all that are."""
    fit = [text.id for text in grounds(packs, row, on)]
    wrong = sorted(set(names) - set(fit))
    if wrong:
        raise Malformed(
            "request.grounds",
            "That is no ground on which the law that governs this request lets it be refused.",
            where={"rule": ", ".join(wrong), "kind": str(row["kind"]), "fits": ", ".join(fit)},
            next="Name one of those that fit: custody request grounds REF; where there is none, what is asked for is granted.",
        )
