"""How it stands with a child's guardian in a deal: the yes, and the paper that was seen (B2; spec/consent.md §8)."""

from collections.abc import Mapping

from custody.acts import guardian_papers
from custody.acts.desk import Desk
from custody.acts.guardian_rows import READERS, child, told
from custody.acts.matters import deal
from custody.acts.reseal import live_subject
from custody.base import ids
from custody.base.canonical import Json


def guardian_show(desk: Desk, named_deal: str, subject: str) -> Mapping[str, Json]:
    """Raises Missing `subject.unknown`, Denied `act.role`."""
    desk.require(READERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        row = live_subject(tx, str(matter["vault"]), ids.subject_bytes(subject))
        papers = guardian_papers.papers(tx, matter, ids.subject_bytes(subject))
        return {**told(desk, tx, child(tx, matter, row)), "papers": guardian_papers.shown(papers, desk.principal.id)}
