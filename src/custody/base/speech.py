"""An error in the reader's language: the English sentence is the error's own, the Chinese one stands in faults_zh.toml by slug."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from custody.base.errors import CustodyError


class Said(NamedTuple):
    """What happened, and what to do next."""

    says: str
    next: str


def spoken(error: CustodyError, lang: str) -> Said:
    """The error in `lang`. Where the English sentence names a thing, the Chinese one is followed by that sentence."""
    own = Said(error.message, error.next)
    area, _, fault = error.slug.partition(".")
    told = catalogue().get(area, {}).get(fault) if lang == "zh" else None
    if told is None:
        return own
    plain = own.next.startswith(("custody ", "--")) or "next" not in told
    # A list of roles or choices is in the English sentence alone, and it is what the reader needs.
    listed = f"{told['next']}（{own.next}）" if not plain and ":" in own.next else told.get("next", own.next)
    return Said(error.zh or told["says"], own.next if plain else listed)


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """{area: {fault: {says, next?}}}, as it ships."""
    text = (files("custody.base") / "faults_zh.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
