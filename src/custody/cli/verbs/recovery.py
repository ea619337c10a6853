"""Verbs of recovery: vault new, recovery print, recovery test; each before the first seal."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from custody import wiring
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.recovery_print import recovery_print
from custody.services.recovery_test import recovery_test
from custody.services.vault_new import vault_new

_VAULT = option("--vault", words=Words("保险库", "vault"))
_MOST = 1024 * 1024


def read(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """(name, text) of recovery sheets in files."""
    return [(one.name, wiring.folder(one.parent).read(one.name).decode(errors="replace")) for one in paths]


def _new(call: Call, name: str, without_recovery: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return vault_new(desk, name, untried=not without_recovery)


def _print(call: Call, holder: Sequence[str], threshold: int, to: Path, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        made: Result = recovery_print(desk, vault, holder, threshold)
    out, names = wiring.folder(to), []
    for number, one in enumerate(made["sheets"], 1):
        names.append(f"recovery-{made['vault']}-g{made['generation']}-{number}.txt")
        out.write(names[-1], one["text"].encode(), secret=True)
        out.write(names[-1].replace(".txt", ".pdf"), wiring.pdf("sheet", one["paper"]), secret=True)
    return {"vault": made["vault"], "generation": made["generation"], "threshold": threshold, "files": names}


def _test(call: Call, sheets: Sequence[Path], typed: bool, vault: str | None) -> Result:
    if typed == bool(sheets):
        raise click.UsageError("recovery test needs SHEETS, or --typed")
    if typed:
        call.say(_TYPE.of(call.lang))
    texts = wiring.typed_sheets(sys.stdin.read(_MOST)) if typed else read(sheets)
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_test(desk, texts, vault)


_TYPE = Words(
    "请逐张照抄恢复单上的五行，最后按 Ctrl-D。",
    "Type the five lines of each sheet, one sheet after another; then Ctrl-D.",
)

VERBS = (
    Verb(
        "vault new",
        Words("先建保险库，试过恢复单才能封存", "make a vault; it takes no data until its recovery sheets were tried"),
        (
            argument("name"),
            option("--without-recovery", words=Words("不等恢复单", "do not wait for recovery sheets"), flag=True),
        ),
        _new,
        facts,
        "custody vault new main --as suhe",
    ),
    Verb(
        "recovery print",
        Words(
            "恢复单：每位持有人一份，够数才能打开保险库",
            "recovery sheets, one for each holder: enough of them open the vault",
        ),
        (
            option("--holder", words=Words("持有人，可多次", "who gets one, repeatable"), many=True, required=True),
            option("--threshold", words=Words("几份能打开", "how many open it"), kind=int, default=2),
            option(
                "--to", words=Words("写到此文件夹（机密）", "folder for the sheets (secret)"), kind=PATH, required=True
            ),
            _VAULT,
        ),
        _print,
        facts,
        "custody recovery print --holder 苏禾 --holder 周宁 --holder 李墨 --to sheets",
    ),
    Verb(
        "recovery test",
        Words("试一试恢复单能不能打开保险库", "try whether recovery sheets open the vault"),
        (
            argument("sheets", many=True, required=False, kind=PATH),
            option("--typed", words=Words("照着纸从键盘输入", "typed from paper at the keyboard"), flag=True),
            _VAULT,
        ),
        _test,
        facts,
        "custody recovery test recovery-main-g2-fanyuan.txt recovery-main-g2-yeqing.txt",
    ),
)
