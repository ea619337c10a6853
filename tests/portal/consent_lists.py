"""A list of consents given before, as somebody would bring it."""

import csv
import io

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
