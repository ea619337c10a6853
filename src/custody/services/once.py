"""Do what a machine asks once, however often it asks (spec/api.md §2): the first answer is kept by token and key."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Malformed, Refused
from custody.ports.store import one

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


def once(
    desk: Desk, token: str, key: str, asked: Mapping[str, Json], work: Callable[[], Mapping[str, Json]]
) -> tuple[Mapping[str, Json], bool]:
    """(answer, whether it is the first one again). Raises Malformed `api.key`, `api.key-reused`, Refused `api.key-open`.

    What was refused is not kept: it wrote nothing, and may be asked again under its key.
    """
    if not _KEY.fullmatch(key):
        raise Malformed("api.key", "A request that writes needs an Idempotency-Key of 8 to 64 letters, digits, - or _.")
    digest = hashlib.sha256(canonical.encode(dict(asked))).hexdigest()
    with desk.store.write() as tx:
        row = one(tx, "api_once", token=token, key=key)
        if row is None:
            tx.add(
                "api_once",
                [{"token": token, "key": key, "sha256": digest, "at": stamp(desk.clock.now()), "answer": b""}],
            )
    if row is not None:
        if row["sha256"] != digest:
            raise Malformed(
                "api.key-reused", "This key was used for another request.", next="Give each request a key of its own."
            )
        if not row["answer"]:
            raise Refused(
                "api.key-open",
                "The first request with this key has not ended.",
                next="Look whether it was done before asking under another key.",
            )
        return cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["answer"]))), True
    try:
        answer = work()
    except CustodyError:
        with desk.store.write() as tx:
            tx.drop("api_once", token=token, key=key)
        raise
    with desk.store.write() as tx:
        tx.change("api_once", {"answer": canonical.encode(dict(answer))}, token=token, key=key)
    return answer, False
