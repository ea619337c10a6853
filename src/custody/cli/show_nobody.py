"""Said plainly before anything irreversible: that nobody is in what is about to be done."""

from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from custody.cli.show import facts
from custody.cli.verb import Result
from custody.cli.words import Words


def irreversible(result: Result, lang: str) -> RenderableType:
    """An irreversible act, or its rehearsal; where it concerns no customer, that comes first."""
    shown = facts(result, lang)
    return Group(warning(NOBODY, lang), shown) if result.get("subjects") == 0 else shown


def warning(words: Words, lang: str) -> Text:
    """A line that is not to be missed."""
    return Text(words.of(lang), style="bold yellow")


NOBODY: Final = Words("没有人：这一步不涉及任何客户。", "Nobody: no customer is concerned by this step.")
EMPTY: Final = Words(
    "没有人：这笔交易的数据里没有一位客户，什么也不会移交。如果应当有，请先看数据地图：哪张表一行是一位客户，哪一列是客户编号。",
    "Nobody: there is no customer in the data of this deal, and nothing will be handed over. If there should be, look at the data map first: which table has a customer per row, which column is the customer's number.",
)
