"""The recall of a hand-over and the buyer's answer to it (spec/package.md §5): what `generate.py` and the tests add to a release."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from build import DEAL, Handover

from custody.base.clock import stamp
from custody.base.statement import subject
from custody.package import release, statements
from custody.package.leaf import key_commitment

ANSWER = "recalled-0002.dsse.json"


def recall(made: Handover, owners: Sequence[int]) -> release.Manifest:
    """Release 2: the order to shred every slot of these customers. It has no keys, so neither `enc` nor pages."""
    slots = tuple(
        release.RecallEntry(compartment, 0, owner, key_commitment(made.deks[compartment, owner])[:16].hex())
        for compartment in (1, 2)
        for owner in sorted(owners)
    )
    draft = replace(
        made.releases[0].manifest, n=2, previous=made.previous, kind="recall", pages=(), closing=None, silent=None, recall=slots, counts={},
        checkpoint=made.seller.log.log_head(), issued_at=stamp(made.tick()),
    )  # fmt: skip
    data, at = release.encode(draft), release.folder_name(2)
    made.previous = release.digest(data)
    made.put(f"{at}/{release.MANIFEST}", data)
    says = statements.ReleasedStatement(
        deal=DEAL, n=2, kind="recall", manifest=made.previous, package=draft.package.id, seller=draft.seller, buyer=draft.buyer,
        closing=None,
    )  # fmt: skip
    made.put(f"{at}/{release.ENVELOPE}", made.sign(made.seller, says, statements.release_subjects(data, b"", "")))
    made.put(f"{at}/{release.PROOF}", made.seller.log.proof(len(made.seller.log.entries) - 1))
    return draft


def signed_answer(
    made: Handover, order: release.Manifest, *, enter: bool = False, seller: bool = False, **change: object
) -> bytes:
    """How far the buyer came: one slot was not there any more, one is kept by a hold, the rest is shredded. Only with `enter` it is in the buyer's ledger."""
    manifest, slots = release.digest(release.encode(order)), len(order.recall)
    says = statements.Recalled(
        deal=DEAL, n=order.n, release=manifest, slots=slots, shredded=slots - 2, absent=1, held=1,
        exports=(statements.ExportAnswer("crm", "destroyed", stamp(made.now)), statements.ExportAnswer("list", "open")),
        answered_at=stamp(made.now),
    )  # fmt: skip
    said = replace(says, **change)
    signer = made.seller if seller else made.buyer
    if enter:
        return made.sign(signer, said, [subject(release.MANIFEST, said.release)])
    written = signer.log.entries[:]
    try:
        return made.sign(signer, said, [subject(release.MANIFEST, said.release)])
    finally:
        signer.log.entries[:] = written


WRONG: Mapping[str, tuple[str, Callable[[Handover], dict[str, object]]]] = {
    "sum": ("chain", lambda _: {"shredded": 4}),
    "slots": ("chain", lambda _: {"slots": 3, "shredded": 1}),
    "number": ("chain", lambda _: {"n": 1}),
    "release": ("chain", lambda made: {"release": release.digest(made.releases[0].data)}),
    "signer": ("signature", lambda _: {"seller": True}),
}
"""{defect of a signed answer: (the class to be named, what is said in place of the right thing)}."""
