"""Verbs of the list of copies: show it, add to it, account for one."""

from pathlib import Path

import click

from custody import wiring
from custody.acts.copies import KINDS, REASONS, STATES
from custody.acts.terms import Term
from custody.cli.shared import TERM, VAULT
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.copy_account import copy_account
from custody.services.copy_declare import copy_declare
from custody.services.copy_list import copy_list

_KIND = option("--kind", words=Words("哪种副本", "what kind of copy"), kind=click.Choice(KINDS), default="other")
_PURPOSES = option(
    "--purposes",
    words=Words(
        "受托方用来做什么：contract、service、marketing、legal、internal，逗号分隔",
        "what a processor has it for: contract, service, marketing, legal, internal, with commas between",
    ),
    default="",
)
_STATE = option("--state", words=Words("副本的去向", "what became of it"), kind=click.Choice(STATES), required=True)
_WHY = option(
    "--why",
    words=Words(
        "为什么留着：law 法律要求，claim 争议要用，not-handed-over 里面还有没移交的人，evidence 证明发过或答复过",
        "why it stays: law orders it, a claim needs it, who was not handed over is in it too, evidence of what was sent or answered",
    ),
    kind=click.Choice(REASONS),
)
_SHOWN = option(
    "--evidence", words=Words("佐证文件，只记其摘要", "a file that shows it, kept by its digest"), kind=PATH
)


def _list(call: Call, vault: str | None) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return copy_list(desk, vault)


def _declare(call: Call, name: str, kind: str, until: str, keeper: str, purposes: str, vault: str | None) -> Result:
    told = [one.strip() for one in purposes.split(",") if one.strip()]
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return copy_declare(desk, vault, name, kind, Term(keeper, until), told)


def _account(call: Call, name: str, state: str, evidence: Path | None, why: str | None, vault: str | None) -> Result:
    shown = wiring.folder(evidence.parent).read(evidence.name) if evidence else None
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return copy_account(desk, vault, name, state, shown, why or "")


def _show(result: Result, lang: str) -> object:
    return grid(
        result["copies"],
        ("name", "kind", "purposes", "state", "why", "unaccounted", "keeper", "until", "overdue", "at"),
        lang,
    )


VERBS = (
    Verb("copy list", Words("数据的全部副本", "every copy of the data"), (VAULT,), _list, _show, "custody copy list"),
    Verb(
        "copy declare",
        Words("申报一份副本：纸质、手机、微信、受托方", "declare a copy: paper, a phone, a processor"),
        (argument("name"), _KIND, *TERM, _PURPOSES, VAULT),
        _declare,
        facts,
        "custody copy declare old-ledger-book --kind paper --until 2026-12-31 --keeper zhouning",
    ),
    Verb(
        "copy account",
        Words("交代一份副本的去向（由人声明）", "say what became of a copy (attested by a person)"),
        (argument("name"), _STATE, _SHOWN, _WHY, VAULT),
        _account,
        facts,
        "custody copy account orders.csv --state destroyed",
    ),
)
