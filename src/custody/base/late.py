"""What is made when it is first used: most commands read no running text, and need not wait for what only that takes."""

import re
from importlib import import_module
from typing import Any, cast


class Module:
    """Stands for a module that takes long to import. Whether it is there shows at its first use."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        found = getattr(import_module(self.__dict__["_name"]), name)
        setattr(self, name, found)
        return found


class _Pattern:
    """Stands for a pattern. What is asked of it is asked of the pattern, once, and kept."""

    def __init__(self, source: str, flags: int) -> None:
        self._said = (source, flags)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        found = getattr(re.compile(*self.__dict__["_said"]), name)
        setattr(self, name, found)
        return found


def late(source: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, later. Only for what is asked by its own methods: functions of `re` take no stand-in."""
    return cast("re.Pattern[str]", _Pattern(source, flags))
