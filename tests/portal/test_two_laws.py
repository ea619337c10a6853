"""B4: a request that goes on across a sale between two places of real law, China and Germany, in either direction; each side's word on it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import facts, lawbook
from custody.acts.bounds import Bounds
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.requesting import KINDS, bounds
from custody.base.canonical import encode, unb64
from custody.base.clock import parse
from custody.services.portal_answer import portal_answer
from custody.services.request_clock import request_clock
from custody.services.request_close import request_close
from custody.services.request_list import request_line, request_list
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_settle import request_settle
from custody.services.request_status import request_status
from custody.services.request_take import request_take
from tests.portal.conftest import DEAL, at, laws
from tests.portal.passed_on import buyer, released
from tests.portal.somebody import refused
from tests.portal.tokens import token
from tests.residing import lives_in

COPY = {"kind": "copy", "channel": "desk", "proof": "in-person", "note": "请给我一份副本"}
PROMPT = "CN-RIGHT-45"
CAME = parse("2026-03-16T01:00:00Z")
MONTH = "2026-04-16"


def of(where: Path, concerned: tuple[str, ...], residence: str | None, kind: str, **more: bool) -> Bounds:
    """What the packs that ship say."""
    person = {"facts": encode({"residence": residence} if residence else {})}
    matter = {"seller.jurisdiction": concerned[0]}
    return bounds(lawbook.packs(laws(where)), matter, concerned, person, kind, CAME, CAME.date(), dict(more))  # type: ignore[arg-type] # a row


@pytest.mark.parametrize("kind", ["access", "copy", "correct"])
def test_b4_a_recommended_standard_does_not_hide_without_delay(tmp_path: Path, kind: str):
    """In China the law says without delay and a standard recommends thirty days: both are told, each as what it is, and no law's day is made of it."""
    found = of(tmp_path, ("CN",), "CN", kind)
    assert (found.due_at, found.prompt[:8], found.places, found.presumed) == ("", "CN-RIGHT", ("CN",), False)
    assert (found.advised, found.advised_at[:10], found.last_at) == ("CN-STD-35273-REQ", "2026-04-15", found.advised_at)


@pytest.mark.parametrize("kind", KINDS)
def test_b4_where_nobody_knows_where_they_live_no_clock_is_laxer_than_at_either_company(tmp_path: Path, kind: str):
    """Of both companies' law the stricter, and it is said why: by which places, because the residence is not on file."""
    both = of(tmp_path, ("DE", "CN"), None, kind)
    assert (both.presumed, both.places) == (True, ("CN", "DE", "EU"))
    for place in ("CN", "DE"):
        alone = of(tmp_path, (place,), place, kind)
        assert not alone.prompt or both.prompt
        assert not alone.due_at or "" < both.due_at <= alone.due_at
        assert not alone.advised_at or "" < both.advised_at <= alone.advised_at


def test_b4_the_law_of_where_they_live_and_of_who_answers_bind_alone(tmp_path: Path):
    """A customer in Germany of a company in Germany has a month, and no word of China's."""
    found = of(tmp_path, ("DE", "CN"), "DE", "copy")
    assert (found.presumed, found.prompt, found.advised, found.due_at[:10]) == (False, "", "", MONTH)
    longer = of(tmp_path, ("DE", "CN"), "DE", "copy", **{"request.extension_notified": True})
    assert longer.due_at > found.due_at


def in_germany(desk: Desk) -> Desk:
    """The same desk of a company that is established in Germany."""
    return replace(desk, card=replace(desk.card, place="DE"))


def seller_in_germany(where: Path) -> None:
    """The company that sells is a German one."""
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        matter = deal(desk, tx, DEAL)
        facts.keep(desk, tx, str(matter["id"]), int(str(matter["version"])) + 1, {"seller.jurisdiction": "DE"}, {})


def of_kind(desk: Desk, who: str, kind: str = "copy") -> dict:
    (found,) = [one for one in request_list(desk, None)["requests"] if (one["subject"], one["kind"]) == (who, kind)]
    return found


def clocks(one: dict) -> tuple[str, str, str]:
    return one["prompt"], one["due_at"][:7], one["advised"]


@contextmanager
def took(where: Path, *, german: bool) -> Iterator[tuple[Desk, object]]:
    """The buyer's desk, German or Chinese, with what was passed to it."""
    folder = wiring.folder(where / "handover")
    with at(where, "zhouning") as desk:
        request_pass(desk, DEAL, folder)
    with buyer(where) as desk:
        here = in_germany(desk) if german else desk
        request_take(here, laws(where), DEAL, folder)
        yield here, folder


def words(where: Path, side: str) -> list[dict]:
    """What this side said last, signed."""
    newest = max((where / "handover").glob(f"requests-{side}-*.dsse.json"))
    return json.loads(unb64(json.loads(newest.read_bytes())["payload"]))["predicate"]["requests"]


def test_b4_from_china_to_germany_without_delay_stays(played: Path):
    """The buyer's law leaves a month: what the seller's said without delay is so still, no step there loosens it, and both sides say the same."""
    who, _ = released(played)
    lives_in(played / "seller", who, "DE")
    with at(played, "zhouning") as desk:
        ours = request_new(desk, laws(played), DEAL, who, COPY)
        assert clocks(ours)[0] == PROMPT
        assert "CN-STD-35273-REQ" in ours["clock"]["zh"]
        assert ours["due_at"]
    with took(played, german=True) as (here, folder):
        theirs = of_kind(here, who)
        assert clocks(theirs) == clocks(ours)
        assert (
            refused(lambda: request_clock(here, laws(played), theirs["ref"], "extend", "需要更久")) == "request.clock"
        )
        assert refused(lambda: request_clock(here, laws(played), theirs["ref"], "pause", "等待补充")) == "request.pause"
        rule = "EU-GROUND-15.4"
        request_close(here, laws(played), theirs["ref"], "refused", rule)
        request_status(here, DEAL, folder)
    with at(played, "zhouning") as desk:
        assert request_settle(desk, laws(played), DEAL, folder)["moved"] == 2
        ended = request_line(desk, str(ours["ref"]))
        assert (ended["state"], ended["refused_by"]) == ("refused", rule)
        assert ended["refused_law"]["article"]
        assert ended["refused_reason"]["zh"]
        request_status(desk, DEAL, folder)
    for side in ("seller", "buyer"):
        (said,) = [one for one in words(played, side) if one["state"] == "refused"]
        assert (said["prompt"], said["refused_by"], said["due_at"]) == (PROMPT, rule, ours["due_at"])


def test_b4_from_germany_to_china_it_becomes_without_delay(played: Path):
    """The seller had a month; the buyer's law says without delay, and from the buyer's word on so it is at the seller."""
    who, _ = released(played)
    lives_in(played / "seller", who, "DE")
    seller_in_germany(played)
    with at(played, "zhouning") as desk:
        ours = request_new(desk, laws(played), DEAL, who, COPY)
        assert (ours["at_once"], ours["advised"], bool(ours["due_at"])) == (False, "", True)
    with took(played, german=False) as (here, folder):
        theirs = of_kind(here, who)
        assert (theirs["prompt"], theirs["due_at"]) == (PROMPT, ours["due_at"])
    with at(played, "zhouning") as desk:
        assert request_settle(desk, laws(played), DEAL, folder)["moved"] == 2
        after = request_line(desk, str(ours["ref"]))
        assert (after["at_once"], after["prompt"], after["due_at"]) == (True, PROMPT, ours["due_at"])
        # What the buyer's law says binds here too from then on: no step of the seller's own law loosens it.
        assert refused(lambda: request_clock(desk, laws(played), ours["ref"], "extend", "需要更久")) == "request.clock"
    for side, prompt in (("seller", ""), ("buyer", PROMPT)):
        assert prompt in {one["prompt"] for one in words(played, side)}


def test_b4_an_objection_during_closing_reaches_the_buyer(played: Path):
    """After the release and before the end somebody objects on their page: it goes on at the buyer from the day it came, and the buyer's answer ends it here."""
    who, _ = released(played)
    text = token(played, who)
    with at(played) as desk:
        said = portal_answer(desk, laws(played), text, "", {"question": "objection", "act": "objected", "lang": "zh"})
    with at(played, "zhouning") as desk:
        ours = request_line(desk, str(said["request"]))
        assert (ours["kind"], ours["channel"], ours["state"]) == ("object", "portal", "open")
    with took(played, german=True) as (here, folder):
        theirs = of_kind(here, who, "object")
        assert (theirs["received_at"], theirs["state"]) == (ours["received_at"], "open")
        request_close(here, laws(played), theirs["ref"], "granted", "")
        request_status(here, DEAL, folder)
    with at(played, "zhouning") as desk:
        request_settle(desk, laws(played), DEAL, folder)
        assert request_line(desk, str(ours["ref"]))["state"] == "granted"
