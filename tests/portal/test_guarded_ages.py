"""B2: who is a child is said by the law that binds them: up to 18 in India, up to 16 in Europe (spec/consent.md §2)."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.asking import is_consent, wordings
from custody.services.link_new import link_new
from custody.services.portal_answer import portal_answer
from custody.services.portal_paper import portal_paper
from custody.services.portal_prove import portal_prove
from custody.services.portal_show import portal_show
from custody.web.console.catalogue import entries
from tests.portal.conftest import DEAL, at, laws
from tests.portal.consent_lists import listed
from tests.portal.guarding import NAME
from tests.portal.of_age import states, young
from tests.portal.somebody import NUMBER, refused, values
from tests.portal.test_consent_import import taken
from tests.portal.test_guardian_papers import png
from tests.portal.test_guardians import proven as seen_paper

SIXTEEN = {13: "2024-01-01", 14: "2025-01-01", 16: "2027-01-01", 18: "2029-01-01"}
FIFTEEN = {13: "2024-01-01", 14: "2025-01-01", 16: "2028-01-01", 18: "2029-12-01"}
GUARDIAN = {"guardian": NAME, "relation": "parent"}
LATER = timedelta(days=400)
"""The Indian law's duties begin on 13 May 2027."""


class Page:
    """The page of one person, on a day, with the second factor."""

    def __init__(self, where: Path, who: str, later: timedelta) -> None:
        self.where = where
        with at(where, "zhouning") as desk:
            desk.clock.advance(later)
            (number,) = values(desk, who)[NUMBER]
            self.token = str(link_new(desk, DEAL, who, "email", 365)["path"])[3:]
        with at(where) as desk:
            self.proof = str(portal_prove(desk, laws(where), self.token, "customer-number", number)["proof"])

    def shown(self) -> dict:
        with at(self.where) as desk:
            return dict(portal_show(desk, laws(self.where), self.token, self.proof, "en"))

    def says(self, question: str, **more: str) -> dict:
        with at(self.where) as desk:
            given = {"question": question, "act": "given", "lang": "en", **more}
            return dict(portal_answer(desk, laws(self.where), self.token, self.proof, given))

    def sends(self) -> dict:
        with at(self.where) as desk:
            return dict(portal_paper(desk, laws(self.where), self.token, self.proof, png()))


@pytest.fixture
def indian(played: Path) -> tuple[Path, str]:
    """Sixteen years old, in India, in a sale that no tribunal approved."""
    states(played, deal_authority_approved=False)
    return played, young(played, "IN", SIXTEEN)


@pytest.fixture
def german(played: Path) -> tuple[Path, str]:
    """Fifteen years old, in Germany, of whom data is held by consent."""
    states(played, basis_legal_basis_orig="consent", basis_transfer_basis="consent")
    return played, young(played, "DE", FIFTEEN)


def test_b2_in_india_nobody_under_eighteen_agrees_for_themselves(indian: tuple[Path, str]):
    """Each yes is a guardian's, and waits for the paper, which the page takes; until then nothing moves."""
    page = Page(*indian, LATER)
    told = page.shown()
    asked = {one["question"] for one in told["asked"]}
    assert told["child"] is True
    assert {"consent.guardian", "consent.verified"} <= asked
    for code in asked:
        assert refused(lambda code=code: page.says(code)) == "portal.guardian"
        page.says(code, **GUARDIAN)
    told = page.shown()
    assert (told["unproven"], told["outlook"] in {"moves", "moves-in-part"}) == (True, False)
    assert page.sends()["did"] == "paper"
    seen_paper(*indian)
    assert page.shown()["unproven"] is False


def test_b2_in_india_before_its_law_is_awake_no_guardian_is_asked(indian: tuple[Path, str]):
    """Of whom no law asks for a guardian, the page neither asks for one nor takes a paper."""
    page = Page(*indian, timedelta(days=1))
    assert page.shown()["child"] is False
    assert refused(page.sends) == "portal.no-child"


def test_b2_in_europe_a_guardian_of_whom_the_law_asks_sends_the_paper_by_the_page(german: tuple[Path, str]):
    """Under sixteen by consent: the yes and the paper are both taken, and no other yes is the child's own."""
    page = Page(*german, timedelta(days=1))
    told = page.shown()
    asked = {one["question"] for one in told["asked"]}
    assert told["child"] is True
    assert "consent.guardian" in asked
    for code in asked:
        assert refused(lambda code=code: page.says(code)) == "portal.guardian"
    page.says("consent.guardian", **GUARDIAN)
    assert page.shown()["unproven"] is True
    assert page.sends()["did"] == "paper"


def test_b2_a_listed_yes_of_a_fifteen_year_old_is_a_guardians(german: tuple[Path, str]):
    """By their age on the day of the yes and the law that binds them in this deal, as on the page."""
    where, who = german
    line = {"subject": who, "at": "2026-03-01T00:00:00Z"}
    assert taken(where, listed(line))["reasons"] == {"guardian": 1}
    assert taken(where, listed({**line, **GUARDIAN}))["taken"] == 1


def test_b2_every_consent_that_a_law_asks_for_has_words_and_a_title():
    """None is put to anybody as one thing that the law wants, nor listed by its code."""
    codes = {code for rule in lawbook.packs(wiring.laws()).written for code in rule.evidence if is_consent(code)}
    assert len(codes) > len(GUARDIAN)
    assert codes <= set(wordings())
    assert {f"portal_question.{code}" for code in codes} <= set(entries())
