"""A page that shows fifty lines holds fifty lines, whatever is on file: the store finds, counts and orders (ADR 0104)."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.campaigning import approved_content, campaign, shown_content
from custody.acts.desk import Desk
from custody.base import canonical
from custody.services.campaign_show import campaign_show
from custody.services.evidence_list import evidence_list
from custody.services.guardian_list import guardian_list
from custody.services.quarantine_list import Asked, quarantine_list
from tests.vault.histories.world import World

DEAL, CAMPAIGN, FEW, MANY = "D-2026-7001", "N-2026-7001", 500, 10_000
AT = "2026-03-01T09:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An owner, a deal of which nothing is on file yet, and a campaign that tells nobody yet."""
    made = World(tmp_path / "world").desk
    with made.store.write() as tx:
        vault = str(tx.find("vault")[0]["id"])
        detail, texts = canonical.encode({}), canonical.encode({"subject": "x", "text": "x", "sender": "a@b.cn"})
        tx.add(
            "matter",
            [
                {
                    "id": "mat_1",
                    "party": made.space,
                    "kind": "deal",
                    "ref": DEAL,
                    "vault": vault,
                    "state": "open",
                    "detail": detail,
                }
            ],
        )
        tx.add(
            "campaign",
            [
                {
                    "id": "cmp",
                    "party": made.space,
                    "matter": "mat_1",
                    "ref": CAMPAIGN,
                    "texts": texts,
                    "channel": "email",
                }
            ],
        )
    return replace(made, principal=replace(made.principal, roles=frozenset({"owner", "privacy"})))


def fill(desk: Desk, start: int, end: int) -> None:
    """So many people more who said something, messages that came back, and lines that were set aside."""
    who = [(n, n.to_bytes(16)) for n in range(start, end)]
    with desk.store.write() as tx:
        vault = str(tx.find("vault")[0]["id"])
        tx.add(
            "subject",
            ({"vault": vault, "id": one, "kind": "customer", "state": "live", "facts": b"{}"} for _, one in who),
        )
        row = {"matter": "mat_1", "at": AT, "compartment": -1}
        tx.add("evidence", ({**row, "subject": one, "type": "notice.delivered"} for _, one in who))
        tx.add(
            "evidence",
            (
                {**row, "subject": one, "type": "consent.separate", "compartment": place}
                for n, one in who
                if n % 5 == 0
                for place in (1, 2)
            ),
        )
        tx.add("evidence", ({**row, "subject": one, "type": "guardian.relation"} for n, one in who if n % 10 == 0))
        tx.add(
            "answer",
            (
                {
                    "matter": "mat_1",
                    "subject": one,
                    "question": "consent.guardian",
                    "version": 1,
                    "act": "given",
                    "at": AT,
                }
                for n, one in who
                if n % 2 == 0
            ),
        )
        tx.add(
            "answer",
            (
                {
                    "matter": "mat_1",
                    "subject": one,
                    "question": "consent.guardian",
                    "version": 2,
                    "act": "withdrawn",
                    "at": AT,
                }
                for n, one in who
                if n % 8 == 0
            ),
        )
        tx.add("sending", ({"campaign": "cmp", "subject": one, "place": n, "state": "printed"} for n, one in who))
        tx.add(
            "quarantine",
            (
                {"vault": vault, "number": n, "tbl": "t", "file": "t.csv", "row": n % 4, "reason": "row.orphan"}
                for n, _ in who
            ),
        )
        tx.add("quarantine_end", ({"vault": vault, "number": n, "why": "not-needed"} for n, _ in who if n % 2))


PAGES: dict[str, Callable[[Desk], object]] = {
    "answers": lambda desk: evidence_list(desk, DEAL),
    "campaign": lambda desk: campaign_show(desk, CAMPAIGN, 50),
    "guardians": lambda desk: guardian_list(desk, 0),
    "quarantine": lambda desk: quarantine_list(desk, None, Asked(state="open"), 100, 50),
}


def peak(act: Callable[[], object]) -> int:
    """The most memory it held at once."""
    act()
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_holds_what_it_shows(desk: Desk, page: str):
    """Twenty times as much on file takes no more memory."""
    fill(desk, 0, FEW)
    few = peak(lambda: PAGES[page](desk))
    fill(desk, FEW, MANY)
    assert peak(lambda: PAGES[page](desk)) < 1.5 * few


def test_what_it_shows_is_what_is_on_file(desk: Desk):
    """Counted by the store, a person of two compartments once; who took the yes back is not listed, who showed a paper does not wait."""
    fill(desk, 0, FEW)
    with desk.store.write() as tx:
        tx.add(
            "evidence",
            [
                {"matter": "mat_1", "subject": b"", "type": kind, "compartment": -1}
                for kind in ("pia.done", "consent.separate")
            ],
        )
        tx.drop("evidence", matter="mat_1", subject=(3).to_bytes(16), type="notice.delivered")
    found = evidence_list(desk, DEAL)
    assert found["evidence"] == ["consent.separate", "pia.done"]
    assert found["answers"] == {
        "consent.separate": FEW // 5,
        "guardian.relation": FEW // 10,
        "notice.delivered": FEW - 1,
    }
    assert guardian_list(desk, 0) == {"guardians": [], "total": FEW // 2 - 63, "waiting": FEW // 2 - 63 - 37}
    told = campaign_show(desk, CAMPAIGN, 50)
    assert (len(told["work"]), told["work_total"], told["people"]) == (50, FEW, FEW)
    lines = quarantine_list(desk, None, Asked(state="open"), 100, 50)
    assert [one["number"] for one in lines["lines"]] == list(range(200, 300, 2))
    assert (lines["total"], lines["groups"][0]["rows"], lines["groups"][0]["open"]) == (FEW // 2, FEW, FEW // 2)


def test_a_digest_that_was_kept_wrong_fits_nothing(desk: Desk):
    """What a page offers for approval may rest on the kept digest; what acts reads the people themselves."""
    fill(desk, 0, 3)
    with desk.store.write() as tx:
        row = campaign(desk, tx, CAMPAIGN)
        assert shown_content(tx, row) == approved_content(tx, row)
        tx.change("campaign", {"people": "0" * 64}, id="cmp")
        row = campaign(desk, tx, CAMPAIGN)
        assert shown_content(tx, row) != approved_content(tx, row)
