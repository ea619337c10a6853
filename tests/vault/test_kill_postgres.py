"""A5, A8: the acts of tests/vault/test_kill.py with their store on a server: killed just before or just after any commit that wrote, as it was or as it was to be.

A server makes a commit whole; what is played here is that an act of several commits, and of files between them, is whole as well.
"""

from collections.abc import Callable, Iterator
from itertools import count as numbers
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy.engine.default import DefaultDialect

from tests.points import COMMIT, Point
from tests.vault.furnished import furnish, places
from tests.vault.histories.world import World
from tests.vault.plays import ACTS, Fresh
from tests.vault.test_kill import killed_at
from tests.vault.test_kill import pytestmark as forks

pytestmark = [pytest.mark.part("postgresql"), forks]
DAILY = ("seal", "restore")


@pytest.fixture(scope="module")
def fresh(postgres: tuple[str, Path, Callable[..., None]]) -> Iterator[Fresh]:
    """Copies of a furnished world; the server copies its database, and the one before is dropped."""
    url, secret, ask = postgres
    base, password, number = url.rpartition("/")[0], secret.read_bytes().strip(), numbers(1)
    ask("CREATE DATABASE kill_template")
    with TemporaryDirectory() as folder:
        places(Path(folder) / "template")
        made = World(Path(folder) / "template", lasting=True, server=(f"{base}/kill_template?schema=kept", password))
        furnish(made)

        def copy(ground: Path) -> World:
            place = next(number)
            ask(
                f"DROP DATABASE IF EXISTS kill_{place - 1} WITH (FORCE)",
                f"CREATE DATABASE kill_{place} TEMPLATE kill_template",
            )
            return World(ground, made, lasting=True, server=(f"{base}/kill_{place}?schema=kept", password))

        yield copy
    ask(f"DROP DATABASE IF EXISTS kill_{next(number) - 1} WITH (FORCE)", "DROP DATABASE kill_template WITH (FORCE)")


def commits(point: Point) -> None:
    """Before and after each commit of a transaction that wrote."""
    real = DefaultDialect.do_commit

    def do_commit(self: DefaultDialect, connection: Any) -> None:
        wrote = connection.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").fetchone()[0]
        if wrote:
            point(COMMIT)
        real(self, connection)
        if wrote:
            point(COMMIT)

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign] # in a process that is about to die


@pytest.mark.parametrize("name", DAILY)
def test_a5_an_act_on_a_server_that_is_killed_leaves_the_old_or_the_new_state(name: str, fresh: Fresh, tmp_path: Path):
    """At a seeded one of its commits."""
    killed_at(name, 1, fresh, tmp_path, commits)


@pytest.mark.soak
@pytest.mark.parametrize("name", ACTS)
def test_a5_every_commit_of_an_act_on_a_server(name: str, fresh: Fresh, tmp_path: Path):
    """Before and after every one."""
    killed_at(name, None, fresh, tmp_path, commits)
