"""What a rehearsal leaves for people: `report.html` and `certificate.pdf`, made from its summary."""

from collections.abc import Mapping
from typing import Any

from custody import wiring
from custody.cli.rehearsal.control_page import control_page
from custody.cli.rehearsal.page import page
from custody.ports.files import Files
from custody.services.certificate import certificate_data


def write_report(out: Files, summary: Mapping[str, Any], lang: str) -> None:
    """Write what the deal calls for beside the summary: a change of control destroys nothing that a certificate could say."""
    if "control" in summary:
        out.write("report.html", control_page(summary, lang).encode())
        return
    out.write("report.html", page(summary, lang).encode())
    out.write("certificate.pdf", wiring.pdf("certificate", certificate_data(summary)))
