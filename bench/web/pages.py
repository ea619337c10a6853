"""How long the console's pages take with many customers: `python bench/web/pages.py FOLDER [CUSTOMERS] [--users K] [--store URL ...]`.

Makes the home once (`home.py`), starts `custody serve` on it, signs in as K people of its staff and lets each ask pages in a
random order of a fixed seed, with a pause between two as somebody who reads has. Prints a row for each page: how often, p50,
p95, p99, the longest, and how many answers were not the page asked for, of which status, place, fault and first words are told by kind (`wrong.py`). `health` is the floor: a page of the same server that reads nothing.
Before that the owner asks for each page `--alone` times, one after the other, with nobody else there: the CPU that the server spent on
it is what counts on a shared host, where the time on the clock is that of the neighbours.
"""

import argparse
import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from home import VAULT, Home, make, person
from wrong import Wrong, listed, of_answer

from custody.base import ids

LOOK_UPS = 25
"""Of one person within a minute; the thirtieth is refused (spec/vault.md §13)."""


@dataclass
class User:
    """One person with one connection and the cookies of one browser."""

    host: str
    handle: str
    jar: dict[str, str] = field(default_factory=dict)
    asked: list[float] = field(default_factory=list)
    page: str = ""
    token: str = ""
    status: int = 0
    location: str = ""
    link: http.client.HTTPConnection | None = None

    def get(self, path: str) -> int:
        """Ask for a page."""
        return self._go("GET", path, None)

    def post(self, path: str, **form: str) -> int:
        """Send a form with the token of the last page that had one."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        self.token = found[1] if found else self.token
        return self._go("POST", path, urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **form}))

    def sign_in(self, passphrase: str) -> None:
        """As people do."""
        self.get("/account/login/")
        status = self.post("/account/login/", login=self.handle, password=passphrase)
        if status != http.HTTPStatus.FOUND:
            raise SystemExit(f"{self.handle} cannot sign in: {status}")
        self.get("/")

    def may_look_up(self) -> bool:
        """Whether one more is within what one person may."""
        self.asked = [at for at in self.asked if time.monotonic() - at < 60]
        return len(self.asked) < LOOK_UPS

    def _go(self, way: str, path: str, body: str | None) -> int:
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items()), "Accept-Language": "zh-CN", "Referer": f"http://{self.host}/"}  # fmt: skip
        if body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._sent(way, path, body, head)
        self.page = answer.read().decode()
        self.status, self.location = answer.status, answer.headers.get("Location", "")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.jar[name] = value
        return answer.status

    def _sent(self, way: str, path: str, body: str | None, head: dict[str, str]) -> http.client.HTTPResponse:
        """Over the connection that is open, or a new one where the server closed it after a pause."""
        for _ in range(2):
            self.link = self.link or http.client.HTTPConnection(self.host, timeout=120)
            try:
                self.link.request(way, path, body, head)
                return self.link.getresponse()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.link = None
        raise SystemExit("the console does not answer")


@dataclass
class Asking:
    """What is asked, of whom, and what came of it."""

    home: Home
    ref: str
    subjects: list[str]
    requests: list[str]
    rules: list[str]
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[Wrong] = field(default_factory=list)

    def pages(self, chance: Random) -> dict[str, Callable[[User], int]]:
        """{page: how it is asked for}."""
        deal, who = f"/deals/{self.ref}", chance.choice(self.subjects)
        number = chance.randrange(self.home.customers)
        told, paths = person(number), {
            "health": "/health", "deals board": "/", "deal": deal, "verdicts, all of one": f"{deal}/verdicts?verdict=withhold",
            "verdicts, one reason": f"{deal}/verdicts?rule={chance.choice(self.rules)}", "verdict of one": f"{deal}/customers/{who}", "customers": "/customers",
            "customer": f"/customers/{who}", "requests": "/requests", "request": f"/requests/{chance.choice(self.requests)}", "tasks of mine": "/inbox",
            "tasks of the deal": f"{deal}/together", "duties": f"{deal}/duties", "due": "/due", "freshness": "/freshness", "ledger": "/ledger", "access": "/access",
            "seen by one person": "/access/by/suhe", "data": "/data", "campaigns": "/campaigns",
        }  # fmt: skip
        made = {name: (lambda user, path=path: user.get(path)) for name, path in paths.items()}
        for kind, place in (("phone", 2), ("email", 3), ("customer-number", 0)):
            made[f"search by {kind}"] = lambda user, kind=kind, value=told[place]: _search(user, kind, value)
        return made


def _search(user: User, kind: str, value: str) -> int:
    user.asked.append(time.monotonic())
    status = user.post("/customers", value=value, by=kind, vault=VAULT)
    return {302: 200, 200: 0}.get(status, status)  # one found leads to the card, and somebody is to be found


def ask(asking: Asking, user: User, until: float, think: float, seed: int) -> None:
    """One person's day."""
    chance = Random(seed)
    time.sleep(chance.uniform(0, think))  # people do not all come through the door in the same instant
    while time.monotonic() < until:
        pages = asking.pages(chance)
        name = chance.choice(list(pages))
        if name.startswith("search") and not user.may_look_up():
            continue
        if name.startswith("search"):
            user.get("/customers")  # the form; timed as a page of its own elsewhere
        began = time.perf_counter()
        status = pages[name](user)
        asking.took[name].append((time.perf_counter() - began) * 1e3)
        if status not in {200, 403}:  # a role that may not is answered as well
            asking.wrong.append(of_answer(name, user.status, user.location, user.page))
        time.sleep(chance.expovariate(1 / think) if think else 0)


def alone(asking: Asking, user: User, process: int, times: int) -> None:
    """CPU of each page, nobody else there."""
    print("| page | CPU, ms | the fastest on the clock, ms |\n|---|---|---|")
    for name in asking.pages(Random(1)):
        chance, took = Random(2), []
        for _ in range(2):
            _timed(asking, user, name, chance)  # what is read once a process
        before, count = cpu(process), min(times, LOOK_UPS // 4) if name.startswith("search") else times
        took = [_timed(asking, user, name, chance) for _ in range(count)]
        print(f"| {name} | {1e3 * (cpu(process) - before) / count:.0f} | {min(took):.0f} |", flush=True)


def _timed(asking: Asking, user: User, name: str, chance: Random) -> float:
    if name.startswith("search"):
        while not user.may_look_up():
            time.sleep(1)
    began = time.perf_counter()
    asking.pages(chance)[name](user)
    return (time.perf_counter() - began) * 1e3


@contextmanager
def serving(home: Home) -> Iterator[tuple[str, int]]:
    """The real console; (host, process id of the server)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    words = [sys.executable, "-m", "custody", "serve", "--home", str(home.root), "--bind", host, "--lang", "en"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=(home.folder / "serve.log").open("w"), start_new_session=True) as process:  # fmt: skip
        try:
            for _ in range(600):
                try:
                    socket.create_connection(tuple(host.split(":")), timeout=1).close()  # type: ignore[arg-type]
                    break
                except OSError:
                    time.sleep(0.2)
            yield host, process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def cpu(group: int) -> float:
    """CPU seconds of the server: every process of its session."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def asking_of(home: Home, ref: str) -> Asking:
    """Whom the pages are about: half of them were looked at before."""
    with home.desk() as desk, desk.store.read() as tx:
        (matter,) = tx.find("matter", ref=ref)
        some = [bytes(row[0]) for row in tx.columns("subject", ("id",), vault=matter["vault"]) if isinstance(row[0], bytes)]  # fmt: skip
        chance, asked = Random(3), tx.find("request", matter=str(matter["id"]))
        who = [*chance.sample(some, 200), *(bytes(one["subject"]) for one in chance.sample(asked, min(200, len(asked))) if isinstance(one["subject"], bytes))]  # fmt: skip
        vectors = tx.find("vector", matter=str(matter["id"]))
    rules = sorted({reason[0] for row in vectors for reason in _reasons(row["reasons"])})
    return Asking(home, ref, [ids.subject_text(one) for one in who], [str(one["ref"]) for one in asked[:50]], rules)


def _reasons(data: object) -> list[list[str]]:
    from custody.base import canonical  # noqa: PLC0415 - one use

    return canonical.decode(bytes(data)) if isinstance(data, bytes) else []  # type: ignore[return-value]


def report(asking: Asking, seconds: float, spent: float) -> None:
    """A row for each page, and the whole."""
    print("| page | asked | p50, ms | p95, ms | p99, ms | longest, ms | wrong |\n|---|---|---|---|---|---|---|")
    for name, took in sorted(asking.took.items(), key=lambda one: -_at(one[1], 0.95)):
        print(f"| {name} | {len(took)} | {statistics.median(took):.0f} | {_at(took, 0.95):.0f} | {_at(took, 0.99):.0f} | {max(took):.0f} | {sum(one.page == name for one in asking.wrong)} |")  # fmt: skip
    every = [one for name, took in asking.took.items() if name != "health" for one in took]
    print(f"| all but health | {len(every)} | {statistics.median(every):.0f} | {_at(every, 0.95):.0f} | {_at(every, 0.99):.0f} | {max(every):.0f} | {len(asking.wrong)} |")  # fmt: skip
    count = sum(map(len, asking.took.values()))
    print(listed(asking.wrong))
    print(
        f"\n{count / seconds:.1f} pages a second; the server spent {1e3 * spent / count:.0f} ms of CPU a page; load {os.getloadavg()[0]:.1f}"
    )


def _at(took: list[float], part: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * part))]


def main() -> None:
    """Make, serve, sign in, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("customers", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--alone", type=int, default=20, help="how often each page is asked for with nobody else there")
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two pages of one person, on average")
    parser.add_argument("--store")
    parser.add_argument("--store-password-file", type=Path)
    told = parser.parse_args()
    home = Home(
        told.folder.resolve(), told.customers, (told.store, told.store_password_file) if told.store else None, 16
    )
    ref = make(home)
    asking = asking_of(home, ref)
    with serving(home) as (host, process):
        users = [User(host, handle) for handle, _ in home.people[: told.users]]
        for user in users:
            user.sign_in(home.secret(user.handle).read_text(encoding="utf-8").strip())
        for path in ("/", f"/deals/{ref}", "/due", "/requests"):
            users[0].get(path)  # what is read once a process: law, words
        if told.alone:
            alone(asking, users[0], process, told.alone)
        before, began = cpu(process), time.monotonic()
        threads = [threading.Thread(target=ask, args=(asking, user, began + told.seconds, told.think, seed)) for seed, user in enumerate(users)]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        report(asking, time.monotonic() - began, cpu(process) - before)


if __name__ == "__main__":
    main()
