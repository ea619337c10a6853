"""Letters for those whom no message reaches, as pages for a window envelope, so many a file (B1, spec/campaigns.md §6)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from custody.acts import links
from custody.acts.campaign_approval import approved
from custody.acts.campaigning import PRINTED, campaign
from custody.acts.desk import Desk
from custody.acts.going import require_going
from custody.acts.letters import by_post, entered, kept_as_copy, number, page, reached, require, waiting
from custody.acts.terms import NOBODY_SAID, Term
from custody.base.canonical import Json
from custody.base.errors import Malformed, Unavailable
from custody.ports.store import Row

Draw = Callable[[str, Mapping[str, Any]], bytes]
Keep = Callable[[str, bytes], None]
SIDES: Final = ("left", "right")
MOST: Final = 500


def campaign_print(
    desk: Desk, draw: Draw, keep: Keep, ref: str, given: Mapping[str, str], term: Term = NOBODY_SAID,
    *, dry_run: bool = False,
) -> Mapping[str, Json]:  # fmt: skip
    """Of many a second person approves that they leave in clear; `dry_run` says what they approve. `given`: side of the window, back (the line to send it to when it does not arrive), batch. Raises Refused `act.unapproved`, Malformed `campaign.words`."""
    desk.require(("owner", "privacy"))
    side, batch = _form(given)
    if not dry_run:
        require(desk, ref, "pages")
    with desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        if dry_run:
            return waiting(desk, tx, row, "pages")
        approved(desk, tx, row)
        ways, position = entered(desk, tx, row, "pages")
        copy = kept_as_copy(desk, tx, row, term)
        listed = by_post(tx, row)
    files, done, total = list[Json](), 0, 0
    for some in (listed[start : start + batch] for start in range(0, len(listed), batch)):
        pages = _pages(desk, row, some, ways, given.get("back", ""))
        total += len(pages)
        for people, pdf in _drawn(draw, side, list(pages.items())):
            name = f"{ref}-{len(files) + 1:04d}.pdf"
            keep(name, pdf)
            files.append(name)
            done += _mark(desk, row, people)
    return {"campaign": ref, "files": files, "letters": done, "without_address": len(listed) - total, "undrawn": total - done,
            "copy": copy, "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _form(given: Mapping[str, str]) -> tuple[str, int]:
    side, batch, back = given.get("side", SIDES[0]), given.get("batch", "100"), given.get("back", "")
    wrong = [] if side in SIDES else ["side"]
    wrong += [] if batch.isdigit() and 1 <= int(batch) <= MOST else ["batch"]
    wrong += [] if back.isprintable() and len(back) <= 90 else ["back"]
    if wrong:
        raise Malformed("campaign.words", f"Missing or not of its form: {', '.join(wrong)}.")
    return side, int(batch)


def _pages(
    desk: Desk, row: Row, some: Sequence[Row], ways: Mapping[bytes, links.Link], back: str
) -> dict[bytes, dict[str, Any]]:
    """What the letters of one file show; whoever has no address that fits is left out. Raises Refused `deal.ended`, `campaign.untrue` where that came since the file before."""
    card = desk.card
    head = {"on": desk.today().isoformat(), "rehearsal": "yes" if desk.rehearsal else "",
            "back_zh": back or card.name_zh, "back_en": back or card.name_en or card.name_zh}  # fmt: skip
    with desk.store.read() as tx:
        require_going(tx, row)
        found = reached(desk, tx, row, [cast("bytes", sending["subject"]) for sending in some])
    made = dict[bytes, dict[str, Any]]()
    for sending in some:
        who = cast("bytes", sending["subject"])
        if found[who].window():
            way = (links.token(desk, ways[who]), links.typed(desk, ways[who]))
            made[who] = page(row, number(row, sending), found[who], way, head)
    return made


def _drawn(draw: Draw, side: str, pages: Sequence[tuple[bytes, dict[str, Any]]]) -> Iterator[tuple[list[bytes], bytes]]:
    """(whose, PDF). A sign that no font can draw costs its own letter alone: the rest goes into files of its halves."""
    if not pages:
        return
    try:
        pdf = draw("letter", {"side": side, "letters": [shown for _, shown in pages]})
    except Unavailable as error:
        if error.slug != "pdf.glyph":
            raise
        half = len(pages) // 2
        for part in (pages[:half], pages[half:]) if half else ():
            yield from _drawn(draw, side, part)
    else:
        yield [who for who, _ in pages], pdf


def _mark(desk: Desk, row: Row, people: Sequence[bytes]) -> int:
    with desk.store.write() as tx:
        for who in people:
            tx.change("sending", {"state": PRINTED}, campaign=str(row["id"]), subject=who)
    return len(people)
