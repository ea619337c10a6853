"""Whoever says half of what they ask holds nobody up for long."""

import http.client
import socket
import threading
import time
import urllib.parse
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

import pytest
from gunicorn.workers.gthread import ThreadWorker
from gunicorn.workers.sync import SyncWorker

from custody.web.patience import HEAD_BYTES, HEAD_SECONDS, TAKE_SECONDS, WAITING, fits
from tests.access.staff import founded
from tests.running import running
from tests.web.serving import Served

BUSY = 30  # seconds that a busy host may add


HEAD = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
BODY = b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nlogin="


def test_half_a_request_is_not_waited_for(served: Served):
    """More connections than there are threads stop in the middle of a head, then of a body: the next page comes all the same."""
    answers(served.base, HEAD, BODY)


def test_half_a_request_holds_up_no_machine_and_no_customer(tmp_path: Path):
    """So it is at the API and at the portal, which are processes of their own."""
    home = founded(tmp_path / "home", {"gate": "portal"})
    secret = home / "keys" / "principals" / "gate.pass"
    with running("api", "--home", home) as (api, _):
        answers(api, HEAD)
    with running("portal", "--home", home, "--as", "gate", "--passphrase-file", secret) as (portal, _):
        answers(portal, HEAD)


def test_half_heads_opened_anew_hold_up_nobody(served: Served):
    """Sixty connections say half a head, and open again whenever they are ended: the next page comes at once, first and after they were."""
    until = time.monotonic() + HEAD_SECONDS + 6
    pushing = [threading.Thread(target=again_and_again, args=(served.base, until), daemon=True) for _ in range(60)]
    for one in pushing:
        one.start()
    took = list[float]()
    while time.monotonic() < until - 1:
        time.sleep(1)
        began = time.monotonic()
        healthy(served.base)
        took.append(time.monotonic() - began)
    for one in pushing:
        one.join()
    assert sorted(took)[len(took) // 2] < 1, took
    assert max(took) < HEAD_SECONDS, took


def test_whoever_takes_no_answer_holds_up_nobody(served: Served):
    """Twelve connections, more than there are threads, ask for two hundred files each and take none: the next page comes while they are still open."""
    host = urllib.parse.urlsplit(served.base)
    asked = b"GET /static/django_htmx/htmx-2.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 200
    with ExitStack() as kept:
        for _ in range(12):
            one = kept.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.connect((str(host.hostname), int(host.port or 0)))
            with suppress(OSError):
                one.sendall(asked)
        time.sleep(2 * TAKE_SECONDS + 2)  # eight of them, then the other four
        began = time.monotonic()
        healthy(served.base)
        assert time.monotonic() - began < TAKE_SECONDS


def test_of_too_many_half_heads_the_oldest_ends(served: Served):
    """No more wait than are kept at a time; what came last still does, and is answered once it is whole."""
    with ExitStack() as opened:
        first = said(opened, served.base, HEAD)
        later = [said(opened, served.base, HEAD) for _ in range(WAITING + 20)]
        assert ended(first, HEAD_SECONDS / 2)
        later[-1].sendall(b"x\r\n\r\n")
        assert later[-1].recv(64).startswith(b"HTTP/1.1 200")


def test_a_head_without_end_ends(served: Served):
    """One that grows and grows is not kept, and the next page comes."""
    with ExitStack() as opened:
        one = said(opened, served.base, HEAD)
        with suppress(OSError):
            one.sendall(b"x" * (4 * HEAD_BYTES))
        assert ended(one, HEAD_SECONDS / 2)
        healthy(served.base)


def test_a_request_in_pieces_is_answered_and_so_is_what_follows(served: Served):
    """A head byte by byte, two requests at once, a head's half behind a whole request and the rest later, all on one kept connection; then a body that comes after its head."""
    whole = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with ExitStack() as opened:
        one = said(opened, served.base, b"")
        answers_of = opened.enter_context(one.makefile("rb"))
        for at in range(len(whole)):
            one.sendall(whole[at : at + 1])
        assert answered(answers_of) == 200
        one.sendall(whole + whole)
        assert [answered(answers_of), answered(answers_of)] == [200, 200]
        one.sendall(whole + whole[:20])
        assert answered(answers_of) == 200
        one.sendall(whole[20:])
        assert answered(answers_of) == 200
        one.sendall(BODY)
        time.sleep(0.2)
        one.sendall(b"x" * 894)
        assert answered(answers_of) == 403  # no page of ours made that form


def test_a_console_that_stops_waits_for_no_half_heads(tmp_path: Path):
    """It ends at once though connections wait for the rest of a head."""
    with ExitStack() as opened, running("serve", "--home", tmp_path / "home", "--lang", "en") as (base, _):
        for _ in range(5):
            said(opened, base, HEAD)
        healthy(base)
        began = time.monotonic()
    assert time.monotonic() - began < HEAD_SECONDS - 2


def test_a_gunicorn_that_goes_other_ways_is_refused():
    """The guard stands in methods that gunicorn's threads call; a worker that calls none of them would serve unguarded."""
    fits(ThreadWorker)
    with pytest.raises(RuntimeError, match="enqueue_req"):
        fits(SyncWorker)


def again_and_again(base: str, until: float) -> None:
    """Half a head, until the other side ends; then anew."""
    while time.monotonic() < until:
        with suppress(OSError), ExitStack() as opened:
            one = said(opened, base, HEAD)
            one.settimeout(max(0.1, until - time.monotonic()))
            one.recv(1)


def said(opened: ExitStack, base: str, words: bytes) -> socket.socket:
    """A connection on which this was sent."""
    place = urllib.parse.urlsplit(base)
    one = opened.enter_context(socket.create_connection((str(place.hostname), place.port or 80), timeout=60))
    one.sendall(words)
    return one


def ended(one: socket.socket, seconds: float) -> bool:
    """Whether the other side ends it in this time."""
    one.settimeout(seconds)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def answered(link: IO[bytes]) -> int:
    """The status of the next answer on a connection; its body is read away."""
    status = int(link.readline().split()[1])
    said = dict(iter(lambda: tuple(link.readline().strip().lower().partition(b": ")[::2]), (b"", b"")))
    link.read(int(said[b"content-length"]))
    return status


def healthy(base: str) -> None:
    """It says that it is well."""
    link = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=60)
    link.request("GET", "/health")
    assert link.getresponse().status == 200
    link.close()


def answers(base: str, *halves: bytes) -> None:
    """It says that it is well while as many wait as it has threads, and more."""
    place = urllib.parse.urlsplit(base)
    for said in halves:
        slow = [socket.create_connection((str(place.hostname), place.port or 80), timeout=60) for _ in range(12)]
        for one in slow:
            one.sendall(said)
        began = time.monotonic()
        link = http.client.HTTPConnection(place.netloc, timeout=2 * HEAD_SECONDS + BUSY + 20)
        link.request("GET", "/health")
        assert link.getresponse().status == 200
        assert time.monotonic() - began < 2 * HEAD_SECONDS + BUSY + 20
        link.close()
        for one in slow:
            one.close()
