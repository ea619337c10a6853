"""The classes of personal data, their level and names, as the bundled taxonomy states them (spec/datamap.md §1)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_REMARK: Final = re.compile(r"\s*[;；(（].*|,? or a line of it$")
NAMES: Final = ("name.full", "name.given", "name.family")
"""What a person is called, the whole name first; a nickname is none."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class; `level` is none, general or sensitive."""

    name: str
    level: str
    zh: str
    en: str

    @property
    def called(self) -> dict[str, str]:
        """What people call it, in both languages: without the remarks that help those who classify."""
        return {"zh": _REMARK.sub("", self.zh), "en": _REMARK.sub("", self.en)}


@cache
def classes() -> dict[str, Class]:
    """Every class by name."""
    value = tomllib.loads(Path(__file__).with_name("taxonomy.toml").read_text(encoding="utf-8"))
    return {name: Class(name, row["level"], row["zh"], row["en"]) for name, row in value["class"].items()}


def level(name: str) -> str:
    """The level of a class."""
    return classes()[name].level
