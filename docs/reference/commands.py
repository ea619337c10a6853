"""The page of every command: words in both languages, parameters, example, what `--json` prints (docs/reference/cli.md)."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
from shapes import Shape

from custody.cli.main import global_options
from custody.cli.table import VERBS
from custody.cli.verb import Verb
from custody.cli.words import Words

SHAPES = Path(__file__).resolve().parent / "shapes.json"
HEAD = """<!-- Written by docs/reference/generate.py: do not edit. -->
# Commands · 命令

One verb, one command. `custody VERB --help` says the same. 每个动词一条命令；`custody VERB --help` 内容相同。
A whole line in order: [by hand](../guide/handover.md). What can go wrong: [errors](errors.md).

## Exit codes · 退出码

| code | means | 含义 |
|---|---|---|
| 0 | done; a question was answered, whatever the answer | 完成；问题已回答 |
| 1 | the answer is no: refused by law or a gate, not allowed to this person, evidence does not verify | 答案为否：法律或关口不放行、此人无权、证据核验不通过 |
| 2 | usage or input: an argument, a file, a name | 用法或输入有误 |
| 3 | environment: disk, store, clock, another writer | 环境故障 |
| 4 | a fault in custody | custody 自身故障 |
| 130 | interrupted; run it again to go on | 被中断，可再次执行继续 |

`law check` with obligations and `gate` with withheld customers are 0: they answer. `verify` with faults, `reconcile` with differences, and `ship` or `release` that a gate refuses, are 1.

## With `--json` · 机器可读

Standard output is exactly one JSON object, UTF-8, `"v": 1`; words and progress go to standard error. Names are stable; names that a reader does not know are to be ignored. A failure is
`{"v": 1, "error": {"slug", "message", "where", "next", "retry"}}`: [errors](errors.md). Below, `?` behind a name: may be absent; `*`: any name; `nothing`: null. 标准输出只有一个 JSON 对象，说明与进度走标准错误；问号表示可能没有。

A command that writes may be run again: it returns what it did, `"resumed": true`. With `--dry-run` it writes nothing and says what it `would` do, and what a second person must `approve`: an act and the hash of its content.

## For every command · 通用选项

"""
ARGUMENTS = {
    "act": Words("操作：ship、release、destroy、handover-control、retention、deal-abort、deal-return、deal-windup、deal-close……", "the act: ship, release, destroy, handover-control, retention, deal-abort, deal-return, deal-windup, deal-close, …"),
    "card": Words("对方名片文件", "the other party's card, a file"),
    "content": Words("--dry-run 给出的内容哈希", "the hash of the content that --dry-run told"),
    "datamap": Words("数据地图文件", "the data map, a file"),
    "deal": Words("交易编号、id 或唯一前缀（至少 4 位）", "the deal: its reference, id, or a unique beginning of at least 4"),
    "which": Words("声明的种类：gate、shipped、released……", "the statement's kind: gate, shipped, released, …"),
    "directory": Words("文件夹，默认 demo", "the folder, demo unless given"),
    "facts_file": Words("事实，JSON 文件", "the facts, a JSON file"),
    "handle": Words("操作人的简称", "what the person is called here"),
    "instant": Words("时刻，RFC 3339", "an instant, RFC 3339"),
    "other": Words("另一条记录", "the other record"),
    "word": Words("same（同一个人）或 other（别人）", "same or other"),
    "name": Words("副本的名称", "what the copy is called"),
    "places": Words("地域代码；不写则全部", "codes of places; all unless given"),
    "paths": Words("要核验的文件或文件夹", "files or folders to check"),
    "policy": Words("保存期限规则，TOML 文件", "the retention policy, a TOML file"),
    "rule": Words("规则编号", "the rule's id"),
    "seller": Words("卖方的 id", "the seller's id"),
    "sheets": Words("恢复单文件", "recovery sheets, files"),
    "after": Words("后一份数据地图", "the later data map, a file"),
    "before": Words("前一份数据地图", "the earlier data map, a file"),
    "settings": Words("设定：名称=值", "settings: NAME=VALUE"),
    "target": Words("表，或 表.列", "a table, or TABLE.COLUMN"),
    "consents_file": Words("以前的同意，CSV 文件", "consents given before, a CSV file"),
    "answers_file": Words("客户的答复，CSV 文件", "the customers' answers, a CSV file"),
    "kind": Words("证据的种类，代码", "the kind of evidence, a code"),
    "groups": Words("事实的组；不写则全部", "groups of facts; all unless given"),
    "house_file": Words("本公司规则的文件 …/地域/文件夹/文件.yaml", "a house file, …/place/folder/file.yaml"),
    "override": Words("推翻的编号 evd_…", "the override, by id: evd_…"),
    "paper": Words("文件的种类（见 deal documents），或规则编号", "the kind of paper (see deal documents), or a rule's id"),
    "provider": Words("由何处保管：passphrase-file、pkcs11、aws-kms、transit", "passphrase-file, pkcs11, aws-kms or transit"),
    "n": Words("编号", "the number"),
    "place": Words("备份所在的文件夹，或要放数据的地方", "the folder of the backup, or where data is to lie"),
    "subject": Words("个人的编号 sub_…", "the person, by id: sub_…"),
    "subjects": Words("个人的编号 sub_…", "persons, by id: sub_…"),
    "campaign": Words("告知的编号 N-…", "the campaign, by reference: N-…"),
    "work": Words("请求 R-… 或更正 cor_…", "the request, R-…, or the correction, cor_…"),
    "incident": Words("安全事件的编号 I-…", "the incident, by reference: I-…"),
    "publication": Words("公告的编号 P-…", "the public notice, by reference: P-…"),
    "correction": Words("更正的编号 cor_…", "the correction, by id: cor_…"),
    "request": Words("请求的编号 R-…", "the request, by reference: R-…"),
    "which_link": Words("链接 lnk_… 或个人 sub_…", "the link, lnk_…, or the person, sub_…"),
    "value": Words("邮箱、电话、证件号或客户编号", "an e-mail address, telephone, identity or customer number"),
    "folder": Words("规则的文件夹；不写则为随附的规则", "a folder of rules; those that ship unless given"),
    "old": Words("前一版规则的文件夹", "the folder of the earlier rules"),
    "new": Words("后一版规则的文件夹；不写则为随附的规则", "the folder of the later rules; those that ship unless given"),
    "sources": Words("文件、文件夹或数据库", "files, folders or databases"),
    "department": Words("部门代码，见访问规则", "a department of the access policy, by code"),
    "entry": Words("账本的条目号，或 SPACE@NUMBER", "the number of an entry of the ledger, or SPACE@NUMBER"),
    "grant": Words("授权的编号 gnt_…", "the grant, by id: gnt_…"),
    "listed": Words("名单文件，每行一个 sub_…", "a file with one sub_… on each line"),
    "person": Words("操作人", "the person, by handle"),
    "machine": Words("程序的名称", "what the machine is called"),
    "which_token": Words("令牌的编号 tok_…", "the token, by id: tok_…"),
    "topic": Words("培训主题，例如 privacy", "what was trained, such as privacy"),
}  # fmt: skip


# What a test of the line refuses: a new verb is played in shapes.py, a new argument gets its words above.
MISSING = "*not told yet*"


def page() -> str:
    """The Markdown."""
    told: dict[str, Shape] = json.loads(SHAPES.read_text(encoding="utf-8"))
    shared = _table(zip(global_options("zh"), global_options("en"), strict=True))
    return HEAD + shared + "".join(_verb(verb, told) for verb in VERBS)


def _verb(verb: Verb, told: dict[str, Shape]) -> str:
    usage = " ".join(["custody", verb.name, *(_usage(one) for one in verb.params)])
    params = _table((one, one) for one in verb.params) + "\n" if verb.params else ""
    printed = _APART.get(verb.name) or (f"```\n{_shown(told[verb.name])}\n```" if verb.name in told else MISSING)
    words = f"\n## {verb.name}\n\n{verb.words.en} · {verb.words.zh}\n\n```\n{usage}\n```\n\n{params}"
    return f"{words}Example · 例：`{verb.example}`\n\n`--json` prints · 输出：\n\n{printed}\n"


def _usage(parameter: click.Parameter) -> str:
    many = parameter.nargs == -1 or getattr(parameter, "multiple", False)
    if isinstance(parameter, click.Argument):
        text = (parameter.name or "").upper()
    else:
        text = parameter.opts[-1] + ("" if _flag(parameter) else f" {_kind(parameter)}")
    text += "…" if many else ""
    return text if parameter.required else f"[{text}]"


def _table(params: Iterator[tuple[click.Parameter, click.Parameter]] | object) -> str:
    rows = [_row(zh, en) for zh, en in params]  # type: ignore[attr-defined]
    return "| parameter | | means | 含义 |\n|---|---|---|---|\n" + "".join(rows)


def _row(zh: click.Parameter, en: click.Parameter) -> str:
    words = _words(zh, en)
    if isinstance(en, click.Argument):
        name, kind = (en.name or "").upper(), "" if en.required else "may be left out"
    else:
        name = ", ".join(en.opts)
        default = f"; {en.default}" if isinstance(en.default, str | int) and en.default not in ("", False) else ""
        must, many = "; needed" if en.required else "", "; repeatable" if getattr(en, "multiple", False) else ""
        kind = ("flag" if _flag(en) else _kind(en)) + default + must + many
    kind = kind.replace("|", "\\|")
    return f"| `{name}` | {kind} | {words.en} | {words.zh} |\n"


def _words(zh: click.Parameter, en: click.Parameter) -> Words:
    if isinstance(en, click.Argument):
        return ARGUMENTS.get(en.name or "", Words(MISSING, MISSING))
    spoken = getattr(en, "words", None)
    if isinstance(spoken, Words):
        return spoken
    return Words(str(getattr(zh, "help", "")), str(getattr(en, "help", "")))


def _kind(parameter: click.Parameter) -> str:
    if isinstance(parameter.type, click.Choice):
        return "|".join(str(one) for one in parameter.type.choices)
    return {"path": "FILE", "integer": "N"}.get(parameter.type.name, "TEXT")


def _flag(parameter: click.Parameter) -> bool:
    return bool(getattr(parameter, "is_flag", False))


def _shown(shape: Shape, margin: str = "") -> str:
    if isinstance(shape, list):
        return f"[{_shown(shape[0], margin)}]"
    if isinstance(shape, dict):
        if not shape:
            return "{}"
        width = margin + "  "
        lines = ",\n".join(f"{width}{name}: {_shown(part, width)}" for name, part in shape.items())
        short = "{" + ", ".join(f"{name}: {_shown(part)}" for name, part in shape.items()) + "}"
        return short if len(margin + short) < _WIDTH and "\n" not in short else f"{{\n{lines}\n{margin}}}"
    return shape or "anything"


_WIDTH = 110
_APART = {
    "demo": "The summary of the rehearsal: [rehearsal](../../spec/demo.md) §5.",
    "batch": 'One object per line of input: `{"code": exit code, "out": what the command prints}`.',
    "serve": "Nothing: it runs until it is stopped. `GET /health` and `GET /ready` answer machines.",
    "api": "Nothing: it runs until it is stopped. `GET /health` and `GET /ready` answer machines.",
    "portal": "Nothing: it runs until it is stopped. `GET /health` and `GET /ready` answer machines.",
}
