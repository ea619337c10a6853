"""A list of consents given before, as somebody would bring it."""

import csv
import io
from pathlib import Path

from custody.acts.vaults import sha256
from custody.acts.vouching import agreed_of
from custody.services.approve import approve
from tests.portal.conftest import DEAL, at

HEADS = (
    "subject",
    "customer",
    "question",
    "act",
    "at",
    "version",
    "text",
    "language",
    "channel",
    "purposes",
    "guardian",
    "relation",
)
WHEN = "2024-05-01T10:00:00Z"
ASKED = {
    "question": "consent.marketing",
    "act": "given",
    "at": WHEN,
    "version": "m1",
    "text": "我们可以给您发推广吗？",
    "language": "zh",
    "channel": "web",
}


def listed(*lines: dict[str, str]) -> bytes:
    """A list with these lines; the first is line 2."""
    out = io.StringIO()
    made = csv.DictWriter(out, HEADS)
    made.writeheader()
    made.writerows({**ASKED, **line} for line in lines)
    return out.getvalue().encode()


def vouched(where: Path, data: bytes, texts: bytes = b"", zone: str = "", by: str = "suhe") -> bytes:
    """The list, for which a second person stands."""
    with at(where, by) as desk:
        with desk.store.read() as tx:
            (matter,) = tx.find("matter", ref=DEAL)
        approve(desk, "answers", agreed_of(str(matter["id"]), sha256(data), sha256(texts), zone))
    return data
