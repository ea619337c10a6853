"""What a verifier found wrong: class, code and place (spec/package.md §7). Faults are collected, not raised."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

KINDS: Final = (
    "altered",
    "missing",
    "extra",
    "duplicated",
    "swapped",
    "reordered",
    "schema",
    "replayed",
    "recipient",
    "signature",
    "chain",
    "malformed",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is the class; `code` names the sentence; rows and bytes count from 0, None where they cannot be known."""

    kind: str
    code: str
    file: str = ""
    row: int | None = None
    byte: int | None = None

    def under(self, folder: str) -> "Fault":
        """The same fault seen from above `folder`."""
        return replace(self, file=f"{folder}/{self.file}" if self.file and folder else self.file or folder)


def narrowed(faults: Iterable[Fault]) -> list[Fault]:
    """One fault a place, the first bad row of a file first: a row or byte beats the mere file, the first word stands."""
    listed = list(dict.fromkeys(faults))
    placed = {one.file for one in listed if one.row is not None or one.byte is not None}
    best: dict[tuple[str, str, int | None, str], Fault] = {}
    for one in listed:
        if one.code == "file.altered" and one.file in placed:
            continue
        key = (one.kind, one.file, one.row, "" if one.row is not None else one.code)
        known = best.get(key)
        if known is None:
            best[key] = one
        elif known.byte is None and one.byte is not None:
            best[key] = replace(known, byte=one.byte)
    order = {one.file: place for place, one in reversed(list(enumerate(listed)))}
    return sorted(best.values(), key=lambda one: (order[one.file], -1 if one.row is None else one.row))
