"""How long whoever asks may take to say what they ask: a thread that waits for half a request answers nobody else.

A head is waited for outside of the threads, by the loop that accepts connections: only a whole one takes a thread (decision 111).
A body is read by the thread that answers it, in the time that its length allows. The loop alone touches what waits; no lock is needed.
"""

import selectors
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS: Final = 10.0
"""From the connection, or from the first byte of a further request on it, to the end of the head."""
HEAD_BYTES: Final = 32 * 1024
"""More than every head that a browser sends here, cookies and all; gunicorn itself would read 800 KiB."""
WAITING: Final = 256
"""Connections without a whole head that are kept at a time; of more the oldest ends."""
_END: Final = b"\r\n\r\n"
_CALLS: Final = (
    ("accept", "enqueue_req"), ("on_client_socket_readable", "enqueue_req"), ("finish_request", "enqueue_req"),
    ("run", "murder_pending"), ("run", "wait_for_and_dispatch_events"),
)  # fmt: skip
"""What gunicorn must call for this to hold. A release that goes other ways would serve as if nothing were guarded."""
TAKE_SECONDS: Final = 6
"""How long an answer may lie with nobody taking a byte of it; who takes some, however slowly, is given time (RFC 5482)."""
BODY_SECONDS: Final = 20.0
SLOWEST: Final = 32 * 1024
"""Bytes of a body that come in a second at least, after its first seconds."""


def fits(worker: type) -> None:
    """Refuse a gunicorn in which what stands here would never be called."""
    for caller, called in _CALLS:
        code = getattr(getattr(worker, caller, None), "__code__", None)
        if code is None or called not in code.co_names:
            raise RuntimeError(
                f"gunicorn's {worker.__name__}.{caller} calls no {called}: install the release that custody names"
            )


def _ends_untaken(sock: socket.socket) -> None:
    """The system breaks the connection of whoever takes nothing, and so wakes the thread that writes to it. Linux alone knows the option."""
    if hasattr(socket, "TCP_USER_TIMEOUT") and sock.family in {socket.AF_INET, socket.AF_INET6}:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKE_SECONDS * 1000)


@dataclass
class Head:
    """What came of a request's head so far, and until when the rest may."""

    conn: Any
    until: float
    said: bytearray

    def whole(self) -> bool:
        """Read what is there. Whether the head has ended; ConnectionError where it never will."""
        while _END not in self.said:
            if len(self.said) > HEAD_BYTES:
                raise ConnectionAbortedError
            try:
                more = self.conn.sock.recv(HEAD_BYTES)
            except BlockingIOError:
                return False
            if not more:
                raise ConnectionAbortedError
            self.said += more
        return True


class Patient(ThreadWorker):
    """gunicorn's threads, that wait for a request no longer than it takes somebody to send one.

    What is late is read no further: its connection gives no more bytes, and ends. An answer that is under way goes out all the same, as long as
    whoever asked takes of it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's signature
        super().__init__(*args, **kwargs)
        self._until, self._lock = dict[Any, float](), threading.Lock()
        self._heads = dict[Any, Head]()  # by connection, oldest first

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:  # noqa: ANN401 - gunicorn's signature
        """Before the first process is made. TLS would be shaken hands for in a thread: a proxy does that here."""
        fits(ThreadWorker)
        if cfg.is_ssl or cfg.http2_cleartext != "off":
            raise RuntimeError("custody speaks plain HTTP/1.1 behind a proxy")
        super().check_config(cfg, log)

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn's signature
        """A connection, new or kept, whose next request begins: to a thread where its head is whole, else it waits here."""
        conn.sock.setblocking(False)
        _ends_untaken(conn.sock)
        head = Head(conn, time.monotonic() + HEAD_SECONDS, bytearray())
        if conn.parser is not None:
            head.said += conn.parser.unreader.take_buffered()  # it followed the request before at once
        try:
            whole = head.whole()
        except OSError:
            self._end(conn)
            return
        if whole:
            self._go(head)
            return
        self._heads[conn] = head
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _: self._more(head))
        if len(self._heads) > WAITING:
            self._cut(next(iter(self._heads)))

    def _more(self, head: Head) -> None:
        """More of a head came. It keeps its place among those that wait: who sends a byte at a time is the oldest all the same."""
        try:
            whole = head.whole()
        except OSError:
            self._cut(head.conn)
            return
        if whole:
            self._forget(head.conn)
            self._go(head)

    def _go(self, head: Head) -> None:
        """The head is whole: its thread finds it as if it had read it."""
        head.conn.init()  # plain HTTP/1.1: makes the parser, reads nothing
        head.conn.parser.unreader.unread(bytes(head.said))
        super().enqueue_req(head.conn)

    def _cut(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn's own
        self._forget(conn)
        self._end(conn)

    def _forget(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn's own
        del self._heads[conn]
        self.poller.unregister(conn.sock)

    def _end(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn's own
        self.nr_conns -= 1
        conn.close()

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - gunicorn's signature
        self._give(conn, HEAD_SECONDS)
        going_on = False
        try:
            going_on = super().handle(conn)
        finally:
            with self._lock:
                in_time = self._until.pop(conn, None) is not None
        return going_on and in_time

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 - gunicorn's signature
        """The head is read; the body as its length says, where it says one."""
        length = next((value for name, value in req.headers if name == "CONTENT-LENGTH"), "0")
        self._give(conn, BODY_SECONDS + (int(length) if length.isdecimal() else 0) / SLOWEST)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Once a second, beside gunicorn's own look at connections that say nothing."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn, head in self._heads.items() if head.until < now or not self.alive]:
            self._cut(conn)
        with self._lock:
            late = [conn for conn, until in self._until.items() if until < now]
            for conn in late:
                del self._until[conn]
        for conn in late:
            with suppress(OSError):  # gone by itself
                conn.sock.shutdown(socket.SHUT_RD)

    def _give(self, conn: Any, seconds: float) -> None:  # noqa: ANN401 - gunicorn's own
        with self._lock:
            self._until[conn] = time.monotonic() + seconds
