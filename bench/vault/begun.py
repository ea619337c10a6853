"""How the benches of look-ups begin: a folder, so many customers, where the store lies; and the home in it, made once."""

import argparse
from collections.abc import Callable
from pathlib import Path

from ten_million import Run, found


def begun(what: str | None, customers: int, fill: Callable[[Run], object] = lambda _: None) -> Run:
    """The run that the command line names; a new home is filled once."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("folder", type=Path)
    parser.add_argument("customers", type=int, nargs="?", default=customers)
    parser.add_argument("--store")
    parser.add_argument("--store-password-file", type=Path)
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    run = Run(told.folder.resolve(), told.customers, (told.store, told.store_password_file) if told.store else None)
    if not (run.home / "custody.toml").exists():
        found(run)
        fill(run)
    return run
