"""How each file that two encodings fit reads in either, for a person to say which (A2, spec/sources.md §2)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ports.source import Reading, SourceOpener

_AMBIGUOUS: Final = "encoding.ambiguous"


def encoding_list(opener: SourceOpener, target: str, skipped: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Of what a scan of the folder `target` did not look at: the files of which nobody knows the encoding, with their readings."""
    files = [str(one["file"]) for one in skipped if one["reason"] == _AMBIGUOUS]
    told: list[Json] = [
        {"file": file, "readings": [_reading(one) for one in _of(opener, target, file)]} for file in files
    ]
    return told


def _of(opener: SourceOpener, target: str, file: str) -> Sequence[Reading]:
    """None where it can no longer be read: then there is nothing to choose."""
    try:
        return opener.readings(target, file)
    except CustodyError:
        return ()


def _reading(one: Reading) -> Json:
    cells: list[Json] = list(one.cells)
    return {"encoding": one.encoding, "cells": cells, "letters": one.letters}
