"""Starts the customers' pages: one process, the portal's key in its memory, served by gunicorn."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import django
from django.core.wsgi import get_wsgi_application

from custody import wiring
from custody.base.errors import CustodyError
from custody.web.server import Console

SETTINGS: Final = "custody.web.portal.settings"


def main(words: Sequence[str] | None = None) -> int:
    """What `custody portal` starts."""
    parser = argparse.ArgumentParser(prog="custody.web.portal")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--bind", default="127.0.0.1:8610")
    parser.add_argument("--as", dest="handle", required=True)
    parser.add_argument("--passphrase-file", type=Path, required=True)
    told = parser.parse_args(words)
    home = told.home.resolve()
    os.umask(0o077)
    wiring.guard()
    os.environ["CUSTODY_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()
    from custody.web.portal import seat  # noqa: PLC0415 - asks for the settings, which stand only now

    try:
        seat.take(home, told.handle, wiring.passphrase(told.passphrase_file))
    except CustodyError:
        return 3
    Console(told.bind, get_wsgi_application()).run()
    return 0
