"""Starts the API: one process, no key of its own, served by gunicorn."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import django
from django.core.wsgi import get_wsgi_application

from custody import wiring
from custody.web.server import Console

SETTINGS: Final = "custody.web.api.settings"


def main(words: Sequence[str] | None = None) -> int:
    """What `custody api` starts."""
    parser = argparse.ArgumentParser(prog="custody.web.api")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--bind", default="127.0.0.1:8620")
    told = parser.parse_args(words)
    os.umask(0o077)
    wiring.guard()
    os.environ["CUSTODY_HOME"] = str(told.home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()
    Console(told.bind, get_wsgi_application()).run()
    return 0
