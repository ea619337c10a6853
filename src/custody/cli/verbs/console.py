"""The verb that serves the console: it starts the web as a child process and waits for it."""

import os
import secrets
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from custody import wiring
from custody.base.errors import Unavailable
from custody.cli.served import ENDED, child
from custody.cli.show import facts
from custody.cli.verb import Call, Result, Verb, option
from custody.cli.words import Words

_OPEN = Words("在浏览器里打开：", "Open in a browser:")
_FIRST = Words("第一次使用，链接只能用一次：", "First use; the link works once:")
_HOST: Final = "127.0.0.1"
_PORTS: Final = range(8600, 8620)
_LOOK: Final = 0.2  # seconds
_EVERY: Final = {"": _HOST, "0.0.0.0": _HOST, "[::]": "::1"}  # noqa: S104 - where others were told to listen
_SERVED: Final = 75
_LEFT_OUT = ("CUSTODY_AS", "CUSTODY_PASSPHRASE_FILE")


def _serve(call: Call, bind: str | None) -> Result:
    home = wiring.home_folder(call.home)
    if (free := wiring.serving(home)) is None:  # before the first page gets another key
        raise _served()
    os.close(free)
    bind = bind or f"{_HOST}:{_free()}"
    said = f"{(_OPEN if wiring.is_home(home) else _FIRST).of(call.lang)} {address(bind)}{_path(home)}"
    words = [sys.executable, "-m", "custody.web", "--home", str(home), "--bind", bind]
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    with child(words, environment) as server:
        while server.poll() is None and not _answers(bind):
            time.sleep(_LOOK)
        if server.poll() is None:
            call.say(said)  # a link that is told before somebody listens leads to a page of the browser's own
        code = server.wait()
    if code == _SERVED:  # it came between our look and its own
        raise _served()
    if code not in ENDED:
        raise Unavailable(
            "console.stopped", "The console did not start.", next="Is the address free? Try --bind 127.0.0.1:8601."
        )
    return {"bind": bind, "stopped": True}


def _answers(bind: str) -> bool:
    """Whether somebody listens there. An address of every interface is asked at this host's own; one that names no port is not asked."""
    host, _, number = bind.rpartition(":")
    if not number.isdecimal():
        return True
    with suppress(OSError), socket.create_connection((_EVERY.get(host, host.strip("[]")), int(number)), _LOOK):
        return True
    return False


def address(bind: str) -> str:
    """Where a browser finds it: by the name that a proxy serves it under, else at this host's own address, also where it listens on every one."""
    if name := os.environ.get("CUSTODY_CONSOLE_HOSTS", "").split(",")[0].strip():
        return f"https://{name}"
    host, _, number = bind.rpartition(":")
    own = _EVERY.get(host, host)
    return f"http://{f'[{own}]' if ':' in own and not own.startswith('[') else own}:{number}"


def _served() -> Unavailable:
    return Unavailable("console.served", "Another console serves this home.", next="Use that one, or stop it first.")


def _free() -> int:
    """The first of our ports that nobody listens on: a second company on this host is served beside the first."""
    for number in _PORTS:
        with suppress(OSError), socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((_HOST, number))
            return number
    return _PORTS[0]


def _path(home: Path) -> str:
    """The first page, with the one-time key that lets its reader found the home; else the front page."""
    if wiring.is_home(home):
        return "/"
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_urlsafe(24)
    path = folder / "welcome.key"
    path.touch(mode=0o600)
    path.write_text(key, encoding="ascii")
    return f"/welcome?key={key}"


VERBS = (
    Verb(
        "serve",
        Words("启动控制台，用浏览器操作", "serve the console, to be used in a browser"),
        (
            option(
                "--bind",
                words=Words(
                    "地址和端口；不写则用 127.0.0.1 上 8600 起第一个空闲端口",
                    "address and port; without it the first free port of 127.0.0.1 from 8600 on",
                ),
            ),
        ),
        _serve,
        facts,
        "custody serve --home shop",
    ),
)
