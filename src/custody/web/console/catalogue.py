"""The one catalogue of the console's words: words/*.toml, each entry in Chinese and English. No page holds a text itself."""

import tomllib
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language


def lang() -> str:
    """`zh` or `en`, as the reader chose."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def words(key: str, **values: object) -> str:
    """The words under `key`, with `values` filled in; English has another form for an `n` of one. Raises KeyError for a key without words."""
    entry = entries()[key]
    text = entry["one"] if lang() == "en" and "one" in entry and str(values.get("n")) == "1" else entry[lang()]
    return text.format(**{name: f"{value:,}" if type(value) is int else value for name, value in values.items()})


def either(key: str, other: str) -> str:
    """The words under `key` if there are any, else `other`: for codes that come from the core."""
    return entries()[key][lang()] if key in entries() else other


@cache
def entries() -> dict[str, dict[str, str]]:
    """{key: {zh, en}} of every file; keys are `area.name`."""
    found: dict[str, dict[str, str]] = {}
    folder = files("custody.web.console") / "words"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        for area, rows in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found |= {f"{area}.{name}": row for name, row in rows.items()}
    return found
