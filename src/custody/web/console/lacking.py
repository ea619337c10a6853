"""What words lack of what the law wants told, as places for it at their end: to be written there."""

from typing import Any


def places(fault: dict[str, Any] | None) -> str:
    """A place for each item that the words lack; the refusal then names them no more."""
    if fault is None or fault["slug"] != "document.lacks":
        return ""
    names = fault["where"][0].removeprefix("items ").split(", ")
    fault["where"] = []
    return "\n" + "".join(f"\n{{{name}: }}" for name in names)
