"""Verbs that keep and end: erase, hold, rekey, backup, restore."""

from collections.abc import Sequence
from pathlib import Path

import click

from custody import wiring
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.backup import backup, backup_forget
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_list, hold_release
from custody.services.rekey import rekey

VAULT = option("--vault", words=Words("保险库", "vault"))


def _erase(call: Call, subjects: Sequence[str], listed: Path | None, vault: str | None, skip_held: bool) -> Result:
    named = [*subjects, *(wiring.folder(listed.parent).read(listed.name).decode().split() if listed else ())]
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return erase(desk, named, vault, skip_held=skip_held)


def _hold_add(call: Call, subject: str, reason: str, until: str, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return hold_add(desk, subject, reason, until, vault)


def _hold_release(call: Call, subject: str, reason: str, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return hold_release(desk, subject, reason, vault)


def _hold_list(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return hold_list(desk, vault)


def _rekey(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return rekey(desk, vault)


def _backup(call: Call, to: Path | None, forget: Path | None, verify: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        if forget is not None:
            return backup_forget(desk, str(forget.resolve()))
        return backup(desk, str(to.resolve()) if to else None, verify=verify)


def _restore(call: Call, place: Path, sheet: Sequence[Path]) -> Result:
    texts = [wiring.folder(one.parent).read(one.name).decode(errors="replace") for one in sheet]
    return wiring.restored(call.home, str(place.resolve()), texts, call.acting, call.passphrase_file)


def _show_holds(result: Result, _lang: str) -> object:
    return grid(result["holds"], ("subject", "reason", "until"))


VERBS = (
    Verb(
        "erase",
        Words(
            "删除客户：即刻不可读，根密钥销毁后不可恢复", "erase customers: unreadable at once, final with their root"
        ),
        (
            argument("subjects", many=True, required=False),
            option(
                "--list",
                "listed",
                words=Words("名单文件，每行一个 sub_…", "a file with one sub_… on each line"),
                kind=PATH,
            ),
            VAULT,
            option("--skip-held", words=Words("跳过保全中的客户", "leave out customers under a hold"), flag=True),
        ),
        _erase,
        facts,
        "custody erase sub_0A1B2C3D4E5F6G7H8J9K0M1N2P --as zhouning",
    ),
    Verb(
        "hold add",
        Words("保全：有此记录的客户不可删除", "set a hold: nothing erases this customer"),
        (
            argument("subject"),
            option("--reason", words=Words("原因代码", "reason, as a code"), required=True),
            option("--until", words=Words("至何日（含），不填则无期", "last day of it; none without"), default=""),
            VAULT,
        ),
        _hold_add,
        facts,
        "custody hold add sub_… --reason dispute.2026-14 --until 2027-12-31",
    ),
    Verb(
        "hold release",
        Words("解除保全", "release a hold"),
        (argument("subject"), option("--reason", words=Words("原因代码", "reason, as a code"), required=True), VAULT),
        _hold_release,
        facts,
        "custody hold release sub_… --reason dispute.2026-14",
    ),
    Verb("hold list", Words("列出保全", "list holds"), (VAULT,), _hold_list, _show_holds, "custody hold list"),
    Verb(
        "rekey",
        Words(
            "更换根密钥并销毁旧的：此前的删除从此不可恢复",
            "change the root and destroy the one before: erasures become final",
        ),
        (VAULT,),
        _rekey,
        facts,
        "custody rekey --vault main --as suhe",
    ),
    Verb(
        "backup",
        Words("备份：段、事实、密钥、账本，写后读回核对", "back up: segments, facts, keys, journal; read back"),
        (
            option(
                "--to",
                words=Words("备份到文件夹，此后每次轮换都更新它", "to a folder, which each rotation renews"),
                kind=PATH,
            ),
            option("--forget", words=Words("不再向此处备份", "back up there no more"), kind=PATH),
            option("--verify", words=Words("重新核对已有的段", "hash segments that are there already"), flag=True),
        ),
        _backup,
        facts,
        "custody backup --to backups --as suhe",
    ),
    Verb(
        "restore",
        Words(
            "从备份恢复：已删除的不会回来，缺什么会列出",
            "restore from a backup: nothing erased comes back, what is missing is listed",
        ),
        (
            argument("place", kind=click.Path(path_type=Path, exists=True, file_okay=False)),
            option("--sheet", words=Words("恢复单，可多次", "a recovery sheet, repeatable"), kind=PATH, many=True),
        ),
        _restore,
        facts,
        "custody restore backups --home seller --as suhe",
    ),
)
