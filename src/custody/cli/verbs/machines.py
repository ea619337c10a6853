"""Verbs for machines: the API's process and its tokens."""

import sys
from collections.abc import Sequence
from typing import Final

import click
from rich.console import RenderableType

from custody import wiring
from custody.base.errors import Unavailable
from custody.cli.served import ENDED, served
from custody.cli.shared import at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.token_list import token_list
from custody.services.token_new import token_new
from custody.services.token_revoke import token_revoke

SCOPES: Final = ("deals", "customers", "requests", "decisions", "answers", "suppression", "members", "ledger")
_OPEN: Final = Words("接口在这个地址（说明：/v1/openapi.json）：", "The API is at (described by /v1/openapi.json):")


def _api(call: Call, bind: str) -> Result:
    call.say(f"{_OPEN.of(call.lang)} http://{bind}/v1/")
    words = [sys.executable, "-m", "custody.web.api", "--home", str(wiring.home_folder(call.home)), "--bind", bind]
    if served(words) not in ENDED:
        raise Unavailable(
            "api.stopped", "The API did not start.", next="Is the address free? Try --bind 127.0.0.1:8621."
        )
    return {"bind": bind, "stopped": True}


def _new(call: Call, machine: str, scope: Sequence[str], until: str) -> Result:
    return at_desk(call, lambda desk: token_new(desk, machine, scope, until))


def _revoke(call: Call, which_token: str) -> Result:
    return at_desk(call, lambda desk: token_revoke(desk, which_token))


def _list(call: Call) -> Result:
    return at_desk(call, token_list)


def _show_list(result: Result, lang: str) -> RenderableType:
    return grid(result["tokens"], ("name", "scopes", "owner", "until", "state", "id"), lang)


VERBS = (
    Verb("api", Words("启动给程序用的接口", "serve the API for machines"),
         (option("--bind", words=Words("地址和端口", "address and port"), default="127.0.0.1:8620"),), _api, facts, "custody api --home shop"),
    Verb("token new", Words("给一个程序生成令牌；只显示一次", "make a token for one machine; shown once"),
         (argument("machine"), option("--scope", words=Words("范围，可多次", "a scope, repeatable"), kind=click.Choice(SCOPES), many=True, required=True),
          option("--until", words=Words("最后一天，YYYY-MM-DD，至多 366 天", "the last day, YYYY-MM-DD, within 366 days"), required=True)),
         _new, facts, "custody token new erp --scope requests --scope suppression --until 2026-12-31 --as suhe"),
    Verb("token revoke", Words("停用一个令牌", "revoke a token"), (argument("which_token"),), _revoke, facts, "custody token revoke tok_… --as suhe"),
    Verb("token list", Words("全部令牌", "every token"), (), _list, _show_list, "custody token list --as suhe"),
)  # fmt: skip
