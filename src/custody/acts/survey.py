"""Look at everything a vault holds and name what does not agree (spec/vault.md §24): by class and place, never by value.

Classes: `segment.missing`, `segment.changed`, `record.no-key`, `record.altered`, `record.missing`, `record.orphan`,
`record.unnamed`, `key.no-record`, `key.of-nobody`, `key.erased`, `subject.page`, `subject.no-key`, `page.altered`, `page.members`, `head`, `file.stray`;
against the ledger `ledger.*`, `erasure.*`, `quarantine.unseen`, `revision.*`, `hold`, `layout`, `statement`.
"""

from custody.acts.survey_about import survey_people
from custody.acts.survey_keys import survey_erased, survey_pages, survey_subjects
from custody.acts.survey_ledger import survey_ledger
from custody.acts.survey_records import survey_orphans, survey_segments, survey_strays
from custody.acts.survey_told import survey_erasures, survey_layout, survey_statements, told_of
from custody.acts.surveyed import Survey
from custody.acts.unread_rows import unseen
from custody.acts.vaults import AUDIT, Keyring
from custody.ports.files import Files
from custody.ports.store import Transaction


def survey(tx: Transaction, ring: Keyring, files: Files) -> Survey:
    """Open every page and every record of one vault. What is in memory at a time grows by a bit a key and by no more."""
    found = Survey()
    keys = survey_pages(tx, ring, found)
    survey_subjects(tx, ring, keys, found)
    used = survey_segments(tx, ring, files, found)
    survey_orphans(tx, ring, found)
    survey_erased(tx, ring, found)
    for (compartment, page), number in keys.beside(used):
        if compartment != AUDIT:
            found.say("key.no-record", compartment=compartment, page=page, slot=number)
    survey_strays(tx, ring, files, found)
    return found


def survey_books(tx: Transaction, ring: Keyring, files: Files, space: str, found: Survey) -> None:
    """Check the ledger itself, and against it what the store says of erasures, corrections, holds, statements and the vault's layout."""
    survey_ledger(tx, space, found)
    told = told_of(tx, space, ring.vault)
    found.restored = told.restored
    survey_layout(tx, ring.vault, told, found)
    survey_erasures(tx, space, ring.vault, told, found)
    for number in told.unseen:
        if rows := unseen(tx, space, ring.vault, number):
            found.say("quarantine.unseen", entry=number, rows=rows)
    survey_people(tx, ring, files, space, told, found)
    survey_statements(tx, space, told, found)
