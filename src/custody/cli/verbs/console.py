"""The verb that serves the console: it starts the web as a child process and waits for it."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from custody import wiring
from custody.base.errors import Unavailable
from custody.cli.show import facts
from custody.cli.verb import Call, Result, Verb, option
from custody.cli.words import Words

_OPEN = Words("在浏览器里打开：", "Open in a browser:")
_FIRST = Words("第一次使用，链接只能用一次：", "First use; the link works once:")
_LEFT_OUT = ("CUSTODY_AS", "CUSTODY_PASSPHRASE_FILE")


def _serve(call: Call, bind: str) -> Result:
    home = wiring.home_folder(call.home)
    call.say(f"{(_OPEN if wiring.is_home(home) else _FIRST).of(call.lang)} http://{bind}{_path(home)}")
    words = [sys.executable, "-m", "custody.web", "--home", str(home), "--bind", bind]
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    code = subprocess.call(words, env=environment)  # noqa: S603 - our own interpreter and our own words
    if code not in {0, -2, -15}:
        raise Unavailable(
            "console.stopped", "The console did not start.", next="Is the address free? Try --bind 127.0.0.1:8601."
        )
    return {"bind": bind, "stopped": True}


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
        (option("--bind", words=Words("地址和端口", "address and port"), default="127.0.0.1:8600"),),
        _serve,
        facts,
        "custody serve --home shop",
    ),
)
