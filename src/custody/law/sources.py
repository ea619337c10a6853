"""Where laws are published: `sources.yaml`, a mapping of the names under which rules cite them to https addresses."""

import re
from collections.abc import Mapping
from typing import Final

from custody.law.faults import Faults
from custody.law.lined import Lined, documents

_ADDRESS: Final = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[!-~]*)?", re.ASCII)
"""A host of letters and digits, and a path: no port, no name or secret before the host."""


def read_sources(text: str, file: str = "sources.yaml") -> Mapping[str, str]:
    """Read it. Raises Malformed `law.sources` with every fault: what is no https address of a host is one."""
    faults, found = Faults(), dict[str, str]()
    faults.file = file
    for row in documents(text, faults):
        if not isinstance(row, Lined):
            faults.add(1, "sources are a mapping of names to addresses")
            continue
        for name, url in row.items():
            if not isinstance(url, str) or not _ADDRESS.fullmatch(url):
                faults.add(row.at(name), f"{name}: no https address")
            else:
                found[str(name)] = url
    faults.stop("law.sources", "Correct the addresses named.")
    return found
