"""Files that a person names on the command line."""

import json
from collections.abc import Mapping
from pathlib import Path

from custody import wiring
from custody.base.canonical import Json
from custody.base.errors import Malformed


def json_object(path: Path) -> Mapping[str, Json]:
    """The JSON object in a file; a decimal stays the text it was written as. Raises Malformed `cli.json`."""
    try:
        text = wiring.folder(path.parent).read(path.name)
        value = json.loads(text, parse_float=str, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Malformed("cli.json", "The file is not JSON.", where={"file": path.name}) from error
    if not isinstance(value, dict):
        raise Malformed("cli.json", "The file is not a JSON object.", where={"file": path.name})
    return value


def _once(pairs: list[tuple[str, Json]]) -> Mapping[str, Json]:
    """An object whose keys are told once: of two answers to one question, none may win unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("cli.json", "The file names a key twice in one object.")
    return found
