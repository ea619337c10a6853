"""B4: what the law of a place says of when a request is answered; of a place of which nothing is on file it is said so, and the strictest that is counts."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.bounds import Bounds, kept, stricter, told
from custody.acts.requesting import KINDS, bounds, clock_facts
from custody.base import canonical
from custody.base.clock import parse
from custody.law.pack import Packs

CAME = parse("2026-04-20T13:00:00Z")
LONGER = {"extend": "2026-04-21T02:00:00Z"}


@pytest.fixture(scope="module")
def packs() -> Packs:
    return lawbook.packs(wiring.laws())


def of(packs: Packs, place: str, kind: str, seller: str = "", done: dict[str, str] | None = None) -> Bounds:
    """A request from somebody who lives there, of a company of that place or another."""
    seller = seller or place
    facts = {"facts": canonical.encode({"residence": place})}
    return bounds(
        packs, {"seller.jurisdiction": seller}, (seller,), facts, kind, CAME, date(2026, 4, 20), clock_facts(done or {})
    )  # type: ignore[arg-type] # the row's facts are all that is read


@pytest.mark.parametrize(
    ("place", "kind", "rule", "last", "longest"),
    [
        ("KR", "access", "KR-REQ-35", "2026-04-30", ""),
        ("KR", "delete", "KR-REQ-36", "2026-04-30", ""),
        ("KR", "object", "KR-REQ-37", "2026-04-30", ""),
        ("HK", "access", "HK-REQ-19", "2026-05-30", ""),
        ("HK", "correct", "HK-REQ-23", "2026-05-30", ""),
        ("SG", "access", "SG-REQ-REG5", "2026-05-20", ""),
        ("CA", "access", "CAN-REQ-8", "2026-05-20", ""),
        ("CA-QC", "delete", "QC-REQ-32-DEL", "2026-05-20", ""),
        ("BR", "access", "BR-REQ-19", "2026-05-05", ""),
        ("TW", "copy", "TW-REQ-13-1", "2026-05-05", "2026-05-20"),
        ("TW", "correct", "TW-REQ-13-2", "2026-05-20", "2026-06-19"),
        ("CH", "access", "CH-REQ-25", "2026-05-20", ""),
        ("CH", "portability", "CH-REQ-28", "2026-05-20", ""),
    ],
)
def test_b4_the_last_day_of_a_place_is_its_own_laws(
    packs: Packs, place: str, kind: str, rule: str, last: str, longest: str
):
    """Counted from the day of receipt there, and longer only where that law says so of whoever was told."""
    plain, longer = of(packs, place, kind), of(packs, place, kind, done=LONGER)
    assert (plain.rule, plain.silent, plain.presumed) == (rule, (), False)
    assert day(packs, place, plain.due_at) == last
    assert day(packs, place, longer.due_at) == (longest or last)


@pytest.mark.parametrize(("place", "kind"), [("JP", "access"), ("JP", "delete"), ("SG", "correct"), ("BR", "delete")])
def test_b4_without_delay_is_said_where_that_is_the_law(packs: Packs, place: str, kind: str):
    """遅滞なく, as soon as possible, at once: no number takes its place."""
    found = of(packs, place, kind)
    assert found.prompt.startswith(place)
    assert found.silent == ()


def test_b4_a_period_that_is_reasonable_has_the_regulators_day_beside_it(packs: Packs):
    """Australia's law names no number; its regulator's thirty days are recommended and called so."""
    found = of(packs, "AU", "access")
    assert (found.due_at, found.prompt, found.advised, found.silent) == ("", "", "AU-OAIC-REQ", ())
    assert day(packs, "AU", found.advised_at) == "2026-05-20"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["TH", "US-TX", "IN"])
def test_b4_of_what_is_not_on_file_the_strictest_counts(packs: Packs, place: str, kind: str):
    """No law is said to name no day: it is unknown, a lawyer is to be asked, and nothing known is stricter than what counts meanwhile."""
    found = of(packs, place, kind, "CN")
    assert place in found.silent
    assert found.presumed
    assert not found.pauses
    everywhere = [of(packs, one, kind) for one in sorted(packs.regimes)]
    assert stricter(found, *everywhere).due_at == found.due_at
    assert bool(found.prompt) == any(one.prompt for one in everywhere)
    row = {**found.cells(), "closed_at": ""}
    assert kept(row).silent == found.silent  # type: ignore[arg-type] # the row's bounds are all that is read
    words = told(row)["clock"]  # type: ignore[arg-type] # as above
    assert isinstance(words, dict)
    assert "unknown, ask a lawyer" in str(words["en"])
    assert "请问律师" in str(words["zh"])


def test_b4_a_place_whose_law_speaks_is_not_called_unknown(packs: Packs):
    """Chinese, European and British law say of each kind how it is answered; a company of one of them has no law that is silent."""
    for place in ("CN", "DE", "GB"):
        for kind in KINDS:
            found = of(packs, place, kind, "CN")
            assert (found.silent, "/" in str(found.cells()["places"])) == ((), False), (place, kind)


def day(packs: Packs, place: str, instant: str) -> str:
    """The day there on which an instant lies."""
    return parse(instant).astimezone(ZoneInfo(packs.terms.zone(place))).date().isoformat() if instant else ""
