"""Real servers, each started once for the tests that ask for it, on this host only."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.parts import program
from tests.running import PATIENCE, port

LOG = "server.log"


@contextmanager
def _room() -> Iterator[tuple[Path, dict[str, object]]]:
    """A short path for sockets, and who to run as: a database server refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="cst-"))
    who: dict[str, object] = {}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        yield folder, who
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quiet(words: list[object], folder: Path, who: dict[str, object], **more: object) -> None:
    subprocess.run(words, cwd=folder, check=True, capture_output=True, **who, **more)


def _wait(answers, process: subprocess.Popen, folder: Path) -> None:
    late = time.monotonic() + PATIENCE
    while time.monotonic() < late:
        if process.poll() is not None:
            raise RuntimeError("the server ended: " + (folder / LOG).read_text(errors="replace")[-2000:])
        try:
            return answers()
        except Exception:  # noqa: BLE001 - not there yet, in whatever words a driver says it
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


@contextmanager
def _running(words: list[object], folder: Path, who: dict[str, object]) -> Iterator[subprocess.Popen]:
    # Into a file: a pipe that nobody reads is full one day, and the server stands still in the middle of a statement.
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=log, **who)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT if "postgres" in str(words[0]) else signal.SIGTERM)  # fast, and clean
        process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="session")
def postgres():
    """(url, password file, a function that runs SQL as the owner) of a running PostgreSQL."""
    import psycopg  # noqa: PLC0415 - a part that may be absent

    with _room() as (folder, who):
        secret = folder / "secret"
        secret.write_text("geheim-1\n")
        secret.chmod(0o600)
        if who:
            os.chown(secret, who["user"], who["group"])
        home = Path(program("initdb")).resolve().parent
        _quiet([home / "initdb", "-D", folder / "data", "-U", "owner", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--no-locale", "-N"], folder, who)  # fmt: skip
        number = port()
        words = [home / "postgres", "-D", folder / "data", "-p", str(number), "-h", "127.0.0.1", "-k", folder, "-F"]
        with _running(words, folder, who) as process:

            def run(*queries, database="postgres"):
                with psycopg.connect(host="127.0.0.1", port=number, user="owner", password="geheim-1", dbname=database, autocommit=True) as one:  # fmt: skip
                    for query in queries:
                        one.execute(query)

            _wait(lambda: run("SELECT 1"), process, folder)
            yield f"postgresql://owner@127.0.0.1:{number}/postgres", secret, run


@pytest.fixture(scope="session")
def store_server(postgres):
    """(url, password file) of a database of that server where core stores may lie, each in a schema of its own."""
    url, secret, run = postgres
    run("CREATE DATABASE stores")
    return url.removesuffix("/postgres") + "/stores", secret


@pytest.fixture(scope="session")
def mariadb():
    """(url, password file, a function that runs SQL as the owner) of a running MariaDB."""
    import pymysql  # noqa: PLC0415 - a part that may be absent

    with _room() as (folder, who):
        install = program("mariadb-install-db", "mysql_install_db")
        _quiet([install, "--no-defaults", f"--datadir={folder}/data", "--auth-root-authentication-method=normal", "--skip-test-db"], folder, who)  # fmt: skip
        number = port()
        words = [program("mariadbd", "mysqld"), "--no-defaults", f"--datadir={folder}/data", f"--socket={folder}/s", f"--port={number}", "--bind-address=127.0.0.1", f"--pid-file={folder}/pid", "--innodb-flush-log-at-trx-commit=0"]  # fmt: skip
        with _running(words, folder, who) as process:

            def run(*queries, database=None, login=("root", "")):
                one = pymysql.connect(host="127.0.0.1", port=number, user=login[0], password=login[1], database=database, charset="utf8mb4", autocommit=True)  # fmt: skip
                try:
                    with one.cursor() as cursor:
                        for query in queries:
                            cursor.execute(query)
                finally:
                    one.close()

            _wait(lambda: run("SELECT 1"), process, folder)
            secret = folder / "secret"
            secret.write_text("geheim-2\n")
            secret.chmod(0o600)
            run("CREATE DATABASE shop CHARACTER SET utf8mb4", "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'geheim-2'",
                "GRANT SELECT, SHOW VIEW ON shop.* TO reader@'127.0.0.1'")  # fmt: skip
            yield f"mariadb://reader@127.0.0.1:{number}/shop", secret, run
