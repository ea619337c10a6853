"""What a restore puts beside the facts: the entries of the ledger that they lack, and every segment that they name (spec/vault.md §21)."""

from custody.acts.backing import copy, segment_name
from custody.acts.entries import about_rows
from custody.acts.restoring import Blank, Journal
from custody.base.errors import Missing
from custody.ports.files import Files
from custody.ports.store import Transaction


def extend_ledger(blank: Blank, tx: Transaction, told: Journal, position: int) -> None:
    """Every entry that the facts lack, with its opening, and the head over all; done twice it is done once."""
    for table in ("ledger_entry", "opening"):
        tx.drop_many(table, ({"space": blank.space, "position": number} for number in range(position, len(told))))
    tx.add("ledger_entry", ({"space": blank.space, "position": one.number, "entry": one.raw.entry, "hash": one.hash}
                            for one in told.since(position)))  # fmt: skip
    tx.add("opening", ({"space": blank.space, "position": one.number, "salt": one.raw.salt, "detail": one.raw.detail}
                       for one in told.since(position)))  # fmt: skip
    tx.drop("entry_about", space=blank.space)  # it follows from the ledger, and an older backup has none
    tx.add(
        "entry_about",
        (row for one in told.since() for row in about_rows(blank.space, one.number, one.raw.entry, one.raw.detail)),
    )
    if position < len(told):
        tx.drop("ledger_head", space=blank.space)
        frontier = b"".join(told.frontier.to_list())
        tx.add(
            "ledger_head",
            [{"space": blank.space, "size": told.frontier.size, "frontier": frontier, "last_at": told.last_at}],
        )


def fetch_segments(blank: Blank, tx: Transaction) -> list[str]:
    """Every segment the facts name into the home, by hash; returns those that are nowhere whole."""
    there, lost = set(blank.place.list("segments")), []
    for row in tx.find("segment", order=("vault", "id")):
        file, name = str(row["file"]), segment_name(row)
        if _same(blank.files, file, row["sha256"]):
            continue
        if name not in there or not _same(blank.place, name, row["sha256"]):
            lost.append(str(row["id"]))
            continue
        blank.files.remove(file)  # what is there is not what the facts name, and a bucket replaces nothing
        with blank.place.path(name).open("rb") as source, blank.files.writer(str(row["file"])) as target:
            copy(source, target)
    return lost


def _same(files: Files, name: str, sha256: object) -> bool:
    try:
        with files.open(name) as source:
            return copy(source, None) == sha256
    except Missing:
        return False
