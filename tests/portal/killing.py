"""Acts of every day, done in forks that die: see tests/dying.py. Asked with play, where and told."""

from pathlib import Path

from tests.dying import Asked, serve
from tests.portal.plays import PLAYS, perform


def act(asked: Asked) -> None:
    """One play."""
    perform(PLAYS[asked["play"]], Path(asked["where"]), asked["told"])


if __name__ == "__main__":
    serve(act)
