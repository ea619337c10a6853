"""Verbs that drive others: demo, batch."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from custody import wiring
from custody.base import canonical
from custody.cli import batch as batches
from custody.cli.rehearsal.demo import DEALS, Rehearsal, show_demo
from custody.cli.show import facts
from custody.cli.show_verify import show_verify
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.model.party import PartyCard
from custody.services.verify import verify


def _demo(call: Call, directory: Path | None, data: Path | None, customers: int, deal: str) -> Result:
    return Rehearsal(directory or Path("demo"), data, customers, call.lang, call.say).run(DEALS[deal])


def _verify(call: Call, paths: Sequence[Path], trust: Sequence[Path]) -> Result:
    cards = [
        PartyCard.from_json(canonical.decode(wiring.folder(one.parent).read(one.name), strict=False)) for one in trust
    ]
    return verify(paths, cards).to_json(call.lang)


def _batch(call: Call, forbid: Sequence[Path]) -> Result:
    batches.batch(call.run, sys.stdin, sys.stdout, forbid)
    return {}


VERBS = (
    Verb(
        "demo",
        Words("演练整条线：从扫描到销毁证明", "rehearse the whole line, from scan to certificate"),
        (
            argument("directory", required=False, kind=PATH),
            option("--data", words=Words("用真实数据演练的文件夹", "a folder of real data to rehearse on"), kind=PATH),
            option(
                "--customers", words=Words("样本客户数", "customers of the bundled sample"), kind=int, default=10_000
            ),
            option(
                "--deal",
                words=Words(
                    "哪种交易：资产转让 assets，股权转让 share", "which deal: a sale of assets, or of all shares"
                ),
                kind=click.Choice(sorted(DEALS)),
                default="assets",
            ),
        ),
        _demo,
        show_demo,
        "custody demo demo/",
    ),
    Verb(
        "verify",
        Words(
            "离线核验移交包、放行、回执、证明、账本", "check a package, release, receipt, certificate or ledger offline"
        ),
        (
            argument("paths", many=True, kind=PATH),
            option(
                "--trust",
                words=Words("受信的当事方名片，可多次", "a party card you trust, repeatable"),
                kind=PATH,
                many=True,
            ),
        ),
        _verify,
        show_verify,
        "custody verify handover --trust seller.json --trust buyer.json",
    ),
    Verb(
        "batch",
        Words("逐行读命令，逐行答", "read commands line by line, answer line by line"),
        (
            option(
                "--forbid", words=Words("不得打开的文件夹", "a folder this process may not open"), kind=PATH, many=True
            ),
        ),
        _batch,
        facts,
        'echo \'["deal", "show"]\' | custody batch',
    ),
)
