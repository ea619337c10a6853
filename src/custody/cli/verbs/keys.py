"""Verbs of keys: keys show, keys use, keys backup; and their parameters for init."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from custody import wiring
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.keys_backup import keys_backup
from custody.services.keys_show import keys_show
from custody.services.keys_use import keys_use

KIND = click.Choice(wiring.KEY_PROVIDERS)
SETTING = Words(
    "如何找到它，名称=值，可多次；口令只写所在的文件",
    "how to reach it, NAME=VALUE, repeatable; of secrets only their file",
)


def section(settings: Sequence[str]) -> Mapping[str, str | int]:
    """NAME=VALUE, as custody.toml holds it."""
    pairs = [one.partition("=") for one in settings]
    if wrong := next((name for name, equals, _ in pairs if not equals), None):
        raise click.UsageError(f"not NAME=VALUE: {wrong}")
    return {name: int(value) if value.isdigit() and name == "pending_days" else value for name, _, value in pairs}


def _show(call: Call) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return keys_show(desk)


def _use(call: Call, provider: str, setting: Sequence[str]) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return keys_use(desk, wiring.host(call.home), provider, section(setting))


def _backup(call: Call, to: Path, lost: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return keys_backup(desk, wiring.folder(to.parent), to.name, lost=lost)


VERBS = (
    Verb(
        "keys show",
        Words("根密钥放在哪里，销毁有多可靠", "where the roots lie, and what destroying one is worth"),
        (),
        _show,
        facts,
        "custody keys show --as suhe",
    ),
    Verb(
        "keys use",
        Words(
            "新的根密钥改由何处保管；保险库在下次轮换时迁过去",
            "make new roots elsewhere; each vault moves with its next rotation",
        ),
        (argument("provider", kind=KIND), option("--setting", words=SETTING, many=True)),
        _use,
        facts,
        "custody keys use transit --setting address=https://bao.internal:8200 --setting token_file=keys/transit.token --as suhe",
    ),
    Verb(
        "keys backup",
        Words(
            "换备份密钥：镜像和各处备份改由新密钥封存",
            "change the backup key: the mirror and every place for backups come under another one",
        ),
        (
            option(
                "--to",
                words=Words(
                    "另外保管的那一份密钥写到此文件（机密）", "the file of the copy that is kept apart (secret)"
                ),
                kind=PATH,
                required=True,
            ),
            option(
                "--lost",
                words=Words("原来的密钥已经丢失", "nobody has the key of before any more"),
                flag=True,
            ),
        ),
        _backup,
        facts,
        "custody keys backup --to /media/stick/backup.key --as suhe",
    ),
)
