"""Starts the console: brings its database up to date, then serves it with gunicorn in one process.

One process, because a signed-in person's open key lives in its memory and nowhere else (decision 22); threads carry the
requests and the jobs.
"""

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from custody import wiring
from custody.web.patience import Patient

SETTINGS: Final = "custody.web.settings"
THREADS: Final = 8
SERVED: Final = 75
"""The exit code of a second console of one home: jobs and messages on their way are of one process (docs/guide/console.md)."""
Wsgi = Callable[..., Iterable[bytes]]


def _begin(_worker: object) -> None:
    """In the process that answers requests: it wakes the sender, and no thread of another process holds a lock when it is made."""
    from custody.web.console import outbox, timer  # noqa: PLC0415 - models are there once Django is set up

    outbox.start()
    timer.start()


def _end(_arbiter: object, _worker: object) -> None:
    from custody.web.console import timer  # noqa: PLC0415 - as above

    timer.stop()


class Console(BaseApplication):
    """gunicorn, told everything here: no configuration file, no environment."""

    def __init__(self, bind: str, application: Wsgi, **hooks: Callable[..., None]) -> None:
        self._bind, self._application, self._hooks = bind, application, hooks
        super().__init__()

    def load_config(self) -> None:
        told: dict[str, Any] = {
            "bind": self._bind, "workers": 1, "worker_class": Patient, "threads": THREADS, "timeout": 120,
            "accesslog": None, "loglevel": "warning", "proc_name": "custody", "max_requests": 0, "forwarded_allow_ips": "127.0.0.1",
            "control_socket_disable": True, **self._hooks,
        }  # fmt: skip
        for name, value in told.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Wsgi:
        wiring.keep_open()  # in the process that serves, after gunicorn's fork
        return self._application


def prepare(home: Path) -> None:
    """Point Django at the home and bring `console.db` up to date."""
    os.umask(0o077)
    os.environ["CUSTODY_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    home.mkdir(parents=True, exist_ok=True)
    (home / "tmp").mkdir(mode=0o700, exist_ok=True)
    for kept in home.glob("tmp/intake/*/password"):  # no disk holds a database's password; one did
        kept.unlink()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if (home / "console.db").exists():
        (home / "console.db").chmod(0o600)


def main(words: Sequence[str] | None = None) -> int:
    """`python -m custody.web --home HOME --bind HOST:PORT`: what `custody serve` starts."""
    parser = argparse.ArgumentParser(prog="custody.web")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--bind", default="127.0.0.1:8600")
    told = parser.parse_args(words)
    if wiring.serving(told.home.resolve()) is None:  # held until the last process forked from here is gone
        return SERVED
    prepare(told.home.resolve())
    Console(told.bind, get_wsgi_application(), post_worker_init=_begin, worker_exit=_end).run()
    return 0
