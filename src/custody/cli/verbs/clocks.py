"""Verbs of what has a clock: retention, and everything that is scheduled."""

from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from custody import wiring
from custody.cli.shared import VAULT
from custody.cli.show import facts, grid
from custody.cli.show_sheets import sheets_line
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.due import due
from custody.services.retention_plan import retention_plan
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set

DRY = option("--dry-run", words=Words("只说将会做什么", "only say what would be done"), flag=True)


def _set(call: Call, policy: Path, vault: str | None, dry_run: bool) -> Result:
    text = wiring.folder(policy.parent).read(policy.name).decode(errors="replace")
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return retention_set(desk, wiring.laws_of(call.home), text, vault, dry_run=dry_run)


def _plan(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return retention_plan(desk, vault)


def _run(call: Call, vault: str | None, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return retention_run(desk, vault, dry_run=dry_run)


def _due(call: Call, dry_run: bool) -> Result:
    tasks = wiring.due_tasks(call.home)
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        result: Result = due(desk, tasks, dry_run=dry_run)
    for name in result.get("missed", ()):
        call.say(_MISSED.of(call.lang).format(task=Words(*_TASKS[name]).of(call.lang)))
    return result


def _show_due(result: Result, lang: str) -> RenderableType:
    if result["elsewhere"]:
        return Text(_ELSEWHERE.of(lang))
    rows = [{"task": Words(*_TASKS[one["task"]]).of(lang), "done_at": one["done_at"], "next_at": one["next_at"],
             "state": _state(one, lang)} for one in result["tasks"]]  # fmt: skip
    sheets = (one["did"].get("vaults", {}) for one in result["tasks"] if one["task"] == "recovery")
    lines = [Text(f"{name}: {sheets_line(one['recovery'], lang)}") for each in sheets for name, one in each.items()]
    return Group(grid(rows, ("task", "state", "done_at", "next_at"), lang), *lines)


def _state(one: Result, lang: str) -> str:
    if one["ran"]:
        return f"{Words('未成', 'failed').of(lang)}: {one['fault']}" if one["fault"] else Words("已做", "done").of(lang)
    return (Words("该做了", "due") if one["due"] else Words("未到期", "not yet")).of(lang)


_MISSED = Words("警报：{task}错过了整整一轮", "ALARM: a whole run of this was missed: {task}")
_ELSEWHERE = Words("另一处正在运行，这次不做。", "Another run is at it; this one did nothing.")
_TASKS = {"retention": ("保存期限", "retention"), "recalls": ("召回中保全过的", "what a hold kept of a recall"), "renewal": ("更换密码套件", "renewal of the suite"), "rotation": ("更换根密钥", "rotation"), "compaction": ("清除死密文", "compaction"),
          "unfinished": ("被打断的写入残留", "what broken-off writing left"),
          "destroys": ("旧根密钥是否真的没了", "whether old roots are really gone"),
          "recovery": ("恢复单是否还有效", "whether the recovery sheets still open the vault"),
          "drill": ("恢复演练是否逾期", "whether a restore was rehearsed in time"),
          "backup": ("备份", "backup"), "check": ("自查", "self-check"),
          "index": ("换盲索引密钥", "new key of the blind index"),
          "freshness": ("核对", "accuracy review"), "corrections": ("更正的确认", "acknowledgement of corrections"),
          "confirmations": ("每年请客户核对", "the yearly question to customers"),
          "work": ("待办的期限", "days of open work"), "locks": ("客户页面被试错锁住", "customers' pages locked by wrong tries"), "copies": ("明文副本的期限", "days of copies in clear")}  # fmt: skip

VERBS = (
    Verb(
        "retention set",
        Words("启用保存期限规则，须第二人批准", "put a retention policy in force; a second person approves it"),
        (argument("policy", kind=PATH), VAULT, DRY),
        _set,
        facts,
        "custody retention set policy.toml --vault main --dry-run",
    ),
    Verb(
        "retention plan",
        Words("列出到期的：什么、多少人、依据哪条法", "list what has run out: what, how many people, under which law"),
        (VAULT,),
        _plan,
        facts,
        "custody retention plan --vault main",
    ),
    Verb(
        "retention run",
        Words("先列出，公示期满后删除或抹去字段", "list what has run out; erase or strip what was listed long enough"),
        (VAULT, DRY),
        _run,
        facts,
        "custody retention run --vault main --as zhouning",
    ),
    Verb(
        "due",
        Words("运行所有到时的任务：保存期限、换套件、换根、清除、备份、自查",
              "run everything that is scheduled: retention, renewal, rotation, compaction, backup, self-check"),
        (DRY,),
        _due,
        _show_due,
        "custody due --as operator --passphrase-file operator.pass",
    ),
)  # fmt: skip
