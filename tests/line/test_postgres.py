"""The whole line with both homes' core stores on a PostgreSQL server: rehearsed, verified, erased, lost, restored."""

from pathlib import Path

import pytest

from custody.base import ids
from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Half, Out
from tests.drawn import drawn
from tests.line.conftest import act, custody
from tests.vault.histories.world import lose_schema

pytestmark = pytest.mark.part("postgresql")
CUSTOMERS = 60


class Served:
    """A half whose home is told, when it is made, to keep its store on a server."""

    def __init__(self, half: Half, url: str, secret: Path) -> None:
        self._half, self._store = half, ("--store", f"{url}?schema={half.name}", "--store-password-file", str(secret))

    def __getattr__(self, name: str) -> object:
        return getattr(self._half, name)

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        return self._half.run(acting, *words, *(self._store if words[0] == "init" else ()), answers=answers)


@pytest.fixture(scope="module")
def served(store_server, tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """The folder of a finished rehearsal whose stores are schemas of one database."""
    url, secret = store_server

    class OnServer(Play):
        def __init__(self, where: Path, source: Path, assumptions: Path, seller: Half, buyer: Half) -> None:
            super().__init__(where, source, assumptions, *(Served(half, url, secret) for half in (seller, buyer)))

    where = tmp_path_factory.mktemp("served") / "demo"
    drawn(where, CUSTOMERS, draw).run(OnServer)
    return where


def test_a1_the_line_runs_with_its_stores_on_postgresql(served: Path):
    """Everything is handed over and verifies; no store lies in either home, and no configuration holds the password."""
    cards = [
        word for half in ("seller", "buyer") for word in ("--trust", served / "handover" / "cards" / f"{half}.json")
    ]
    code, out = custody("verify", served / "handover", *cards)
    assert (code, out["ok"], out["trust"]) == (0, True, "pinned")
    for half in ("seller", "buyer"):
        assert not list((served / half).glob("core.db*"))
        told = (served / half / "custody.toml").read_text(encoding="utf-8")
        assert f"schema={half}" in told
        assert "geheim" not in told
    code, out = act(served, "buyer", "fanyuan", "vault", "check")
    assert (code, out["ok"], out["counts"]) == (0, True, {})


def test_a5_a_lost_schema_is_restored_and_nobody_erased_comes_back(served: Path, store_server):
    """Backup, erase, lose the schema, restore: the erased stay erased, the rest is whole, the root is changed."""
    url, secret = store_server
    me, disk = (served, "buyer", "fanyuan"), served / "disk"
    assert act(*me, "backup", "--to", disk)[0] == 0
    before = act(*me, "vault", "check")[1]["checked"]["records"]
    somebody = ids.subject_text(first_subject(url, secret))
    code, out = act(*me, "erase", somebody)
    assert code == 0, out
    gone = out["records"]
    assert gone > 0
    code, out = act(*me, "restore", disk)
    assert (code, out["error"]["slug"]) == (2, "restore.none")
    lose_schema(f"{url}?schema=buyer", secret.read_bytes().strip())
    code, out = act(*me, "restore", disk)
    assert code == 0, out
    assert out["replayed_slots"] > 0
    code, out = act(*me, "vault", "check")
    assert (code, out["ok"], out["checked"]["records"]) == (0, True, before - gone)
    code, out = act(*me, "erase", somebody)
    assert (code, out["records"], out["already"]) == (0, 0, 1)


def first_subject(url: str, secret: Path) -> bytes:
    """A customer in the buyer's store, as its operator sees it."""
    import psycopg  # noqa: PLC0415 - a part that may be absent

    with psycopg.connect(url, password=secret.read_text(encoding="utf-8").strip()) as one:
        (row,) = one.execute(
            "SELECT id FROM buyer.subject WHERE kind = 'customer' AND state = 'live' ORDER BY id LIMIT 1"
        )
    return bytes(row[0])


def test_a_store_whose_password_is_wrong_says_nothing_of_it(served: Path, tmp_path: Path):
    """A wrong password is a fault of the environment that repeats neither user nor password."""
    wrong = tmp_path / "wrong"
    wrong.write_text("falsch-7\n")
    wrong.chmod(0o600)
    secret = served / "buyer" / "keys" / "principals" / "fanyuan.pass"
    code, out = custody("vault", "check", "--home", served / "buyer", "--as", "fanyuan", "--passphrase-file", secret,
                        env={"CUSTODY_STORE_PASSWORD_FILE": str(wrong)})  # fmt: skip
    assert (code, out["error"]["slug"]) == (3, "store.failed")
    assert "falsch" not in str(out)
    assert "owner" not in str(out)
