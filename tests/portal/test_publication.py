"""B1: a public notice stands in for telling people one by one only where their law says so, for those who cannot be reached, for long enough."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.base.canonical import unb64
from custody.base.ids import subject_text
from custody.services.approve import approve
from custody.services.gate import gate
from custody.services.publication_end import publication_end
from custody.services.publication_list import publication_list
from custody.services.publication_new import publication_new
from custody.services.statement_show import statement_show
from custody.services.verdict_show import verdict_show
from tests.portal.campaigns import CONTENTS, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.publishing import DAYS, RULE, WORDS, korean, listed, returned
from tests.portal.somebody import refused

__all__ = ["returned", "untold"]


def lacking(where: Path, who: bytes) -> set[tuple[str, str]]:
    """{(rule, evidence)} that the newest gate still lacks of a person."""
    with at(where, "zhouning") as desk:
        gate(desk, laws(where), DEAL)
        told = verdict_show(desk, laws(where), DEAL, subject_text(who))["verdicts"]
    return {(why["rule"], one["name"]) for each in told for why in each["reasons"] for one in why["missing"]}


def test_b1_a_public_notice_tells_nobody_where_their_law_wants_them_told(returned: Path):
    """In China each person is told; nothing is planned for those whose letters came back."""
    with at(returned, "zhouning") as desk:
        first = str(desk.clock.now().date())
        assert (
            refused(lambda: publication_new(desk, laws(returned), DEAL, {**WORDS, "from": first}))
            == "publication.nobody"
        )
        assert publication_list(desk)["publications"] == []


def test_b1_a_public_notice_stands_in_where_the_law_lets_it(returned: Path):
    """For those who cannot be reached alone, after the days of the law, with a second person; signed; other laws ask on."""
    gone, others = listed(returned, "bounced", 2), listed(returned, "planned", 1)
    korean(returned, [*gone, *others])
    assert (RULE, "notice.delivered") in lacking(returned, gone[0])
    with at(returned, "zhouning") as desk:
        today = desk.clock.now().date()
        first = today - timedelta(days=DAYS + 1)
        made = publication_new(desk, laws(returned), DEAL, {**WORDS, "from": str(first)})
        ref = str(made["publication"])
        assert (made["people"], made["not_written"], made["rules"], made["days"]) == (2, 1, [RULE], DAYS)
        ended(desk, ref, first)
        last = str(first + timedelta(days=DAYS))
        assert refused(lambda: publication_end(desk, ref, last, [b"picture"], dry_run=False)) == "act.unapproved"
        would = publication_end(desk, ref, last, [b"picture"], dry_run=True)["would"]["approve"]
    with at(returned, "suhe") as desk:
        approve(desk, *would)
    with at(returned, "zhouning") as desk:
        assert refused(lambda: publication_end(desk, ref, last, [b"another"], dry_run=False)) == "act.unapproved"
        assert publication_end(desk, ref, last, [b"picture"], dry_run=False)["people"] == 2
        assert refused(lambda: publication_end(desk, ref, last, [b"picture"], dry_run=False)) == "publication.ended"
        says = json.loads(unb64(json.loads(statement_show(desk, DEAL, "published"))["payload"]))["predicate"]
    assert (says["where"], says["shown_from"], says["shown_until"], says["people"]) == (
        WORDS["where"],
        str(first),
        last,
        2,
    )
    assert all(subject_text(who) not in json.dumps(says) for who in gone)
    left = lacking(returned, gone[0])
    assert (RULE, "notice.delivered") not in left
    assert ("CN-PROVIDE-23", "notice.delivered") in left
    with at(returned, "zhouning") as desk:
        again = {**WORDS, "from": str(first)}
        assert refused(lambda: publication_new(desk, laws(returned), DEAL, again)) == "publication.nobody"


def ended(desk, ref: str, first: date) -> None:
    """What ends too early, in days to come, or with nothing that shows it, is refused."""
    soon, late = first + timedelta(days=DAYS - 1), desk.clock.now().date() + timedelta(days=1)
    assert refused(lambda: publication_end(desk, ref, str(soon), [b"picture"], dry_run=True)) == "publication.short"
    assert refused(lambda: publication_end(desk, ref, str(late), [b"picture"], dry_run=True)) == "publication.day"
    assert refused(lambda: publication_end(desk, ref, "soon", [b"picture"], dry_run=True)) == "publication.day"
    assert refused(lambda: publication_end(desk, ref, str(soon), [b""], dry_run=True)) == "publication.words"


def test_b1_the_specification_names_every_law_that_lets_a_notice_stand_in():
    """Korea's rule is the only one of the packs that does; a further one belongs into the table of the specification, with its source."""
    spec = (Path(__file__).resolve().parents[2] / "spec" / "campaigns.md").read_text(encoding="utf-8")
    allows = {rule.id for rule in lawbook.packs(wiring.laws()).rules if rule.published}
    assert allows == {RULE}
    assert all(f"`{rule}`" in spec for rule in allows)


def test_b1_a_public_notice_tells_what_its_law_wants_told(returned: Path):
    """Words that leave an item out, or a place with nothing in it, plan nothing; looked at first, it stands there whole in both languages."""
    korean(returned, listed(returned, "bounced", 2))
    with at(returned, "zhouning") as desk:
        given = {**WORDS, "from": str(desk.clock.now().date())}
        free = {**given, "text": "青禾书屋转让公告"}
        assert refused(lambda: publication_new(desk, laws(returned), DEAL, free)) == "campaign.contents"
        bare = {**given, "text": "青禾书屋转让公告 {contents}"}
        assert refused(lambda: publication_new(desk, laws(returned), DEAL, bare)) == "document.lacks"
        assert publication_list(desk)["publications"] == []
        looked = publication_new(desk, laws(returned), DEAL, given, dry_run=True)
        assert publication_list(desk)["publications"] == []
        made = publication_new(desk, laws(returned), DEAL, given)
    assert looked["words"] == made["words"]
    assert looked["text"] == made["text"]
    for text in made["words"].values():
        assert "{" not in text
        assert CONTENTS["recipient.telephone"] in text
    assert made["words"]["zh"] != made["words"]["en"]


@pytest.mark.parametrize(
    "words",
    [{"place": "wall"}, {"where": ""}, {"where": "a\nb"}, {"where": "x" * 257}, {"from": "soon"}, {"text": " "}],
)
def test_b1_what_is_no_public_notice_is_refused(returned: Path, words: dict[str, str]):
    """It has a kind of place that a law knows, an exact place on one line, a first day and a text."""
    with at(returned, "zhouning") as desk:
        given = {**WORDS, "from": "2026-03-16", **words}
        assert refused(lambda: publication_new(desk, laws(returned), DEAL, given)) == "publication.words"
