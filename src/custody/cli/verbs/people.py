"""Verbs about one person: what is held and was done, reveal."""

import click
from rich.console import Group, RenderableType
from rich.text import Text

from custody import wiring
from custody.cli.shared import VAULT
from custody.cli.show import facts, grid
from custody.cli.verb import Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.customer import customer
from custody.services.record_say import record_say
from custody.services.reveal import PURPOSES, reveal

_PURPOSE = option(
    "--purpose", words=Words("为了什么目的", "for what purpose"), kind=click.Choice(PURPOSES), required=True
)
_REASON = option(
    "--reason", words=Words("理由（先记入账本，再显示）", "the reason (entered in the ledger first)"), required=True
)
_FIELD = option(
    "--field",
    "fields",
    words=Words("只看这一项：表/列；可以写几次", "only this field, TABLE/COLUMN; may be given again"),
    many=True,
)


def _reveal(call: Call, subject: str, purpose: str, reason: str, fields: tuple[str, ...], vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return reveal(desk, vault, subject, purpose, reason, fields)


def _customer(call: Call, subject: str) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return customer(desk, subject)


def _show_customer(result: Result, lang: str) -> RenderableType:
    held = grid(result["fields"], ("table", "column", "class", "tier"), lang)
    records: list[RenderableType] = []
    if result["records"]:
        records = [Text(), grid(result["records"], ("subject", "kinds", "said", "by"), lang)]
    return Group(
        held,
        *records,
        Text(),
        grid(result["history"], ("at", "kind", "who", "purpose", "reason", "deal", "ledger"), lang),
    )


def _show(result: Result, lang: str) -> RenderableType:
    parts: list[RenderableType] = []
    for table in result["tables"]:
        rows = table["rows"]
        columns = tuple(dict.fromkeys(name for row in rows for name in row))
        parts += [Text(table["name"], style="bold"), grid(rows, columns, lang), Text()]
    parts += [Text(one["why"][lang], style="dim") for one in result["withheld"]]
    parts.append(
        Text(
            Words(f"已记入账本 {result['ledger']}", f"Entered in the ledger: {result['ledger']}").of(lang), style="dim"
        )
    )
    return Group(*parts)


def _say(call: Call, subject: str, other: str, word: str, reason: str, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return record_say(desk, subject, other, word, reason, vault)


VERBS = (
    Verb(
        "record say",
        Words(
            "两条共用证件号、手机或邮箱的记录：是同一个人（same）还是别人（other）",
            "two records that share an identifier: same or other person",
        ),
        (
            argument("subject"),
            argument("other"),
            argument("word"),
            option("--reason", words=Words("怎么知道的，加密保存", "how you know; kept sealed"), required=True),
            VAULT,
        ),
        _say,
        facts,
        'custody record say sub_… sub_… same --reason "she came with her card"',
    ),
    Verb(
        "customer",
        Words("一位客户：持有什么，谁看过，做过什么", "one customer: what is held, who looked, what was done"),
        (argument("subject"),),
        _customer,
        _show_customer,
        "custody customer sub_…",
    ),
    Verb(
        "reveal",
        Words("查看一位客户的明文", "show one person's data"),
        (argument("subject"), _PURPOSE, _REASON, _FIELD, VAULT),
        _reveal,
        _show,
        'custody reveal sub_… --purpose service --reason "case 4711"',
    ),
)
