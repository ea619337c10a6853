"""What cannot be undone takes two people, two keys and two codes: a rehearsal up to shipping, then the console."""

import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import custody
from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Out
from tests.drawn import drawn
from tests.line.conftest import act
from tests.web.serving import Served, serve
from tests.web.visitor import Visitor


class ReadyError(Exception):
    """The rehearsal is where the console takes over."""


class UpToShipping(Play):
    """Everything up to the gate by command; the ceremonies are left to the console."""

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:  # noqa: ARG002 - the rehearsal's own signature
        raise ReadyError(deal)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, draw: int) -> tuple[Path, str]:
    """A seller whose customers are decided and whose buyer has sent an invitation; (folder, deal)."""
    where = tmp_path_factory.mktemp("two") / "demo"
    with pytest.raises(ReadyError) as ready:
        drawn(where, 200, draw).run(UpToShipping)
    return where, str(ready.value)


@pytest.fixture(scope="module")
def office(company: tuple[Path, str]) -> Iterator[Served]:
    """The console of the seller's home."""
    with serve(company[0] / "seller") as running:
        yield running


def passphrase(where: Path, handle: str) -> str:
    return (where / "seller" / "keys" / "principals" / f"{handle}.pass").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="module")
def owner(company: tuple[Path, str], office: Served) -> Visitor:
    """The owner, signed in with a second factor."""
    made = Visitor(office.base)
    made.sign_in("suhe", passphrase(company[0], "suhe"))
    made.second_factor()
    return made


@pytest.fixture(scope="module")
def privacy(company: tuple[Path, str], office: Served) -> Visitor:
    """The privacy officer, signed in with a second factor."""
    made = Visitor(office.base)
    made.sign_in("zhouning", passphrase(company[0], "zhouning"))
    made.second_factor()
    return made


def test_a_wrong_passphrase_and_nobody_look_the_same(office):
    """Neither signs in, and neither page tells which it was."""
    pages = []
    for handle in ("suhe", "nobody"):
        visitor = Visitor(office.base)
        page = visitor.sign_in(handle, "not the passphrase")
        assert "/account/login/" in visitor.at
        pages.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page))
    assert pages[0] == pages[1]


def test_nobody_passes_without_signing_in(office, company):
    """Every page of a deal, of data, of people and of the ledger leads a stranger to the sign-in page."""
    for path in (
        "/",
        f"/deals/{company[1]}",
        f"/deals/{company[1]}/release",
        "/data",
        "/people",
        "/people/card",
        "/ledger",
        "/copies",
    ):
        visitor = Visitor(office.base)
        visitor.get(path)
        assert "/account/login/" in visitor.at, path


def test_a_form_without_its_token_is_refused(owner):
    """A request that another site makes a browser send changes nothing."""
    owner.page = ""
    owner.post("/people", shown="x", handle="x", role="owner")
    assert owner.status == 403


@pytest.fixture(scope="module")
def invited(owner: Visitor, company: tuple[Path, str]) -> None:
    """The buyer's invitation is in the deal's folder."""
    owner.get(f"/deals/{company[1]}")
    owner.upload(f"/deals/{company[1]}/invite", "invite", company[0] / "handover" / "invite.dsse.json")
    assert owner.status == 200


@pytest.fixture(scope="module")
def other(company: tuple[Path, str], office: Served) -> Visitor:
    """A second owner, signed in with a second factor."""
    return joins(company, office, "ola", "owner")


def joins(company: tuple[Path, str], office: Served, handle: str, role: str) -> Visitor:
    file = company[0] / "seller" / "keys" / "principals" / f"{handle}.pass"
    file.write_text(f"a passphrase of {handle}", encoding="utf-8")
    file.chmod(0o600)
    told("suhe", company[0], "principal", "new", handle, "--roles", role, "--new-passphrase-file", file)
    made = Visitor(office.base)
    made.sign_in(handle, passphrase(company[0], handle))
    made.second_factor()
    return made


@pytest.mark.usefixtures("invited")
def test_a_colleague_with_the_role_takes_a_ceremony_over_and_who_confirmed_does_not(owner, other, company):
    """The asking becomes the second owner's, who asked first is told and may confirm it; whoever confirmed does not take it."""
    path = f"/deals/{company[1]}/ship"
    owner.get(path)
    content = owner.field("content")
    owner.post(path, step="ask", content=content)
    other.get(path)
    other.post(path, step="do", content=content, ref=company[1], code=other.code())
    assert 'data-slug="console.first"' in other.page, "it is not done in another's name"
    other.get(path)
    assert 'value="take"' in other.page
    other.post(path, step="take", content=content)
    other.get(path)
    other.post(path, step="approve", content=content, code=other.code())
    assert 'data-slug="console.second"' in other.page
    assert "took over what you had asked" in owner.get("/inbox")
    owner.get(path)
    owner.post(path, step="approve", content=content, code=owner.code())
    owner.get(path)
    assert 'value="take"' not in owner.page
    owner.post(path, step="take", content=content)
    assert 'data-slug="console.second"' in owner.page
    other.get(path)
    assert 'value="do"' in other.page
    owner.get(path)
    owner.post(path, step="drop", content=content)
    assert "took back what you had asked" in other.get("/inbox")
    other.get(path)
    assert 'value="ask"' in other.page


POLICY = "/access/policy"


def test_whose_key_the_other_made_is_said_before_anybody_signs(owner, privacy):
    """The owner founded the home and made the privacy officer: whoever of the two confirms reads it, and so does who asked."""
    asks_for_a_policy(owner, 81)
    page = privacy.get(POLICY)
    assert "The second person's key was made by the first, on " in html.unescape(page)
    assert "less than thirty days ago" in page
    privacy.post(POLICY, step="approve", content=privacy.field("content"), code=privacy.code())
    assert "The second person's key was made by the first, on " in html.unescape(owner.get(POLICY))
    owner.post(POLICY, step="drop")
    asks_for_a_policy(privacy, 82)
    assert "The first person's key was made by the second, on " in html.unescape(owner.get(POLICY))
    privacy.post(POLICY, step="drop")
    assert "key was made by" not in html.unescape(privacy.get(POLICY))


def asks_for_a_policy(visitor: Visitor, days: int) -> None:
    """The next policy, of which a second person is asked."""
    visitor.get(POLICY)
    text = (Path(custody.__file__).parent / "privacy" / "access.toml").read_text(encoding="utf-8")
    text = text.replace("grant_days = 90", f"grant_days = {days}")
    visitor.post(POLICY, step="look", text=text)
    visitor.post(POLICY, step="ask", content=visitor.field("content"), text=text)
    assert 'value="drop"' in visitor.get(POLICY), visitor.page


def nothing_asked(visitor: Visitor) -> bool:
    page = visitor.get(POLICY)
    return 'value="look"' in page and 'value="approve"' not in page and 'value="drop"' not in page


def test_a_colleague_with_the_role_takes_an_asking_back(owner, privacy, company, office):
    """The privacy officer ends an owner's asking, who is told; a lawyer, who may only confirm, does not."""
    asks_for_a_policy(owner, 71)
    lawyer = joins(company, office, "lin", "lawyer")
    assert 'value="drop"' not in lawyer.get(POLICY)
    lawyer.post(POLICY, step="drop")
    assert 'data-slug="console.first"' in lawyer.page
    assert 'value="drop"' in privacy.get(POLICY)
    privacy.post(POLICY, step="drop")
    assert nothing_asked(owner)
    assert "took back what you had asked" in owner.get("/inbox")


def test_an_asking_ends_with_whoever_asked(owner, company, office):
    """Let go after asking, they bar nobody from the next policy, and nobody is asked to confirm theirs."""
    pia = joins(company, office, "pia", "privacy")
    asks_for_a_policy(pia, 72)
    assert POLICY in asked(owner)
    owner.get("/people/pia/end")
    owner.post("/people/pia/end", step="do")
    assert nothing_asked(owner)
    assert POLICY not in asked(owner)


def test_an_asking_ends_after_a_day(owner, privacy, company):
    """As the approval it asks for does: a colleague starts anew."""
    asks_for_a_policy(owner, 73)
    assert 'value="approve"' in privacy.get(POLICY)
    with closing(sqlite3.connect(company[0] / "seller" / "console.db", timeout=60)) as db, db:
        db.execute("UPDATE console_ask SET at = datetime('now', '-24 hours', '-1 minute') WHERE act = 'access-policy'")
    assert nothing_asked(privacy)
    asks_for_a_policy(privacy, 74)
    privacy.get(POLICY)
    privacy.post(POLICY, step="drop")


@pytest.mark.usefixtures("invited")
def test_shipping_and_release_take_two_people(owner, privacy, company):
    """The first asks, the second confirms by an own key and code, the first types the reference: then, and only then, it happens."""
    where, deal = company
    ceremony(owner, privacy, deal, "ship")
    page = ceremony(owner, privacy, deal, "release")
    assert list((where / "seller" / "matters" / deal / "handover").rglob("manifest.json"))
    assert deal in page


def test_one_session_is_one_person(owner, company):
    """Somebody else's passphrase, typed into a session that is signed in, makes nobody else of it."""
    owner.get("/people")
    owner.post("/account/login/", login="zhouning", password=passphrase(company[0], "zhouning"))
    assert re.search(r'class="me">.*?<span>suhe</span>', owner.get("/people"), re.DOTALL)


def test_a_rule_set_aside_is_shown_wherever_the_verdict_is(owner, company):
    """The deal's page and the customer's page name the rule, who set it aside, why, who approved and until when."""
    where, deal = company
    lawyer = where / "seller" / "keys" / "principals" / "songwen.pass"
    lawyer.write_text("a passphrase of songwen", encoding="utf-8")
    lawyer.chmod(0o600)
    told("suhe", where, "principal", "new", "songwen", "--roles", "lawyer", "--new-passphrase-file", lawyer)
    told("suhe", where, "member", "add", deal, "songwen", "--reason", "counsel of the seller")
    listed = told("suhe", where, "deal", "customers", deal, "--rule", "CN-PROVIDE-23", "--most", "50")["customers"]
    who = next(one["subject"] for one in listed if waits(where, deal, one["subject"]))
    words = (
        "CN-PROVIDE-23",
        "--reason",
        "Counsel reads Art. 22 otherwise",
        "--until",
        "2026-12-31",
        "--subject",
        who,
    )
    content = told("songwen", where, "override", "new", deal, *words, "--dry-run")["would"]["approve"][1]
    told("zhouning", where, "approve", "override", content)
    told("songwen", where, "override", "new", deal, *words)
    told("suhe", where, "gate", deal)
    for path in (f"/deals/{deal}", f"/deals/{deal}/customers/{who}"):
        page = owner.get(path)
        assert owner.status == 200
        for said in (
            "Rules set aside",
            "CN-PROVIDE-23",
            "Counsel reads Art. 22 otherwise",
            "songwen",
            "zhouning",
            "31 December",
        ):
            assert said in page, (path, said)
    assert "Set aside: CN-PROVIDE-23" in page


def waits(where: Path, deal: str, who: str) -> bool:
    """Whether the one rule keeps this customer waiting, and does not withhold them."""
    found = told("suhe", where, "verdict", deal, who)["compartments"]
    asked = {reason["verdict"] for one in found for reason in one["reasons"] if reason["rule"] == "CN-PROVIDE-23"}
    return asked == {"wait"}


def told(who: str, where: Path, *words: object) -> dict:
    code, out = act(where, "seller", who, *words)
    assert code == 0, out
    return out


def asked(person: Visitor) -> str:
    """What the first page says that this person is asked to confirm."""
    return person.get("/").partition('id="ak"')[2].partition("</section>")[0]


def ceremony(owner: Visitor, privacy: Visitor, deal: str, act: str) -> str:
    """One act by two people; before the second has confirmed, the first cannot do it."""
    path = f"/deals/{deal}/{act}"
    owner.get(path)
    content = owner.field("content")
    assert content.startswith("sha256:"), owner.page
    if act == "release":
        owner.post(path, step="do", content=content, ref=deal, code=owner.code())
        assert "A second person has not approved" in owner.led_on()
        owner.get(path)
    owner.post(path, step="ask", content=content)
    owner.get(path)
    assert 'data-slug="console.second"' in owner.post(path, step="approve", content=content, code="000000")
    assert owner.status == 403
    assert path in asked(privacy), "nobody else was let off by it"
    privacy.get(path)
    assert privacy.field("content") == content
    privacy.post(path, step="approve", content=content, code="000000")
    owner.get(path)
    assert 'value="do"' not in owner.page
    privacy.get(path)
    privacy.post(path, step="approve", content=content, code=privacy.code())
    assert path not in asked(privacy)
    assert f'href="{path}"' in owner.get("/inbox")
    owner.get(path)
    assert 'value="do"' in owner.page
    owner.post(path, step="do", content=content, ref="D-0000", code="000000")
    assert owner.at.endswith(act)
    owner.get(path)
    owner.post(path, step="do", content=content, ref=deal, code=owner.code())
    page = owner.led_on()
    assert owner.at.endswith(deal), page
    return page
