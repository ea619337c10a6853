"""Which rules may be a ground to refuse a request: of a place whose law governs it, or the house's own (spec/requests.md §1)."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from custody.acts.bounds import kept
from custody.base.errors import Malformed
from custody.law.pack import Packs, Rule
from custody.ports.store import Row

_SOME: Final = 6
_ASKS: Final = "request."


def require_grounds(packs: Packs, row: Row, names: Iterable[str], on: date) -> None:
    """Every one of these rules governs this request on that day. Raises Malformed `request.grounds`."""
    places = frozenset(kept(row).places)
    foreign = sorted({name for name in names if not any(_fits(each, places, on) for each in packs.texts(name))})
    if foreign:
        raise Malformed(
            "request.grounds",
            "A rule is not in force, or of a place whose law does not govern this request.",
            where={"rule": ", ".join(foreign), "fits": ", ".join(_some(packs, places, on))},
            next="custody request list shows whose law governs it; custody law rules shows the rules.",
        )


def _fits(rule: Rule, places: frozenset[str], on: date) -> bool:
    return (rule.house or rule.regime in places) and rule.in_force(on)


def _some(packs: Packs, places: frozenset[str], on: date) -> list[str]:
    """A few that fit, those that speak of requests first."""
    fit = {rule.id: rule for rule in packs.rules if _fits(rule, places, on)}
    return sorted(fit, key=lambda name: (not any(leaf.startswith(_ASKS) for leaf in fit[name].read), name))[:_SOME]
