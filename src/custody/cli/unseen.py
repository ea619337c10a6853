"""Why something was not looked at, as a command line says it: with the switch that answers, where one does."""

from collections.abc import Mapping
from typing import Any, Final

from custody.cli.words import Words
from custody.services.words import reason_words

_SWITCHES: Final = {"encoding.ambiguous": Words("（--encoding 文件=编码）", " (--encoding FILE=ENCODING)")}


def unseen_words(one: Mapping[str, Any], lang: str) -> str:
    """The reason in `lang`."""
    switch = _SWITCHES.get(one["reason"])
    return reason_words(one["reason"], lang) + (switch.of(lang) if switch else "")
