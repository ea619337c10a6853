"""Files that a person names on the command line."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from custody import wiring
from custody.base.canonical import Json
from custody.base.errors import Malformed

# A number of more digits than this is no count of anything.
_DIGITS: Final = 30


def json_object(path: Path) -> Mapping[str, Json]:
    """The JSON object in a file; a decimal is kept as text, never rounded. Raises Malformed `cli.json`."""
    try:
        text = wiring.folder(path.parent).read(path.name)
        value = json.loads(text, parse_int=_whole, parse_float=_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Malformed("cli.json", "The file is not JSON.", where={"file": path.name}) from error
    if not isinstance(value, dict):
        raise Malformed("cli.json", "The file is not a JSON object.", where={"file": path.name})
    return value


def _whole(text: str) -> int | str:
    """A whole number; of more digits than any count has, the text as written, so that its fact is named and not the file."""
    return int(text) if len(text) <= _DIGITS else text


def _number(text: str) -> int | str:
    """JSON knows one kind of number: 5.0 and 1e6 are whole; any other keeps its digits."""
    value = Decimal(text)
    if not -_DIGITS < value.adjusted() < _DIGITS:
        return text
    return int(value) if value == value.to_integral_value() else format(value, "f")


def _once(pairs: list[tuple[str, Json]]) -> Mapping[str, Json]:
    """An object whose keys are told once: of two answers to one question, none may win unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("cli.json", "The file names a key twice in one object.")
    return found
