"""What goes to stdout and stderr, and nothing else does."""

import json
import sys
from collections.abc import Mapping
from typing import Final

from rich.console import Console

_WORDS: Final = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(result: Mapping[str, object]) -> None:
    """Exactly one JSON object with `"v": 1`."""
    sys.stdout.write(json.dumps({"v": 1, **result}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_shown(shown: object) -> None:
    """What a person asked for: text or a rich table on stdout."""
    if shown is not None:
        Console(highlight=False, soft_wrap=True).print(shown)


def say(text: str) -> None:
    """Progress and asides, on stderr."""
    _WORDS.print(text, markup=False)
