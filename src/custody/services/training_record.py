"""Record that a person was trained in a topic, and until when that holds (A3; spec/access.md §2)."""

import re
from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.entitlements import GIVERS, TRAINING, record
from custody.base.canonical import Json
from custody.base.errors import Malformed

_TOPIC: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


def training_record(desk: Desk, handle: str, topic: str, until: str) -> Mapping[str, Json]:
    """Never one's own. Raises Malformed `entitlement.topic`, `entitlement.until`, Denied `entitlement.own`, Missing `principal.unknown`."""
    desk.require(GIVERS)
    if not _TOPIC.fullmatch(topic):
        raise Malformed("entitlement.topic", "A topic is a-z, 0-9 and -; the policy that ships asks for: privacy.")
    with desk.store.write() as tx:
        return record(desk, tx, TRAINING, handle, topic, until)
