"""Verbs of open work: whose it is, giving it to somebody (B4, E5)."""

from custody.cli.shared import at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.work_assign import work_assign
from custody.services.work_list import work_list


def _show_list(result: Result, lang: str) -> object:
    return grid(result["work"], ("work", "kind", "what", "came_at", "person", "due_on", "late"), lang)


VERBS = (
    Verb("work list", Words("未了结的请求和更正：谁在办、哪天前办完", "open requests and corrections: whose they are, until which day"),
         (option("--of", "person", words=Words("只看某人的", "one person's alone"), default=""),),
         lambda call, person: at_desk(call, lambda desk: work_list(desk, person)), _show_list, "custody work list"),
    Verb("work assign", Words("把一件事交给某人，并定日子", "give open work to a person, for a day"),
         (argument("work"), option("--to", "handle", words=Words("交给谁", "to whom"), required=True),
          option("--by", words=Words("哪天前；不写则为法律的期限", "until which day; the law's unless given"), default="")),
         lambda call, work, handle, by: at_desk(call, lambda desk: work_assign(desk, work, handle, by)), facts,
         "custody work assign R-2026-0001 --to zhouning --by 2026-04-10"),
)  # fmt: skip
