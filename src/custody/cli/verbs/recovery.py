"""Verbs of recovery: on paper (print, test), with holders' keys in an escrow store (join, deposit, give, open, sheet)."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from custody import wiring
from custody.cli.shared import VAULT
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.verbs.data import SUITE
from custody.cli.words import Words
from custody.services.recovery_attest import recovery_attest
from custody.services.recovery_deposit import recovery_deposit
from custody.services.recovery_give import recovery_give
from custody.services.recovery_join import recovery_join
from custody.services.recovery_lost import recovery_lost
from custody.services.recovery_open import recovery_open
from custody.services.recovery_print import recovery_print
from custody.services.recovery_sheet import recovery_sheet
from custody.services.recovery_test import recovery_test
from custody.services.vault_new import vault_new

_MOST = 1024 * 1024


def read(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """(name, text) of recovery sheets in files."""
    return [(one.name, wiring.folder(one.parent).read(one.name).decode(errors="replace")) for one in paths]


def _new(call: Call, name: str, without_recovery: bool, suite: int | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return vault_new(desk, name, untried=not without_recovery, suite=suite)


def _print(call: Call, holder: Sequence[str], threshold: int, to: Path, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        made: Result = recovery_print(desk, vault, holder, threshold)
    out, names, known = wiring.folder(to), [], Counter[int]()
    for one in made["sheets"]:
        known[one["generation"]] += 1
        names.append(f"recovery-{made['vault']}-g{one['generation']}-{known[one['generation']]}.txt")
        out.write(names[-1], one["text"].encode(), secret=True)
        out.write(names[-1].replace(".txt", ".pdf"), wiring.pdf("sheet", one["paper"]), secret=True)
    return {**{name: value for name, value in made.items() if name != "sheets"}, "files": names}


def _test(call: Call, sheets: Sequence[Path], typed: bool, vault: str | None) -> Result:
    if typed == bool(sheets):
        raise click.UsageError("recovery test needs SHEETS, or --typed")
    if typed:
        call.say(_TYPE.of(call.lang))
    texts = wiring.typed_sheets(sys.stdin.read(_MOST)) if typed else read(sheets)
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_test(desk, texts, vault)


def _join(call: Call, to: Path) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_join(desk, wiring.folder(to.parent), to.name, wiring.passphrase(call.passphrase_file))


def _deposit(call: Call, holder: Sequence[str], threshold: int, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_deposit(desk, holder, threshold, dry_run=dry_run)


def _give(call: Call, to: str, key: Path, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_give(desk, wiring.holder_key(key, call.passphrase_file), to, vault)


def _open(call: Call, key: Path, vault: str | None, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_open(desk, wiring.holder_key(key, call.passphrase_file), vault, dry_run=dry_run)


def _lost(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_lost(desk, vault)


def _attest(call: Call, why: str, lost: int | None, root: str | None, vault: str | None, dry_run: bool) -> Result:
    named = root or (f"entry:{lost}" if lost is not None else None)
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return recovery_attest(desk, why, vault, named, dry_run=dry_run)


def _sheet(call: Call, escrow: Path, key: Path, to: Path, vault: str | None) -> Result:
    made: Result = recovery_sheet(wiring.folder(escrow), wiring.holder_key(key, call.passphrase_file), vault)
    wiring.folder(to.parent).write(to.name, made["text"].encode(), secret=True)
    return {**{name: value for name, value in made.items() if name != "text"}, "file": to.name}


_KEY = option("--key", words=Words("自己的持有人密钥文件", "one's own holder key, a file"), kind=PATH, required=True)
_DRY = option("--dry-run", words=Words("只试不做", "try it, change nothing"), flag=True)
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
            option(
                "--without-recovery",
                words=Words("不要恢复单，由所有者具名负责", "do without recovery sheets, on an owner's word"),
                flag=True,
            ),
            option("--suite", words=SUITE, kind=int),
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
            VAULT,
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
            VAULT,
        ),
        _test,
        facts,
        "custody recovery test recovery-main-g2-fanyuan.txt recovery-main-g2-yeqing.txt",
    ),
    Verb(
        "recovery join",
        Words(
            "持有人：做一把自己的密钥，私钥只写到自己的文件",
            "as a holder: make a key, its private half in a file of one's own",
        ),
        (
            option(
                "--to",
                words=Words("写到此文件（机密，自己保管）", "the file (secret, kept by the holder)"),
                kind=PATH,
                required=True,
            ),
        ),
        _join,
        facts,
        "custody recovery join --to /media/stick/yeqing.holder --as yeqing",
    ),
    Verb(
        "recovery deposit",
        Words(
            "把每个保险库的恢复份额封给持有人，存入托管处；要两个人",
            "seal shares of every vault to holders, into the escrow store; takes two people",
        ),
        (
            option("--holder", words=Words("持有人，可多次", "who holds one, repeatable"), many=True, required=True),
            option("--threshold", words=Words("几份能打开", "how many open it"), kind=int, default=2),
            _DRY,
        ),
        _deposit,
        facts,
        "custody recovery deposit --holder suhe --holder zhouning --holder limo --threshold 2 --dry-run",
    ),
    Verb(
        "recovery give",
        Words(
            "持有人：打开自己的一份，封给收集人",
            "as a holder: open one's own share, seal it to the holder who collects",
        ),
        (option("--to", words=Words("收集人", "the holder who collects"), required=True), _KEY, VAULT),
        _give,
        facts,
        "custody recovery give --to suhe --key /media/stick/zhouning.holder --as zhouning",
    ),
    Verb(
        "recovery open",
        Words(
            "根密钥丢失时，用够数的份额打开保险库；平时用 --dry-run 试",
            "open a vault whose root is lost from enough shares; --dry-run tries it before",
        ),
        (_KEY, VAULT, _DRY),
        _open,
        facts,
        "custody recovery open --key /media/stick/suhe.holder --dry-run",
    ),
    Verb(
        "recovery lost",
        Words(
            "列出无从查看是否已不在的根密钥",
            "list the roots of which nobody can see that they are gone",
        ),
        (VAULT,),
        _lost,
        facts,
        "custody recovery lost",
    ),
    Verb(
        "recovery attest",
        Words(
            "无从查看的根密钥：两人声明它所在的介质已销毁",
            "two people say that what a root lay on was destroyed, where nobody can look",
        ),
        (
            option(
                "--why",
                words=Words("看到了什么：谁、何时、怎样销毁", "what was seen: who destroyed it, when, how"),
                required=True,
            ),
            option(
                "--lost",
                words=Words(
                    "有几把时：丢失那一条记录的序号",
                    "which one, where there are several: the entry by which it was lost",
                ),
                kind=int,
            ),
            option(
                "--root",
                words=Words(
                    "有几把时：recovery lost 所列的名称",
                    "which one, where there are several: as recovery lost names it",
                ),
            ),
            VAULT,
            _DRY,
        ),
        _attest,
        facts,
        "custody recovery attest --why 'disk of the old machine shredded, certificate 4711' --dry-run",
    ),
    Verb(
        "recovery sheet",
        Words(
            "连公司库也没有了时：从托管处取出自己的份额，写成恢复单",
            "when the home is gone too: one's own shares from the escrow store, as sheets in one file",
        ),
        (
            option("--escrow", words=Words("托管处的文件夹", "a folder of the escrow store"), kind=PATH, required=True),
            _KEY,
            option("--to", words=Words("写到此文件（机密）", "the file (secret)"), kind=PATH, required=True),
            option("--vault", words=Words("保险库的 id vlt_…", "the vault, by id: vlt_…")),
        ),
        _sheet,
        facts,
        "custody recovery sheet --escrow escrow --key suhe.holder --to suhe.sheet.txt",
    ),
)
