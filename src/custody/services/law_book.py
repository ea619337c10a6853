"""Write the rules as a book to read offline (C1)."""

from collections.abc import Mapping
from datetime import date

from custody.acts import lawbook
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.law.book import book
from custody.law.cases import read_cases
from custody.ports.files import Files
from custody.ports.laws import Laws


def law_book(laws: Laws, out: Files, name: str, today: date) -> Mapping[str, Json]:
    """One page, both languages. Says what it wrote."""
    packs = lawbook.packs(laws)
    page = book(packs, read_cases(laws.cases(), packs), today).encode()
    out.write(name, page)
    return {
        "file": name,
        "bytes": len(page),
        "sha256": sha256(page),
        "rules": len(packs.rules),
        "version": packs.version,
    }
