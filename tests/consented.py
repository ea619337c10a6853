"""Lists of consents as records: who, the words that were shown, their version, when, by which act and how (spec/consent.md §7)."""

import csv
import io
from collections.abc import Iterable

GUARDIAN = "consent.guardian"
_HEADS = (
    "subject",
    "customer",
    "question",
    "act",
    "at",
    "version",
    "text",
    "language",
    "channel",
    "guardian",
    "relation",
)


def consented(
    people: Iterable[str],
    kinds: Iterable[str],
    recipient: str,
    *,
    by: str = "subject",
    at: str = "2026-03-01T02:00:00Z",
) -> str:
    """Each of them said yes to each of these, to a hand-over to `recipient`; for a child their parent said it."""
    out, kinds = io.StringIO(newline=""), tuple(kinds)
    lines = csv.DictWriter(out, _HEADS)
    lines.writeheader()
    for who in people:
        for kind in kinds:
            who_else = {"guardian": "家长", "relation": "parent"} if kind == GUARDIAN else {}
            lines.writerow({
                by: who, "question": kind, "act": "given", "at": at, "version": f"v.{kind}", "channel": "web", "language": "zh",
                "text": f"我同意把我的信息交给{recipient}（{kind}）。", **who_else,
            })  # fmt: skip
    return out.getvalue()
