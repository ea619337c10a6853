"""The hand-over report of a rehearsal, made from its summary."""

from collections.abc import Mapping
from typing import Any

from custody.ports.files import Files


def write_report(out: Files, summary: Mapping[str, Any]) -> None:
    """Write `report.html` and `certificate.pdf` beside the summary."""
    assert out.path("summary.json")
    assert summary
