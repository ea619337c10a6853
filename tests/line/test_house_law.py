"""C1: a house loosens the law only by what two of its lawyers or privacy officers have signed."""

import sqlite3
from pathlib import Path

import pytest

from tests.line.conftest import done, refusal

DEAL = "D-2026-0001"
# In this house counsel holds that the assessment of a domestic succession and provision is no condition of shipping.
LOOSE = """\
id: CN-PIPIA-55
title: {zh: 本公司：评估不作为预发条件, en: "This house: the assessment is no condition of shipping"}
reference: {instrument: Counsel, article: "opinion of 2026-03-02", official: 律师意见}
from: 2021-11-01
confidence: H
kind: INFO
scope: matter
when: {fact: event.data_leaves_entity, is: true}
says: {zh: 依律师意见。, en: On counsel's opinion.}
"""


@pytest.fixture
def office(lawyer: Path) -> Path:
    """An open deal, a lawyer beside the privacy officer, and a draft of a loosening file."""
    draft = lawyer / "draft" / "cn" / "house" / "pipia.yaml"
    draft.parent.mkdir(parents=True)
    draft.write_text(LOOSE, encoding="utf-8")
    return lawyer


def _installed(where: Path, text: str = LOOSE) -> None:
    file = where / "seller" / "laws" / "cn" / "house" / "pipia.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _shut(where: Path) -> set[str]:
    return {rule for one in done(where, "suhe", "gate", DEAL)["blocked_stages"] for rule in one["rules"]}


def test_c1_a_loosening_house_file_takes_two_signatures(office: Path):
    """Unsigned and signed once it is refused and nothing is decided; signed by two it counts; changed, or a signer gone, no more."""
    draft = office / "draft" / "cn" / "house" / "pipia.yaml"
    assert "CN-PIPIA-55" in _shut(office)
    _installed(office)
    assert refusal(office, "suhe", "gate", DEAL) == "law.overlay"
    assert refusal(office, "suhe", "law", "sign", draft) == "act.role"
    once = done(office, "songwen", "law", "sign", draft)
    assert (once["counts"], once["signed_by"], once["loosens"]) == (False, ["songwen"], ["CN-PIPIA-55"])
    again = done(office, "songwen", "law", "sign", draft)
    assert (again["counts"], again["resumed"]) == (False, True)
    assert refusal(office, "suhe", "gate", DEAL) == "law.overlay"
    assert done(office, "zhouning", "law", "sign", draft)["counts"]
    assert "CN-PIPIA-55" not in _shut(office)
    signed = [one for one in done(office, "suhe", "ledger", "list")["entries"] if one["kind"] == "law-signed"]
    assert len(signed) == 2
    told = done(office, "suhe", "law", "rules", "CN", "--home", office / "seller")["rules"]
    assert [one["house"] for one in told if one["id"] == "CN-PIPIA-55"] == [True]
    _installed(office, LOOSE.replace("is: true", "is: false"))
    assert refusal(office, "suhe", "gate", DEAL) == "law.overlay"
    (office / "seller" / "laws" / "cn" / "house" / "pipia.yaml").unlink()
    assert "CN-PIPIA-55" in _shut(office)


def test_c1_a_signature_that_somebody_wrote_into_the_store_is_none(office: Path):
    """Rows without a signature that verifies loosen nothing."""
    draft = office / "draft" / "cn" / "house" / "pipia.yaml"
    done(office, "songwen", "law", "sign", draft)
    store = sqlite3.connect(office / "seller" / "core.db")
    (privacy,) = store.execute("SELECT id FROM principal WHERE handle = 'zhouning'").fetchone()
    store.execute(
        "INSERT INTO law_signature SELECT party, digest, ?, name, signature, at, position FROM law_signature",
        (privacy,),
    )
    store.commit()
    store.close()
    _installed(office)
    assert refusal(office, "suhe", "gate", DEAL) == "law.overlay"


@pytest.mark.parametrize(
    ("name", "text", "slug"),
    [
        ("cn/house/pipia.txt", LOOSE, "law.name"),
        ("jp/house/pipia.yaml", LOOSE, "law.overlay"),
        ("cn/house/pipia.yaml", LOOSE.replace("INFO", "PERHAPS"), "law.overlay"),
    ],
)
def test_c1_what_could_not_be_laid_over_is_not_signed(office: Path, name: str, text: str, slug: str):
    """A file that lies nowhere, of another place, or with a fault."""
    file = office / "other" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert refusal(office, "songwen", "law", "sign", file) == slug
