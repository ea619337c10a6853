"""Verbs of overrides: a lawyer sets a rule aside, a second person approves, everybody sees it."""

from custody import wiring
from custody.cli.shared import DEAL, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.override_end import override_end
from custody.services.override_list import override_list
from custody.services.override_new import Wish, override_new


def _new(call: Call, deal: str, rule: str, **given: str | None) -> Result:
    dry = bool(given.pop("dry_run"))
    wish = Wish(rule, given["subject"], given["reason"] or "", given["until"] or "")
    return at_desk(call, lambda desk: override_new(desk, wiring.laws_of(call.home), deal, wish, dry_run=dry))


def _end(call: Call, deal: str, override: str) -> Result:
    return at_desk(call, lambda desk: override_end(desk, deal, override))


def _list(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: override_list(desk, deal))


def _show_list(result: Result, lang: str) -> object:
    columns = ("rule", "subject", "reason", "by", "approved_by", "until", "state", "id")
    return grid(result["overrides"], columns, lang)


VERBS = (
    Verb("override new", Words("律师推翻一条规则：须理由、期限和第二人批准", "a lawyer sets a rule aside: with a reason, until a day, approved by a second person"),
         (DEAL, argument("rule"),
          option("--reason", words=Words("理由", "the reason"), required=True),
          option("--until", words=Words("最后一天，YYYY-MM-DD，至多一年", "the last day, YYYY-MM-DD, within a year"), required=True),
          option("--subject", words=Words("只对这一位客户 sub_…", "for this customer alone: sub_…")),
          option("--dry-run", words=Words("只演算，不写入", "rehearse: write nothing"), flag=True)),
         _new, facts, "custody override new D-2026-0001 CN-PROVIDE-23 --reason 'Art. 22 covers it: counsel, 2026-03-02' --until 2026-06-30 --dry-run"),
    Verb("override end", Words("提前终止一项推翻", "end an override before its day"),
         (DEAL, argument("override")), _end, facts, "custody override end D-2026-0001 evd_…"),
    Verb("override list", Words("本交易的全部推翻", "every override of a deal"), (DEAL,), _list, _show_list, "custody override list D-2026-0001"),
)  # fmt: skip
