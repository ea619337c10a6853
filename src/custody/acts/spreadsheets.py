"""Cells of tables that people open in a spreadsheet: what it would take for a formula is text, in full width too."""

from typing import Final

LEADS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(text: str) -> str:
    """The text as a cell that nothing runs."""
    return f"'{text}" if text.startswith(LEADS) else text
