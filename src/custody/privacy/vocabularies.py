"""The words of the data map in public vocabularies: fideslang and DPV."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def vocabularies() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """{class | kind | purpose | basis | retention: {slug: {fides, dpv, zh, en}}}."""
    return tomllib.loads(Path(__file__).with_name("vocabularies.toml").read_text(encoding="utf-8"))


def word(group: str, slug: str, which: str) -> str:
    """One slug in one vocabulary; a slug that a deployment made itself stands for itself."""
    return vocabularies()[group].get(slug, {}).get(which, slug)


def known(group: str, slug: str, which: str) -> str:
    """One slug in one vocabulary; '' where that has no word for it."""
    return vocabularies()[group].get(slug, {}).get(which, "")
