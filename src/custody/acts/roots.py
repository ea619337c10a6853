"""What a gate signs for: the root over its vectors and its verdict pages (spec/law.md §7)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.errors import Unavailable
from custody.law.gate import Decision

UNDECIDED: Final = 0xFFFF


def places_bound(cases: Sequence[Json]) -> tuple[str, ...]:
    """Every place whose law binds somebody in these cases."""
    known = [one for one in cases if isinstance(one, Mapping)]
    return tuple(sorted({str(place) for one in known for place in cast("list[str]", one.get("regimes", []))}))


def root_of(decisions: Sequence[Decision], pages: Iterable[tuple[int, int, str]]) -> str:
    """`sha256:` root over the vectors and the hashes of the verdict pages."""
    leaves: list[Json] = [["vector", number, one.verdict, list(one.rules)] for number, one in enumerate(decisions)]
    leaves += [["page", *page] for page in pages]
    return "sha256:" + merkle.root([merkle.leaf_hash(canonical.encode(leaf)) for leaf in leaves]).hex()


def too_many(decisions: Sequence[Decision]) -> None:
    """Raises Unavailable `gate.vectors` where a verdict page cannot number the cases."""
    if len(decisions) > UNDECIDED:
        raise Unavailable("gate.vectors", "There are more distinct cases than a verdict page can number.")
