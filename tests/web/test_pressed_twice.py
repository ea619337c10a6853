"""A1, C1: a button that is pressed twice does it once; whoever stops `custody serve` stops the console (docs/guide/console.md)."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from custody import wiring
from custody.services.principal_new import principal_new
from tests.access.staff import founded
from tests.line.homes import desk_of
from tests.running import answers, port
from tests.web.serving import found, serve
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"


def at_once(*acts: Callable[[], object]) -> None:
    """Each in a thread of its own, let go in one moment."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_c1_a_double_press_on_the_first_page_founds_one_home_that_its_owner_enters(tmp_path: Path):
    """Both answers lead in, no fault is told, and the passphrase that was typed opens it."""
    with serve(tmp_path / "home") as running:
        first = Visitor(running.base)
        first.get(running.first)
        second = Visitor(running.base)
        for cookie in first._jar:
            second._jar.set_cookie(cookie)
        second.page = first.page
        form = {
            "name_zh": "青禾书屋",
            "place": "CN",
            "shown": "苏禾",
            "handle": "suhe",
            "passphrase": SECRET,
            "again": SECRET,
        }
        at_once(*(lambda who=who: who.post("/welcome", **form) for who in (first, second)))
        assert [(who.status, "/account/login" in who.at) for who in (first, second)] == [(200, False), (200, False)]
        again = Visitor(running.base)
        again.sign_in("suhe", SECRET)
        assert "/account/login" not in again.at
        assert 'name="login"' not in again.get("/people")


def test_a1_one_name_added_twice_at_once_is_one_person(tmp_path: Path):
    """The second finds it taken; the passphrase of the one who was made opens their key."""
    home, made = founded(tmp_path / "home", {}), []

    def add(secret: str) -> None:
        with desk_of(home, "suhe") as desk:
            made.append((secret, principal_new(desk, "newone", ["privacy"], secret.encode())))

    at_once(lambda: add("a passphrase that is one"), lambda: add("a passphrase that is two"))
    assert sorted(one["resumed"] for _, one in made) == [False, True]
    assert len({one["id"] for _, one in made}) == 1
    secret = next(secret for secret, one in made if not one["resumed"])
    assert wiring.unlock(home, "newone", secret.encode())[0] == made[0][1]["id"]


def test_c1_whoever_stops_serve_stops_the_console(tmp_path: Path):
    """A signal to the one process that its starter knows: the port is free afterwards, and the home can be served again."""
    number = port()
    words = [
        sys.executable,
        "-m",
        "custody",
        "serve",
        "--home",
        str(tmp_path / "home"),
        "--bind",
        f"127.0.0.1:{number}",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(
        words, start_new_session=True, env={**os.environ, "CUSTODY_CONSOLE_TIMER": "0"}, **quiet
    ) as process:
        try:
            answers(process, f"http://127.0.0.1:{number}/health")
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            with socket.socket() as one:
                assert one.connect_ex(("127.0.0.1", number)) != 0, "nobody listens there any more"
            free = wiring.serving(tmp_path / "home")
            assert free is not None
            os.close(free)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def test_a1_nobody_is_let_in_under_a_name_that_somebody_has(tmp_path: Path):
    """Written otherwise it is the same name, and so is another's sign-in name; with a word beside it it is told apart."""
    with serve(tmp_path / "home") as running:
        owner = found(Visitor(running.base), running.first, SECRET)
        owner.get("/people")
        for number, name in enumerate(("苏 禾", "SUHE")):
            owner.post("/people", handle=f"other{number}", shown=name, role="privacy")
            assert "Somebody here has this name" in owner.page, name
        owner.post("/people", handle="other", shown="苏禾（法务）", role="privacy")
        assert "Somebody here has this name" not in owner.page
        assert ">other<" in owner.page
