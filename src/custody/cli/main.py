"""The command line: a table of verbs, one JSON envelope, one way to fail (docs/architecture.md §8).

With `--json`, stdout is exactly one JSON object; words and progress go to stderr. Exit codes: 0 done, 1 the answer is
no, 2 usage or input, 3 environment, 4 a fault in custody, 130 interrupted and resumable.
"""

import sys
from collections.abc import Sequence
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeVar

import click

from custody.base.errors import CustodyError
from custody.cli.faults import report, unexpected
from custody.cli.output import print_json, print_shown, say
from custody.cli.spoken import SpokenCommand, SpokenGroup, usage
from custody.cli.table import VERBS
from custody.cli.verb import Call, Verb
from custody.cli.words import Words, language

_Command = TypeVar("_Command", bound=SpokenCommand)
_GLOBAL: Final = ("home", "acting", "lang", "as_json", "passphrase_file")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json, lang = "--json" in words, language(_flag(words, "--lang"))
    try:
        code = group(lang).main(words, prog_name="custody", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except CustodyError as error:
        return report(error, as_json=as_json, lang=lang)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        return report(usage(error, lang), as_json=as_json, lang=lang)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:  # noqa: BLE001 - the last door: whatever it is becomes exit 4, logged without values
        named = _flag(words, "--home")
        return unexpected(error, as_json=as_json, lang=lang, home=Path(named) if named else None)


@cache
def group(lang: str) -> click.Group:
    """The command tree in `lang`: made once, however many commands one process runs."""
    top = _spoken(SpokenGroup("custody", help=_PURPOSE.of(lang), params=list(global_options(lang))), lang)
    for verb in VERBS:
        parent, _, name = verb.name.rpartition(" ")
        holder = top
        if parent:
            known = top.commands.get(parent)
            new = _spoken(SpokenGroup(parent, help=_groups(parent).of(lang)), lang)
            holder = known if isinstance(known, SpokenGroup) else new
            top.add_command(holder)
        holder.add_command(_command(verb, name, lang))
    return top


def _command(verb: Verb, name: str, lang: str) -> click.Command:
    params = [*(_told(one, lang) for one in verb.params), *global_options(lang)]
    text = f"{verb.words.of(lang)}\n\n\b\n{_EXAMPLE.of(lang)}\n  {verb.example}"
    run = partial(_run, verb)
    return _spoken(SpokenCommand(name, callback=run, params=params, help=text, short_help=verb.words.of(lang)), lang)


def _told(parameter: click.Parameter, lang: str) -> click.Parameter:
    """The same in `lang`; a copy, because the table of verbs serves both."""
    told = copy(parameter)
    spoken = getattr(told, "words", None)
    if isinstance(told, click.Option) and spoken:
        told.help = spoken.of(lang)
    return told


def _spoken(command: _Command, lang: str) -> _Command:
    command.lang = lang
    return command


@click.pass_context
def _run(context: click.Context, verb: Verb, /, **values: object) -> int:
    chosen = {name: values.pop(name) for name in _GLOBAL}
    above = context.find_root().params
    for name in _GLOBAL:
        chosen[name] = chosen[name] or above.get(name)
    lang = language(str(chosen["lang"]) if chosen["lang"] else None)
    home, secret = chosen["home"], chosen["passphrase_file"]
    call = Call(
        home=home if isinstance(home, Path) else None,
        acting=str(chosen["acting"]) if chosen["acting"] else None,
        lang=lang,
        passphrase_file=secret if isinstance(secret, Path) else None,
        say=say,
        run=main,
    )
    result = verb.run(call, **values)
    if chosen["as_json"]:
        print_json(result)
    else:
        print_shown(verb.show(result, lang))
    return 0 if result.get("ok", True) else 1


@cache
def global_options(lang: str) -> tuple[click.Option, ...]:
    """What every command takes."""
    path = click.Path(path_type=Path)
    return (
        click.Option(["--home"], type=path, help=_HOME.of(lang)),
        click.Option(["--as", "acting"], help=_AS.of(lang)),
        click.Option(["--passphrase-file"], type=path, help=_SECRET.of(lang)),
        click.Option(["--lang"], type=click.Choice(["zh", "en"]), help=_LANG.of(lang)),
        click.Option(["--json", "as_json"], is_flag=True, help=_JSON.of(lang)),
    )


def _flag(words: list[str], name: str) -> str | None:
    for place, word in enumerate(words):
        if word == name and place + 1 < len(words):
            return words[place + 1]
        if word.startswith(name + "="):
            return word.partition("=")[2]
    return None


def _groups(name: str) -> Words:
    return _GROUPS.get(name, Words(name, name))


_PURPOSE: Final = Words(
    "custody：公司易手时，让客户数据安全、合法、不中断。",
    "custody keeps customer data safe, lawful and alive while a company changes hands.",
)
_EXAMPLE: Final = Words("例：", "Example:")
_HOME: Final = Words("安装目录", "the home of this installation")
_AS: Final = Words("以谁的身份操作", "who acts")
_SECRET: Final = Words("口令文件（仅本人可读）", "file that holds the passphrase, readable by its owner alone")
_LANG: Final = Words("语言", "language")
_JSON: Final = Words("输出一个 JSON 对象", "print exactly one JSON object")
_GROUPS: Final = {
    "law": Words("法律规则", "rules of law"),
    "deal": Words("交易", "deals"),
    "member": Words("交易成员", "members of a deal"),
    "party": Words("公司名片", "party cards"),
    "principal": Words("操作人", "people who act"),
    "datamap": Words("数据地图", "the data map"),
    "evidence": Words("证据", "evidence"),
    "token": Words("接口令牌", "tokens of the API"),
    "access": Words("访问规则与查看记录", "who may see values, and who did"),
    "grant": Words("授权", "grants"),
    "department": Words("部门", "departments"),
    "training": Words("培训", "training"),
    "override": Words("推翻规则", "overrides of a rule"),
    "copy": Words("副本", "copies"),
    "incident": Words("安全事件", "incidents"),
    "residency": Words("数据存放地域", "where data lies"),
    "vault": Words("保险库", "vaults"),
    "recovery": Words("恢复单", "recovery sheets"),
    "hold": Words("保全", "holds"),
    "quarantine": Words("隔离", "the quarantine"),
    "ledger": Words("账本", "the ledger"),
}
