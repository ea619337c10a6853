"""D4: what the form of a look promises is so."""

import re
from pathlib import Path

from custody.web.console import catalogue

PORTAL = Path(catalogue.__file__).parent.parent / "portal"
LOOKS = re.compile(r"revealed|request-read|access_of|\blooks\b")


def test_d4_no_words_promise_that_a_customer_is_shown_looks():
    """The customers' pages tell of no look of staff, so no screen says that they do; it says where a look is entered."""
    told = [one.read_text(encoding="utf-8") for one in sorted((*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")))]
    assert told
    assert not any(LOOKS.search(text) for text in told)
    said = catalogue.entries()["customers.first"]
    assert "能看到" not in said["zh"]
    assert "customer can see" not in said["en"].lower()
    assert "history" in said["en"]
