"""Verbs that show where things stand, and change what is still open: the same services that the console asks."""

from pathlib import Path

from custody import wiring
from custody.acts.desk import Desk
from custody.cli.shared import DEAL, at_desk
from custody.cli.show import facts, grid
from custody.cli.show_deal import stand
from custody.cli.show_sheets import sheets_line
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.approve_list import approve_list
from custody.services.arrival import arrival
from custody.services.deal_asks import deal_asks
from custody.services.deal_stand import deal_stand
from custody.services.ledger_list import ledger_list
from custody.services.principal_list import principal_list
from custody.services.principal_passphrase import principal_passphrase
from custody.services.statement_show import statement_show
from custody.services.vault_list import vault_list
from custody.services.verdict_list import verdict_list

_MOST = option("--most", words=Words("最多几条", "how many at most"), kind=int, default=50)


def _stand(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: deal_stand(desk, wiring.laws_of(call.home), deal))


def _asks(call: Call, deal: str) -> Result:
    def work(desk: Desk) -> Result:
        known: Result = deal_stand(desk, wiring.laws_of(call.home), deal)
        return deal_asks(desk, wiring.laws_of(call.home), _nested(known["facts"]))

    return at_desk(call, work)


def _arrival(call: Call, deal: str | None, handover: Path | None) -> Result:
    source = wiring.folder(handover) if handover is not None else None
    return at_desk(call, lambda desk: arrival(desk, deal, source))


def _verdicts(call: Call, deal: str, rule: str | None, verdict: str | None, most: int, *, part: bool) -> Result:
    return at_desk(call, lambda desk: verdict_list(desk, deal, rule, verdict, most, part=part))


def _ledger(call: Call, deal: str | None, most: int) -> Result:
    return at_desk(call, lambda desk: ledger_list(desk, deal, most))


def _approvals(call: Call, act: str, content: str) -> Result:
    return at_desk(call, lambda desk: approve_list(desk, act, content))


def _passphrase(call: Call, new_passphrase_file: Path) -> Result:
    return at_desk(call, lambda desk: principal_passphrase(desk, wiring.passphrase(new_passphrase_file)))


def _statement(call: Call, deal: str, which: str, to: Path) -> Result:
    def work(desk: Desk) -> Result:
        data = statement_show(desk, deal, which)
        wiring.folder(to.parent).write(to.name, data)
        return {"kind": which, "bytes": len(data)}

    return at_desk(call, work)


def _nested(flat: Result) -> Result:
    made: dict[str, dict[str, object]] = {}
    for name, value in flat.items():
        group, _, leaf = name.partition(".")
        made.setdefault(group, {})[leaf] = value
    return made


def _show_people(result: Result, lang: str) -> object:
    return grid(result["principals"], ("handle", "roles", "since", "until"), lang)


def _show_vaults(result: Result, lang: str) -> object:
    rows = [{**one, "recovery": sheets_line(one["recovery"], lang)} for one in result["vaults"]]
    columns = ("name", "customers", "tables", "sealed", "quarantined", "generation", "suite", "to_renew", "recovery")
    return grid(rows, columns, lang)


def _show_asks(result: Result, lang: str) -> object:
    rows = [{"fact": one["fact"], "name": one["name"][lang], "rules": len(one["rules"])} for one in result["asked"]]
    return grid(rows, ("fact", "name", "rules"), lang)


VERBS = (
    Verb("deal stand", Words("交易走到哪一步，还缺什么", "where a deal stands and what it lacks"), (DEAL,), _stand, stand,
         "custody deal stand D-2026-0001"),
    Verb("arrival", Words("买方：收到的移交走到哪一步；不写则列出全部", "at the buyer: how far a hand-over is taken in; all unless given"),
         (argument("deal", required=False), option("--at", "handover", words=Words("移交文件夹", "the hand-over folder"), kind=PATH)),
         _arrival, facts, "custody arrival D-2026-0001 --at handover"),
    Verb("deal asks", Words("规则还要问什么", "what the rules still ask"), (DEAL,), _asks, _show_asks, "custody deal asks D-2026-0001"),
    Verb("deal customers", Words("某一理由或裁定下的客户", "the customers under a reason or a verdict"),
         (DEAL, option("--rule", words=Words("规则编号", "the rule's id")), option("--verdict", words=Words("裁定", "the verdict")),
          option("--part", words=Words("只要有一部分是这一裁定就列出；不写则每位客户只计在最宽的裁定下", "everybody of whom any part has the verdict; without it each customer stands under the most permissive of theirs"), flag=True), _MOST),
         _verdicts, facts, "custody deal customers D-2026-0001 --verdict wait"),
    Verb("statement", Words("取出交易的一份声明", "take out a statement of a deal"),
         (DEAL, argument("which"), option("--to", words=Words("写到文件", "write it to a file"), kind=PATH, required=True)), _statement, facts,
         "custody statement D-2026-0001 gate --to gate.dsse.json"),
    Verb("ledger list", Words("发生过的事，新的在前", "what happened, newest first"),
         (option("--deal", words=Words("只看这笔交易", "of this deal alone")), _MOST), _ledger, facts, "custody ledger list --most 20"),
    Verb("approvals", Words("谁批准了这份内容", "who approved this content"), (argument("act"), argument("content")), _approvals, facts,
         "custody approvals release sha256:…"),
    Verb("principal list", Words("谁可以在这里操作", "who may act here"), (), lambda call: at_desk(call, principal_list), _show_people,
         "custody principal list"),
    Verb("principal passphrase", Words("更换自己的口令", "change one's own passphrase"),
         (option("--new-passphrase-file", words=Words("新口令的文件", "file with the new passphrase"), kind=PATH, required=True),),
         _passphrase, facts, "custody principal passphrase --new-passphrase-file new.pass"),
    Verb("vault list", Words("保险库", "the vaults"), (), lambda call: at_desk(call, vault_list), _show_vaults, "custody vault list"),
)  # fmt: skip
