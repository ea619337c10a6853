"""Verbs of the suppression list."""

from pathlib import Path

import click
from rich.console import RenderableType

from custody import wiring
from custody.acts.suppressing import SCOPES
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.suppress import suppress_add, suppress_check, suppress_lift, suppress_list
from custody.services.suppress_renew import suppress_renew

VALUE = argument("value", required=False)
FILE = option("--value-file", words=Words("值所在的文件，每行一个（不留在命令历史里）", "file with one value on each line (leaves no trace in a shell's history)"),
              kind=PATH)  # fmt: skip
REASON = option("--reason", words=Words("原因代码", "reason, as a code"), required=True)


def _values(value: str | None, file: Path | None) -> list[str]:
    told = wiring.folder(file.parent).read(file.name).decode().splitlines() if file else []
    return [one.strip() for one in (*([value] if value else []), *told) if one.strip()]


def _one(value: str | None, file: Path | None) -> str:
    found = _values(value, file)
    if len(found) != 1:
        raise click.UsageError("exactly one VALUE or --value-file FILE")
    return found[0]


def _add(
    call: Call,
    value: str | None,
    value_file: Path | None,
    subject: str | None,
    scope: str,
    reason: str,
    vault: str | None,
) -> Result:
    values = _values(value, value_file)
    if not values and subject is None:
        raise click.UsageError("suppress add needs a VALUE, --value-file FILE or --subject SUBJECT")
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return suppress_add(desk, values, subject, scope, reason, vault)


def _check(call: Call, value: str | None, value_file: Path | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return suppress_check(desk, _one(value, value_file))


def _lift(
    call: Call, value: str | None, value_file: Path | None, subject: str | None, reason: str, vault: str | None
) -> Result:
    if subject is not None and (value or value_file):
        raise click.UsageError("VALUE or --value-file FILE, or --subject SUBJECT: one of them")
    told = _one(value, value_file) if subject is None else ""
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return suppress_lift(desk, told, reason, subject=subject, vault=vault)


def _list(call: Call) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return suppress_list(desk)


def _renew(call: Call, why: str, dry_run: bool) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return suppress_renew(desk, why, dry_run=dry_run)


def _show_list(result: Result, lang: str) -> RenderableType:
    rows = [{**one, "scope": _SCOPES[one["scope"]].of(lang)} for one in result["rows"]]
    return grid(rows, ("scope", "reason", "kind", "count"), lang)


_SCOPES = {"import": Words("不再收入", "not taken in"), "contact": Words("不联系", "not contacted")}
VERBS = (
    Verb(
        "suppress add",
        Words("列入禁联名单：只存带密钥的摘要", "put somebody on the suppression list, as keyed hashes only"),
        (
            VALUE,
            FILE,
            option("--subject", words=Words("此客户：标记，并列入其本人独有的标识", "this customer: marked, and whatever identifies nobody else is listed")),
            option("--scope", words=Words("import：不再收入，也不联系；contact：不联系", "import: not taken in again, nor contacted; contact: not contacted"),
                   kind=click.Choice(SCOPES), default="contact"),
            REASON,
            option("--vault", words=Words("保险库", "vault")),
        ),
        _add,
        facts,
        "custody suppress add --value-file who.txt --scope import --reason asked.2026-31",
    ),
    Verb(
        "suppress check",
        Words("此值在名单上吗", "whether a value is on the list"),
        (VALUE, FILE),
        _check,
        facts,
        "custody suppress check '+86 138 0013 8000'",
    ),
    Verb(
        "suppress lift",
        Words("本人要求，移出名单", "take a value or a customer off the list, because its owner asks"),
        (
            VALUE,
            FILE,
            option("--subject", words=Words("此客户：标记和其本人独有的标识", "this customer: the mark, and what identifies nobody else")),
            REASON,
            option("--vault", words=Words("保险库", "vault")),
        ),
        _lift,
        facts,
        "custody suppress lift --value-file who.txt --reason asked.2026-40",
    ),
    Verb(
        "suppress list",
        Words("名单上有多少，按范围、原因、种类", "how many are on the list, by scope, reason and kind"),
        (),
        _list,
        _show_list,
        "custody suppress list",
    ),
    Verb(
        "suppress renew",
        Words("名单的根密钥永远丢失时：两人重新开始名单", "two people begin the list anew, when its root is lost for good"),
        (
            option("--why", words=Words("怎样丢失的：谁、何时看到", "how it was lost: who saw it, when"), required=True),
            option("--dry-run", words=Words("只说会怎样", "say what would be done"), flag=True),
        ),
        _renew,
        facts,
        "custody suppress renew --why 'the disk of the roots burnt on 3 May' --dry-run",
    ),
)  # fmt: skip
