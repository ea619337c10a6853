"""Change the passphrase under which one's own key lies; the key, and so the identity, stays (A1)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import SHORTEST
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed


def principal_passphrase(desk: Desk, new: bytes) -> Mapping[str, Json]:
    """Seal the acting person's key under `new`. Raises Malformed `principal.passphrase` for one that is too short."""
    if len(new.decode("utf-8", "replace")) < SHORTEST:
        raise Malformed(
            "principal.passphrase",
            f"A passphrase has at least {SHORTEST} characters.",
            next="Take a sentence of your own.",
        )
    desk.files.write(f"keys/principals/{desk.principal.handle}.key", desk.actor.seal_private(new), secret=True)
    with desk.store.write() as tx:
        append(tx, desk.space, stamp(desk.clock.now()), "passphrase-changed", {"principal": desk.principal.id})
    return {"id": desk.principal.id, "handle": desk.principal.handle}
