"""Verbs that keep values right: review, work list, keep, the policy of corrections (A7)."""

from pathlib import Path

from custody import wiring
from custody.acts.planning import EMAIL
from custody.cli.shared import DRY, VAULT, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.freshness_ask import freshness_ask
from custody.services.freshness_keep import Place, freshness_keep
from custody.services.freshness_list import freshness_list
from custody.services.freshness_review import freshness_review
from custody.services.freshness_set import freshness_set
from custody.services.freshness_show import freshness_show

_DOUBTS = ("subject", "table", "row", "column", "class", "kind", "why", "department", "state", "found_at", "other")


def _list(call: Call, department: str, kind: str, state: str, vault: str | None) -> Result:
    return at_desk(
        call, lambda desk: freshness_list(desk, vault, {"department": department, "kind": kind, "state": state})
    )


def _keep(call: Call, subject: str, table: str, row: int, column: str, reason: str, vault: str | None) -> Result:
    return at_desk(call, lambda desk: freshness_keep(desk, subject, Place(table, row, column), reason, vault))


def _ask(call: Call, deal: str, sender: str, pages: str, channel: str) -> Result:
    given = {"sender": sender, "pages": pages, "channel": channel}
    return at_desk(call, lambda desk: freshness_ask(desk, deal, given))


def _set(call: Call, policy: Path, dry_run: bool) -> Result:
    text = wiring.text(policy)
    return at_desk(call, lambda desk: freshness_set(desk, text, dry_run=dry_run))


VERBS = (
    Verb("freshness review", Words("核对一遍：过期、无效、矛盾、重复、退回的值，成为各部门的待办", "look at every value: stale, invalid, contradictory, held twice, come back; each becomes work for a department"),
         (VAULT,), lambda call, vault: at_desk(call, lambda desk: freshness_review(desk, vault)), facts, "custody freshness review --vault main"),
    Verb("freshness list", Words("待核对的清单，按部门；只说在哪里，不显示值", "the work list, by department; it says where, and shows no value"),
         (option("--department", words=Words("只看这个部门", "of this department alone"), default=""),
          option("--kind", words=Words("stale、invalid、contradictory、duplicate、bounced", "stale, invalid, contradictory, duplicate, bounced"), default=""),
          option("--state", words=Words("open、kept、gone；默认 open", "open, kept, gone; open unless told"), default=""), VAULT),
         _list, lambda result, lang: grid(result["doubts"], _DOUBTS, lang), "custody freshness list --department service"),
    Verb("freshness keep", Words("看过了，值没有错：留到它被更正为止", "it was looked at and is right: kept until it is corrected"),
         (argument("subject"), option("--table", words=Words("表", "table"), required=True), option("--row", words=Words("源行号", "row in the source"), kind=int, required=True),
          option("--column", words=Words("列", "column"), required=True), option("--reason", words=Words("理由，加密保存", "why; kept sealed"), required=True), VAULT),
         _keep, facts, 'custody freshness keep sub_… --table 会员 --row 6 --column 手机 --reason "checked with him"'),
    Verb("freshness set", Words("启用更正规则，须第二人批准", "put a policy of corrections in force; a second person approves it"),
         (argument("policy", kind=PATH), DRY), _set, facts, "custody freshness set freshness.toml"),
    Verb("freshness ask", Words("每年请客户看一次：都对按一下，不对当场改；计划好由第二人批准，再用 campaign send 发出", "the yearly question: one press if all is right, else it is corrected; planned here, approved by a second person, sent by campaign send"),
         (argument("deal"), option("--sender", words=Words("发件人地址", "the sender's address"), default=""),
          option("--pages", words=Words("客户页面的网址", "where customers' pages are"), required=True),
          option("--channel", words=Words("email 或 sms", "email or sms"), default=EMAIL)),
         _ask, facts, "custody freshness ask D-2026-0001 --sender privacy@shop.example --pages https://you.shop.example"),
    Verb("freshness show", Words("现行的更正规则：哪类值谁能改、凭什么、多久内可撤回", "the policy of corrections: who may change which value, by what proof, and how long it can be taken back"),
         (option("--number", words=Words("第几版；0 是随程序来的", "which version; 0 is the one that ships"), kind=int),),
         lambda call, number: at_desk(call, lambda desk: freshness_show(desk, number)), facts, "custody freshness show"),
)  # fmt: skip
