"""A policy as people write it: TOML, read in one way for every kind."""

import tomllib
from collections.abc import Callable, Mapping

from custody.base.errors import Malformed


def toml(text: str, form: Callable[[str], Malformed]) -> Mapping[str, object]:
    """The fields. Raises what `form` makes of the reason."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise form("this is not TOML") from error
