"""Verbs that keep and end: erase, hold, revise, rekey, backup, restore, compact, vault check."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Group, RenderableType

from custody import wiring
from custody.cli.shared import DRY, VAULT
from custody.cli.show import brief, facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.verbs.recovery import read
from custody.cli.words import Words
from custody.services.backup import backup
from custody.services.backup_forget import backup_forget
from custody.services.compact import compact
from custody.services.drill import drill
from custody.services.erase import erase
from custody.services.erase_part import erase_part
from custody.services.hold import hold_add, hold_list, hold_release
from custody.services.lookup import KINDS, lookup
from custody.services.rekey import rekey
from custody.services.revise import Correction, revise
from custody.services.vault_check import vault_check
from custody.services.vault_renew import vault_renew


def _erase(
    call: Call,
    subjects: Sequence[str],
    listed: Path | None,
    table: str | None,
    row: int | None,
    vault: str | None,
    skip_held: bool,
    suppress: bool,
    unread: bool,
    dry_run: bool,
) -> Result:
    if table is not None:
        if len(subjects) != 1 or listed or skip_held or suppress or unread:
            raise click.UsageError("--table takes exactly one SUBJECT")
        with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
            return erase_part(desk, subjects[0], table, row, vault, dry_run=dry_run)
    named = [*subjects, *(wiring.folder(listed.parent).read(listed.name).decode().split() if listed else ())]
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return erase(desk, named, vault, skip_held=skip_held, suppressed=suppress, unread=unread, dry_run=dry_run)


def _hold_add(call: Call, subject: str, reason: str, until: str, vault: str | None, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return hold_add(desk, subject, reason, until, vault, dry_run=dry_run)


def _hold_release(call: Call, subject: str, reason: str, vault: str | None, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return hold_release(desk, subject, reason, vault, dry_run=dry_run)


def _hold_list(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return hold_list(desk, vault)


def _rekey(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return rekey(desk, vault)


def _backup(call: Call, to: Path | None, forget: Path | None, verify: bool, dry_run: bool) -> Result:
    if dry_run and forget is None:
        raise click.UsageError("--dry-run goes with --forget")
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        if forget is not None:
            return backup_forget(desk, str(forget.resolve()), dry_run=dry_run)
        return backup(desk, str(to.resolve()) if to else None, verify=verify)


def _restore(call: Call, place: Path, sheet: Sequence[Path], beyond: int | None) -> Result:
    return wiring.restored(call.home, str(place.resolve()), read(sheet), call.acting, call.passphrase_file, beyond)


def _drill(call: Call, place: Path | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return drill(desk, str(place.resolve()) if place else None, wiring.rooms(call.home))


def _revise(call: Call, subject: str, **given: Any) -> Result:  # noqa: ANN401 - click's own values
    value: Path = given["value_file"]
    text = wiring.folder(value.parent).read(value.name).decode().removesuffix("\n")
    what = Correction(given["table"], given["row"], given["column"], text, given["reason"], by_law=given["by_law"])
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return revise(desk, subject, what, given["vault"], dry_run=given["dry_run"])


def _lookup(call: Call, value: str | None, value_file: Path | None, by: str | None, vault: str | None) -> Result:
    text = wiring.folder(value_file.parent).read(value_file.name).decode().strip() if value_file else value
    if text is None:
        raise click.UsageError("lookup needs a VALUE or --value-file FILE")
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return lookup(desk, text, by, vault)


def _compact(call: Call, vault: str | None, least: int) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return compact(desk, vault, least=least)


def _check(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return vault_check(desk, vault)


def _renew(call: Call, suite: int | None, vault: str | None, most: int | None, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return vault_renew(desk, vault, suite, most=most, dry_run=dry_run)


def _show_holds(result: Result, lang: str) -> RenderableType:
    return grid(result["holds"], ("subject", "reason", "until"), lang)


def _show_check(result: Result, lang: str) -> RenderableType:
    words = Words("无异常", "all agrees") if result["ok"] else Words("有不符之处", "something does not agree")
    rows = [{"class": one["class"], "where": one["where"]} for one in result["faults"]]
    lead = facts({"vault": result["vault"], "suite": result["suite"], **result["checked"], "": words.of(lang)}, lang)
    parts: list[RenderableType] = [lead]
    if len({one["suite"] for one in result["suites"]}) > 1:
        parts.append(grid(result["suites"], ("compartment", "suite", "pages", "keys"), lang))
    if result["not_sm"]:
        parts.append(Words("不是国密算法的部分：", "Not SM: ").of(lang) + brief(result["not_sm"], lang))
    return Group(*parts, *([grid(rows, ("class", "where"), lang)] if rows else []))


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
            option("--table", words=Words("只删除此表中的记录", "only what is held in this table")),
            option(
                "--row", words=Words("只删除此行（源行号）", "only this row, by its number in the source"), kind=int
            ),
            VAULT,
            option("--skip-held", words=Words("跳过保全中的客户", "leave out customers under a hold"), flag=True),
            option(
                "--suppress",
                words=Words(
                    "列入禁联名单，今后不再收入", "put them on the suppression list: no import brings them back"
                ),
                flag=True,
            ),
            option(
                "--unread",
                words=Words(
                    "连同无法读取的隔离行一并删除（须第二人批准）",
                    "rows set aside that nobody can read go along (a second person approves it)",
                ),
                flag=True,
            ),
            DRY,
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
            DRY,
        ),
        _hold_add,
        facts,
        "custody hold add sub_… --reason dispute.2026-14 --until 2027-12-31",
    ),
    Verb(
        "hold release",
        Words("解除保全；别人设的须第二人批准", "release a hold; what somebody else set takes a second person"),
        (
            argument("subject"),
            option("--reason", words=Words("原因代码", "reason, as a code"), required=True),
            VAULT,
            DRY,
        ),
        _hold_release,
        facts,
        "custody hold release sub_… --reason dispute.2026-14",
    ),
    Verb("hold list", Words("列出保全", "list holds"), (VAULT,), _hold_list, _show_holds, "custody hold list"),
    Verb(
        "revise",
        Words(
            "更正一个值：留版本，记录谁、为何、何时；高风险的值须第二人批准",
            "correct one value: versioned, with who, why and when; a value of high risk takes a second person",
        ),
        (
            argument("subject"),
            option("--table", words=Words("表", "table"), required=True),
            option(
                "--row",
                words=Words("源行号，只有一行时可省略", "row in the source; may be left out when there is one"),
                kind=int,
            ),
            option("--column", words=Words("列", "column"), required=True),
            option(
                "--value-file", words=Words("新值所在的文件", "file that holds the new value"), kind=PATH, required=True
            ),
            option("--reason", words=Words("原因代码", "reason, as a code"), required=True),
            option(
                "--by-law",
                words=Words("依法更正：旧值粉碎，不留版本", "the law demands it: the old value is shredded"),
                flag=True,
            ),
            DRY,
            VAULT,
        ),
        _revise,
        facts,
        "custody revise sub_… --table 会员 --column 手机 --value-file new.txt --reason customer-asked",
    ),
    Verb(
        "lookup",
        Words(
            "按邮箱、电话、证件号或客户编号查找客户",
            "find a customer by e-mail, phone, identity number or customer number",
        ),
        (
            argument("value", required=False),
            option(
                "--value-file",
                words=Words(
                    "值所在的文件（不留在命令历史里）",
                    "file that holds the value (leaves no trace in a shell's history)",
                ),
                kind=PATH,
            ),
            option("--by", words=Words("是什么值", "what the value is"), kind=click.Choice(KINDS)),
            VAULT,
        ),
        _lookup,
        facts,
        "custody lookup '+86 138 0013 8000' --as limo",
    ),
    Verb(
        "compact",
        Words("清除段中已无密钥的密文", "drop ciphertext whose key is gone from the segments"),
        (
            VAULT,
            option(
                "--least",
                words=Words("至少百分之几已死才改写", "rewrite from this share of dead bytes on, in per cent"),
                kind=int,
                default=10,
            ),
        ),
        _compact,
        facts,
        "custody compact --vault main",
    ),
    Verb(
        "vault check",
        Words("核查保险库：打开每一条，指出不符之处", "check a vault: open everything, name what does not agree"),
        (VAULT,),
        _check,
        _show_check,
        "custody vault check --vault main",
    ),
    Verb(
        "vault renew",
        Words(
            "更换密码套件：此后写入用新的，原有的逐页搬迁，可中断续行",
            "renew the suite: from now on the vault writes in it, and what is there moves page by page; it resumes",
        ),
        (
            option(
                "--suite",
                words=Words("改用的套件（默认：正在写入的）", "the suite to turn to (else: the one it writes in)"),
                kind=int,
            ),
            VAULT,
            option("--most", words=Words("最多搬迁几张密钥页", "move so many key pages at most"), kind=int),
            option("--dry-run", words=Words("只说将会做什么", "only say what would be done"), flag=True),
        ),
        _renew,
        facts,
        "custody vault renew --suite 2 --vault main --dry-run",
    ),
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
            option(
                "--forget",
                words=Words(
                    "不再向此处备份；最后一处，或换根正等着的，须所有者与第二人",
                    "back up there no more; the last place, or one that a change of root waits for, takes an owner and a second person",
                ),
                kind=PATH,
            ),
            option("--verify", words=Words("重新核对已有的段", "hash segments that are there already"), flag=True),
            DRY,
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
            option(
                "--beyond",
                words=Words(
                    "镜像止于此位置的备份之前，且再无更新的镜像：由所有者决定，以该备份补足镜像",
                    "the mirror ends before the backup of this position and no newer one is left: an owner takes that backup for what it lacks",
                ),
                kind=int,
            ),
        ),
        _restore,
        facts,
        "custody restore backups --home seller --as suhe",
    ),
    Verb(
        "drill",
        Words(
            "演练一次恢复：取回、逐条打开、与现有的对照，再丢掉；结果留下",
            "rehearse a restore: fetch, open and compare everything, then throw it away; the result is kept",
        ),
        (argument("place", kind=click.Path(path_type=Path), required=False),),
        _drill,
        facts,
        "custody drill backups --as suhe",
    ),
)
