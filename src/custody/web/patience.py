"""How long whoever asks may take to say what they ask: a thread that waits for half a request answers nobody else."""

import socket
import threading
import time
from contextlib import suppress
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS: Final = 10.0
"""From the first byte to the end of the head."""
BODY_SECONDS: Final = 20.0
SLOWEST: Final = 32 * 1024
"""Bytes of a body that come in a second at least, after its first seconds."""


class Patient(ThreadWorker):
    """gunicorn's threads, that wait for a request no longer than it takes somebody to send one.

    What is late is read no further: its connection gives no more bytes, and ends. An answer that is under way goes out all the same.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's signature
        super().__init__(*args, **kwargs)
        self._until, self._lock = dict[Any, float](), threading.Lock()

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
