"""Verbs of open work: whose it is, giving it to somebody (B4, E5)."""

import click
from rich.console import Group
from rich.text import Text

from custody.cli.labels import label
from custody.cli.shared import at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.work_assign import work_assign
from custody.services.work_close import HOWS, work_close
from custody.services.work_list import work_list
from custody.services.work_reopen import work_reopen


def _show_list(result: Result, lang: str) -> object:
    work = grid(
        result["work"],
        ("work", "kind", "what", "came_at", "rows", "unclear", "pass_to", "person", "due_on", "late"),
        lang,
    )
    over = result.get("unlisted")
    if not over:
        return work
    return Group(
        work, Text(), Text(label("unlisted", lang), style="bold"), grid(over, ("deal", "table", "why", "columns"), lang)
    )


VERBS = (
    Verb("work list", Words("未了结的请求和更正、接手时客户没办完的事：谁在办、哪天前办完", "open requests, corrections and what customers had open when they came: whose, until which day"),
         (option("--of", "person", words=Words("只看某人的", "one person's alone"), default=""),),
         lambda call, person: at_desk(call, lambda desk: work_list(desk, person)), _show_list, "custody work list"),
    Verb("work assign", Words("把一件事（或一张表的全部）交给某人，并定日子", "give open work, or all of a table, to a person, for a day"),
         (argument("work"), option("--to", "handle", words=Words("交给谁", "to whom"), required=True),
          option("--by", words=Words("哪天前；不写则为法律的期限", "until which day; the law's unless given"), default="")),
         lambda call, work, handle, by: at_desk(call, lambda desk: work_assign(desk, work, handle, by)), facts,
         "custody work assign R-2026-0001 --to zhouning --by 2026-04-10"),
    Verb("work close", Words("接手时客户没办完的一件事（或一张表的全部）办完了", "end what a customer had open when they came, or all of a table"),
         (argument("work"), option("--how", words=Words("done：办完；cancelled：已取消；not-open：本来就办完了；elsewhere：在别的系统里办", "done: seen to; cancelled: called off; not-open: it was not open; elsewhere: another system has it"),
                                   kind=click.Choice(HOWS), required=True)),
         lambda call, work, how: at_desk(call, lambda desk: work_close(desk, work, how)), facts,
         "custody work close sub_…:orders --how done"),
    Verb("work reopen", Words("错了结的一件事（或一张表最后一次了结的全部）重新列为没办完", "open again what was ended by mistake: one piece, or what the last word on a table ended"),
         (argument("work"),), lambda call, work: at_desk(call, lambda desk: work_reopen(desk, work)), facts,
         "custody work reopen sub_…:orders"),
)  # fmt: skip
