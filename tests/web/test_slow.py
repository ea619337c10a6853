"""Whoever says half of what they ask holds nobody up for long."""

import http.client
import socket
import time
import urllib.parse
from pathlib import Path

from custody.web.patience import HEAD_SECONDS
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
