"""Verbs of who works on a deal: an owner lets people in and ends it, each with a reason (spec/access.md §6)."""

from custody.cli.shared import DEAL, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.member_add import member_add
from custody.services.member_end import member_end
from custody.services.member_list import member_list

_REASON = option("--reason", words=Words("理由", "the reason"), required=True)


def _add(call: Call, deal: str, handle: str, reason: str, until: str) -> Result:
    return at_desk(call, lambda desk: member_add(desk, deal, handle, reason, until))


def _end(call: Call, deal: str, handle: str, reason: str) -> Result:
    return at_desk(call, lambda desk: member_end(desk, deal, handle, reason))


def _list(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: member_list(desk, deal))


def _show_list(result: Result, lang: str) -> object:
    columns = ("handle", "roles", "since", "until", "state", "reason", "given_by", "ended_at", "end_reason")
    return grid(result["members"], columns, lang)


VERBS = (
    Verb("member add", Words("让某人参与交易：从此能看、能办", "make somebody a member of a deal: they see it and work on it from now on"),
         (DEAL, argument("handle"), _REASON, option("--until", words=Words("最后一天，YYYY-MM-DD；不写则不限", "the last day, YYYY-MM-DD; without one there is none"), default="")),
         _add, facts, "custody member add D-2026-0001 limo --reason 'ships the data'"),
    Verb("member end", Words("让某人退出交易：从此什么也看不到", "end a membership: they see nothing of the deal any more"),
         (DEAL, argument("handle"), _REASON), _end, facts, "custody member end D-2026-0001 limo --reason 'left the project'"),
    Verb("member list", Words("谁是、谁曾是这笔交易的成员", "who is and was a member of a deal"), (DEAL,), _list, _show_list, "custody member list D-2026-0001"),
)  # fmt: skip
