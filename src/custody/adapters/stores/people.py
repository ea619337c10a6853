"""Whose rows are somebody's bytes: they are added only where the store may lie (spec/residency.md §1a)."""

from typing import Final

from custody.adapters.stores.schema import METADATA

# Added wherever the store lies: what erasing somebody, keeping a hold and writing a record anew under a new key add; what people
# ask for and answer themselves, since a no that is not taken down harms more than one abroad; who may read; and which
# records may be one person's, since a no of one has to reach the other.
_ANYWHERE: Final = frozenset(
    (
        "record",
        "hold",
        "unindexed",
        "touched",
        "retention_listed",
        "stripped",
        "request",
        "answer",
        "evidence",
        "entitlement",
        "parted",
        "twin",
        "twin_said",
        "sought",
    )
)
_WITHOUT_NAME: Final = frozenset(("quarantine", "tally", "letter_code", "campaign", "request_passed", "released_page"))
OF_PEOPLE: Final = (
    frozenset(name for name, table in METADATA.tables.items() if name == "subject" or "subject" in table.c)
    | _WITHOUT_NAME
) - _ANYWHERE
"""Whatever names a subject, unless it is said above; and what is of people without naming them."""
