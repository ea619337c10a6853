"""Words in two languages, chosen by `--lang`, `CUSTODY_LANG` or the locale; English when nothing says otherwise."""

import os
from typing import NamedTuple


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in `lang`."""
        return self.zh if lang == "zh" else self.en


def language(flag: str | None) -> str:
    """`zh` or `en`."""
    for candidate in (flag, *(os.environ.get(name) for name in ("CUSTODY_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))):
        if candidate:
            return "zh" if candidate.lower().startswith("zh") else "en"
    return "en"
