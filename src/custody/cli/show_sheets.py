"""How recovery sheets stand, in a sentence."""

from typing import Any, Final

from custody.cli.words import Words

_STATES: Final = {
    "tested": Words("恢复单试过，打得开", "sheets tested, they open it"),
    "printed": Words("恢复单印了，还没试过", "sheets printed, never tried"),
    "outdated": Words("恢复单自 {since} 起已打不开，请重印重试", "the sheets you printed no longer open it since {since}; print and test new ones"),
    "waived": Words("具名决定不要恢复单", "does without sheets, on a named person's word"),
    "none": Words("从未印过恢复单", "no sheets were ever printed"),
}  # fmt: skip
_ESCROW: Final = Words("（托管处有持有人的份额）", " (holders have shares in an escrow store)")


def sheets_line(recovery: dict[str, Any], lang: str) -> str:
    """One vault's sheets."""
    told = _STATES[recovery["state"]].of(lang).format(since=str(recovery["since"])[:16].replace("T", " "))
    return told + (_ESCROW.of(lang) if recovery["escrow"] else "")
