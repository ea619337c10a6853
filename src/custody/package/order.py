"""Two lists of hashes that should be equal: what happened to each row (spec/package.md §7)."""

from collections import Counter
from collections.abc import Iterator, Sequence

Difference = tuple[str, int]


def differences(found: Sequence[bytes], expected: Sequence[bytes]) -> list[Difference]:
    """(class, row) of each difference. Rows of `missing` count in `expected`, all others in `found`."""
    if list(found) == list(expected):
        return []
    surplus, lacking = Counter(found) - Counter(expected), Counter(expected) - Counter(found)
    if not surplus and not lacking:
        wrong = [row for row, (one, other) in enumerate(zip(found, expected, strict=True)) if one != other]
        return [("swapped" if len(wrong) == 2 else "reordered", row) for row in wrong]
    return sorted(_changes(found, expected, surplus, lacking), key=lambda one: one[1])


def _changes(
    found: Sequence[bytes], expected: Sequence[bytes], surplus: Counter[bytes], lacking: Counter[bytes]
) -> Iterator[Difference]:
    known = set(expected)
    for row, one in enumerate(found):
        if not surplus[one] or (row < len(expected) and expected[row] == one):
            continue
        surplus[one] -= 1
        here = expected[row] if row < len(expected) and len(found) == len(expected) else None
        if one in known:
            yield "duplicated", row
        elif here is not None and lacking[here]:
            lacking[here] -= 1
            yield "altered", row
        else:
            yield "extra", row
    yield from (("missing", row) for row, one in enumerate(expected) if _take(lacking, one))


def _take(lacking: Counter[bytes], one: bytes) -> bool:
    if not lacking[one]:
        return False
    lacking[one] -= 1
    return True
