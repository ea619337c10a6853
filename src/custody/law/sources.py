"""Where laws are published: `sources.yaml`, a mapping of the names under which rules cite them to https addresses."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from custody.law.faults import Faults
from custody.law.lined import Lined, documents


def read_sources(text: str, file: str = "sources.yaml") -> Mapping[str, str]:
    """Read it. Raises Malformed `law.sources` with every fault: what is no https address of a host is one."""
    faults, found = Faults(), dict[str, str]()
    faults.file = file
    for row in documents(text, faults):
        if not isinstance(row, Lined):
            faults.add(1, "sources are a mapping of names to addresses")
            continue
        for name, url in row.items():
            if not isinstance(url, str) or not _is_address(url):
                faults.add(row.at(name), f"{name}: no https address")
            else:
                found[str(name)] = url
    faults.stop("law.sources", "Correct the addresses named.")
    return found


def _is_address(url: str) -> bool:
    told = urlsplit(url)
    return told.scheme == "https" and bool(told.hostname) and told.username is None and url.isprintable()
