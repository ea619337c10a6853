"""Verbs that set up a space: init, principal, party, approve, clock."""

from collections.abc import Sequence
from pathlib import Path

import click

from custody import wiring
from custody.acts.stepping import ACT
from custody.base import canonical
from custody.cli.kept_channels import kept
from custody.cli.shared import DRY, at_desk
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.verbs.keys import KIND, SETTING, section
from custody.cli.words import Words
from custody.model.party import HOSTING, ROLES
from custody.services.approve import approve
from custody.services.clock_correct import clock_correct
from custody.services.init import Founding
from custody.services.party import party_card, party_confirm
from custody.services.principal_end import principal_end
from custody.services.principal_new import principal_new
from custody.services.principal_reset import principal_reset
from custody.services.principal_roles import PEOPLES, principal_roles

_UNREAD = Words(
    "读不到控制台的库，其通知渠道没有列出。", "The console's rows cannot be read: the channels are not listed."
)


def _init(
    call: Call, store_password_file: Path | None, keys: str | None, setting: Sequence[str], **given: str
) -> Result:
    if call.passphrase_file is None or not call.acting:
        raise click.UsageError("init needs --as HANDLE and --passphrase-file FILE for its first principal")
    founding = Founding(
        given["name_zh"], given["name_en"], given["uscc"], given["place"], given["hosting"], call.acting
    )
    return wiring.found(
        call.home, founding, region=given["region"], own_secret=call.passphrase_file, rehearsal_at=given["rehearsal_at"],
        store_url=given["store"], store_password=store_password_file,
        keys=(keys, section(setting)) if keys else None,
    )  # fmt: skip


def _principal_new(call: Call, handle: str, roles: Sequence[str], new_passphrase_file: Path) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return principal_new(desk, handle, roles, wiring.passphrase(new_passphrase_file))


def _principal_reset(call: Call, handle: str, new_passphrase_file: Path) -> Result:
    return at_desk(call, lambda desk: principal_reset(desk, handle, wiring.passphrase(new_passphrase_file)))


def _principal_end(call: Call, handle: str, dry_run: bool) -> Result:
    """What ends with it, the channels of the console by name; where they cannot be read that is said, and nothing is claimed of them."""
    told = at_desk(call, lambda desk: principal_end(desk, handle, dry_run=dry_run))
    channels = kept(wiring.home_folder(call.home), str(told["id"]))
    if channels is None:
        call.say(_UNREAD.of(call.lang))
        return told
    return {**told, "channels": channels}


def _principal_roles(call: Call, handle: str, roles: Sequence[str], dry_run: bool) -> Result:
    return at_desk(call, lambda desk: principal_roles(desk, handle, roles, dry_run=dry_run))


def _party_card(call: Call, to: Path | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        result = party_card(desk)
    if to is not None:
        card = result["card"]
        wiring.folder(to.parent).write(to.name, canonical.encode(card))
    return result


def _party_confirm(call: Call, card: Path, fingerprint: str) -> Result:
    data = wiring.folder(card.parent).read(card.name)
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return party_confirm(desk, data, fingerprint)


def _approve(call: Call, act: str, content: str) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file, behind=act == ACT) as desk:
        return approve(desk, act, content)


def _clock_correct(call: Call, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file, behind=True) as desk:
        return clock_correct(desk, dry_run=dry_run)


def _clock(call: Call, instant: str) -> Result:
    return wiring.move_clock(call.home, instant)


VERBS = (
    Verb(
        "init",
        Words(
            "建立一个安装目录：公司、签名密钥、第一位操作人",
            "make a home: the company, its signing keys, its first principal",
        ),
        (
            option("--name-zh", words=Words("公司中文名称", "legal name in Chinese"), required=True),
            option("--name-en", words=Words("公司英文名称", "legal name in English"), required=True),
            option("--uscc", words=Words("统一社会信用代码", "unified social credit code"), default=""),
            option("--place", words=Words("注册地", "place of registration"), default="CN"),
            option("--region", words=Words("数据存放地域", "region where the data lives"), default="CN"),
            option("--hosting", words=Words("部署方式", "hosting"), kind=click.Choice(HOSTING), default="separate"),
            option("--keys", words=Words("根密钥由何处保管", "where roots are kept"), kind=KIND),
            option("--setting", words=SETTING, many=True),
            option(
                "--rehearsal-at", words=Words("演练：模拟时钟的起点", "rehearsal: where the simulated clock starts")
            ),
            option(
                "--store",
                words=Words(
                    "核心库的 URL（默认：安装目录中的文件）", "URL of the core store (default: a file in the home)"
                ),
            ),
            option(
                "--store-password-file",
                words=Words("核心库口令所在的文件", "file with the password of the core store"),
                kind=PATH,
            ),
        ),
        _init,
        facts,
        "custody init --home seller --as suhe --passphrase-file suhe.pass --name-zh 青禾书屋 --name-en 'Qinghe Books'",
    ),
    Verb(
        "principal end",
        Words(
            "停止一个人的操作权：密钥、授权和令牌即刻失效，所管的通知渠道不再发送",
            "end somebody's right to act: key, grants and tokens open nothing any more, and their channels carry nothing",
        ),
        (argument("handle"), DRY),
        _principal_end,
        facts,
        "custody principal end zhouning --dry-run",
    ),
    Verb(
        "principal new",
        Words("添加一位操作人，有自己的密钥", "let one more person act, with a key of their own"),
        (
            argument("handle"),
            option("--roles", words=Words("角色，可多次", "roles, repeatable"), kind=click.Choice(ROLES), many=True),
            option(
                "--new-passphrase-file",
                words=Words("新操作人的口令文件", "the new person's passphrase file"),
                kind=PATH,
                required=True,
            ),
        ),
        _principal_new,
        facts,
        "custody principal new zhouning --roles privacy --new-passphrase-file zhouning.pass",
    ),
    Verb(
        "principal reset",
        Words(
            "重新给忘了口令的人一把密钥",
            "give a key anew to somebody who lost their passphrase",
        ),
        (
            argument("handle"),
            option(
                "--new-passphrase-file",
                words=Words("给本人的口令文件，由本人再换", "file with the passphrase they are given, and change"),
                kind=PATH,
                required=True,
            ),
        ),
        _principal_reset,
        facts,
        "custody principal reset zhouning --new-passphrase-file once.pass",
    ),
    Verb(
        "principal roles",
        Words(
            "更改一个人的角色：给予须两人，收回只要一位所有者",
            "change somebody's roles: to give takes two people, to take away one owner",
        ),
        (
            argument("handle"),
            option(
                "--roles",
                words=Words("之后的全部角色，可多次", "all roles afterwards, repeatable"),
                kind=click.Choice(PEOPLES),
                many=True,
            ),
            DRY,
        ),
        _principal_roles,
        facts,
        "custody principal roles zhouning --roles privacy --roles lawyer --dry-run",
    ),
    Verb(
        "party card",
        Words("出示本公司名片与指纹", "show this party's card and fingerprint"),
        (option("--to", words=Words("写到文件", "write the card to a file"), kind=PATH),),
        _party_card,
        facts,
        "custody party card --to handover/cards/seller.json",
    ),
    Verb(
        "party confirm",
        Words("核对指纹后确认对方名片，须两人", "confirm the other party's card by its fingerprint; two people must"),
        (
            argument("card", kind=PATH),
            option(
                "--fingerprint",
                words=Words("对方口头告知的指纹", "the fingerprint read out by the other party"),
                required=True,
            ),
        ),
        _party_confirm,
        facts,
        "custody party confirm buyer.json --fingerprint '12345 67890 …'",
    ),
    Verb(
        "approve",
        Words("以第二人身份批准一项操作", "approve, as a second person, what another is about to do"),
        (argument("act"), argument("content")),
        _approve,
        facts,
        "custody approve release sha256:…",
    ),
    Verb(
        "clock-correct",
        Words(
            "时钟曾经快过、现已校准：两人确认后，账本从正确的时间继续",
            "the clock was ahead and is right now: two people say so, and the ledger goes on from the right time",
        ),
        (DRY,),
        _clock_correct,
        facts,
        "custody clock-correct --dry-run",
    ),
    Verb(
        "clock",
        Words("演练：拨快模拟时钟", "rehearsal: move the simulated clock forward"),
        (argument("instant"),),
        _clock,
        facts,
        "custody clock 2026-04-01T01:00:00Z",
    ),
)
