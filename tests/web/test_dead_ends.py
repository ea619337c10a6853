"""Where somebody with a browser, a file and one sentence of task stopped or doubted: what stands there now (C1)."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.conftest import act
from tests.web.company import DEAL, Company, company
from tests.web.roles import join
from tests.web.serving import found, serve
from tests.web.visitor import Visitor

SECRET = "一句自己的话就好记"
FACTS = {"deal": {"structure": "asset_deal"}, "seller": {"jurisdiction": "CN"}, "buyer": {"jurisdiction": "CN"}}


@pytest.fixture(scope="module")
def buyer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The owner of a company of one person."""
    with serve(tmp_path_factory.mktemp("alone") / "home") as running:
        yield found(Visitor(running.base), running.first, SECRET)


@pytest.fixture(scope="module")
def seller(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[Company]:
    """A company of this file alone: its deal is worked on here, and its people set up second factors."""
    with company(tmp_path_factory.mktemp("apart") / "demo", 40, draw) as made:
        yield made


def compared(buyer: Visitor, seller: Company, where: Path) -> None:
    """The buyer's owner has compared the seller's card, and nobody else has."""
    card = where / "party.json"
    officer = seller.visitor("suhe")
    card.write_text(officer.get("/people/card"), encoding="utf-8")
    told = re.search(r"(?:\d{5} ){7}\d{5}", officer.get("/people/parties"))
    assert told is not None
    buyer.get("/people/parties")
    buyer.upload("/people/parties", "card", card, fingerprint=told[0])
    assert "1/2" in buyer.page


def test_c1_an_invitation_before_two_people_compared_says_who_does_what(buyer, seller, tmp_path):
    """The page says so beforehand and leads there; pressed all the same, the refusal says what to do and keeps what was typed."""
    compared(buyer, seller, tmp_path)
    page = buyer.get("/arrivals")
    assert re.search(r'<p class="note note-warn">.*?href="/people/parties"', page, re.DOTALL)
    chosen = re.search(r'<option value="(\w+)">', page)
    assert chosen is not None
    page = buyer.post("/arrivals", seller=chosen[1], ref="D-2026-0007")
    refused = re.search(r'data-slug="party.unconfirmed">(.*?)</p>', page, re.DOTALL)
    assert refused is not None
    assert "the second one does it with their own account" in refused[1]
    assert 'value="D-2026-0007"' in page


def test_e5_whoever_asked_reads_on_the_board_that_it_is_confirmed(seller):
    """The board leads whoever asked to the page on which they complete it, and no longer says only what the step is."""
    deal = seller.deal(**FACTS)
    owner, officer = seller.visitor("suhe"), seller.visitor("zhouning")
    path = f"/deals/{deal}/ends/deal-abort"
    owner.get(path)
    page = owner.post(path, step="look", why="financing")
    content = re.search(r'name="content" value="([^"]+)"', page)
    assert content is not None
    owner.post(path, step="ask", why="financing", content=content[1])
    assert f'href="{path}"' in officer.get("/")
    if not seller.people.get("zhouning"):
        officer.second_factor()
    officer.get(path)
    officer.post(path, step="approve", content=content[1], code=_code(seller, officer))
    assert f'href="{path}"' not in officer.get("/")
    board = re.search(rf'<a href="{path}">.*?</li>', owner.get("/"), re.DOTALL)
    assert board is not None
    assert "it is yours to complete" in board[0]


def _code(seller: Company, officer: Visitor) -> str:
    known = seller.people.get("zhouning")
    return known.code() if known else officer.code()


def test_c1_closing_is_not_offered_before_its_turn(seller):
    """A deal at its beginning cannot be closed yet, and the page says so instead of a button."""
    page = seller.visitor("suhe").get(f"/deals/{seller.deal(**FACTS)}/ends")
    assert "/ends/deal-close" not in page
    assert "Not yet" in page
    assert "/ends/deal-abort" in page


def test_c1_gates_of_a_change_of_control_are_those_that_it_asks(seller):
    """Nobody is handed over: each rule stands there once, before the change of control, and what keeps it shut is what the act refuses; winding up without a buyer ships nothing."""
    shares = seller.deal(alone=True, **{**FACTS, "deal": {"structure": "share_transfer"}})
    stand = seller.told("suhe", "deal", "stand", shares)
    rules = [one["rule"] for one in stand["gates"]]
    assert rules
    assert len(set(rules)) == len(rules)
    assert {one["stage"] for one in stand["gates"]} == {"control"}
    page = seller.visitor("suhe").get(f"/deals/{shares}")
    assert page.count("Before the change of control") == len(rules)
    assert "Before shipping" not in page
    assert "Before release" not in page
    code, out = act(seller.where, "seller", "suhe", "handover-control", shares, "--leaver", "limo", "--holder", "suhe", "--holder", "zhouning", "--threshold", "2", "--sheets", seller.where / "sheets", "--to", seller.where / "gone", "--dry-run")  # fmt: skip
    assert code == 1
    assert ", ".join(sorted(rules)) in out["error"]["message"]
    ended = seller.deal(alone=True, **{**FACTS, "deal": {"structure": "dissolution"}})
    assert {one["stage"] for one in seller.told("suhe", "deal", "stand", ended)["gates"]} <= {"destroy"}


def test_c1_papers_on_file_are_called_by_name(seller):
    """A paper made here stands on file under its title, and none as a code."""
    officer = seller.visitor("zhouning")
    path = f"/deals/{DEAL}/papers/pipia"
    if not officer.get(path).count("textarea"):
        path = re.search(
            rf'href="(/deals/{DEAL}/papers/[^"]*pipia[^"]*)"', officer.get(f"/deals/{DEAL}/papers"), re.IGNORECASE
        )[1]  # type: ignore[index]
        officer.get(path)
    boxes = dict.fromkeys(re.findall(r'<textarea[^>]*name="([^"]+)"', officer.page), "as agreed")
    officer.post(path, lang="en", step="file", **boxes)
    page = officer.get(f"/deals/{DEAL}/answers")
    assert "Personal information protection impact assessment" in page
    assert ">document." not in page


def test_c1_what_no_form_makes_can_be_copied_from_the_page(seller):
    """Beside each paper that one writes oneself stands what it has to say."""
    event = {"kind": "closing_handover", "data_leaves_entity": True, "identifiability": "identifiable"}
    page = seller.visitor("zhouning").get(f"/deals/{seller.deal(**FACTS, event=event)}/duties")
    assert 'name="kind" value="basis.recorded"' in page
    assert "It may say: “We hand our members" in page


def test_d1_an_uninvolved_person_is_not_sent_where_they_may_not(tmp_path):
    """Before any deal whoever cannot open one reads who does, and nobody but the owner is sent to the sheets."""
    with serve(tmp_path / "home") as running:
        owner = found(Visitor(running.base), running.first, SECRET)
        owner.get("/people")
        owner.post("/people", shown="林默", handle="linmo", role="auditor")
        once = re.search(r'id="once">([^<]+)<', owner.page)
        assert once is not None
        auditor = Visitor(running.base)
        auditor.sign_in("linmo", once[1])
        auditor.post("/passphrase", old=once[1], new=SECRET + "二", again=SECRET + "二")
        assert 'href="/recovery"' not in auditor.get("/")
        assert "Successfully signed in" not in auditor.get("/account/2fa/")


def test_c6_whoever_waits_is_said_to_be_left_behind_for_good(seller):
    """The page of the shipping says how many, and leads to the shipping that takes them along."""
    waits = seller.told("suhe", "deal", "stand", DEAL)["verdicts"]["by_verdict"]["wait"]
    owner = seller.visitor("suhe")
    owner.get(f"/deals/{DEAL}")
    owner.upload(f"/deals/{DEAL}/invite", "invite", seller.where / "handover" / "invite.dsse.json")
    page = owner.get(f"/deals/{DEAL}/ship")
    assert f"The {waits} who wait are not in this package" in page
    assert f"/deals/{DEAL}/ship-waiting" in page.partition("not in this package")[2][:300]


def test_c6_a_confirmation_that_no_longer_counts_says_so(seller, tmp_path):
    """When a customer says no after a second person was asked, the page tells both figures and what to do, instead of asking as if for the first time."""
    owner, officer = seller.visitor("suhe"), seller.visitor("zhouning")
    path = f"/deals/{DEAL}/ship"
    owner.get(f"/deals/{DEAL}")
    owner.upload(f"/deals/{DEAL}/invite", "invite", seller.where / "handover" / "invite.dsse.json")
    content = re.search(r'name="content" value="([^"]+)"', owner.get(path))
    assert content is not None, owner.page
    owner.post(path, step="ask", content=content[1])
    assert "no longer counts" not in owner.get(path)
    gone = re.search(r"/customers/(sub_\w+)", officer.get(f"/deals/{DEAL}/verdicts?verdict=hand_over"))
    assert gone is not None
    told = tmp_path / "told.csv"
    told.write_text(f"subject,answer\n{gone[1]},objection\n", encoding="utf-8")
    seller.told("zhouning", "answers", DEAL, told)
    seller.told("suhe", "gate", DEAL)
    page = owner.get(path)
    assert "no longer counts" in page
    assert 'value="ask"' in page


def test_c1_while_nobody_is_cleared_the_board_gives_the_deal_to_whoever_takes_in_answers(seller):
    """Who is named as next, and whose board says so, are the same people; and the board names their work, not an empty package."""
    deal = seller.deal(**FACTS)
    decided = seller.told("suhe", "gate", deal)
    assert not decided["by_verdict"]["hand_over"]
    officer = seller.visitor("zhouning")
    assert re.search(rf"<a href=\"/deals/{deal}\">{deal} Take in customers(?:'|&#x27;) answers</a>", officer.get("/"))
    row = re.search(
        rf'<tr><td class="lead-cell"><a class="lead" href="/deals/{deal}">.*?</tr>',
        officer.get("/?show=mine"),
        re.DOTALL,
    )
    assert row is not None


def test_e5_the_second_step_and_a_wrong_passphrase_are_told_in_our_own_words(buyer):
    """Which app, what for, and what was typed wrong: nobody meets the library's sentences."""
    page = buyer.get("/account/2fa/totp/activate/")
    assert "First put an authenticator app on your phone" in page
    assert 'id="authenticator_secret"' in page
    stranger = Visitor(buyer.base)
    stranger.get("/account/login/")
    assert "The sign-in name or the passphrase is not right." in stranger.post(
        "/account/login/", login="nobody", password="一句别的话"
    )


def _mapped(owner: Visitor) -> None:
    """Wait until the newest files are looked through, and stand before their map."""
    late = time.monotonic() + 120
    page = owner.at
    while "/work/" in owner.at and time.monotonic() < late:
        time.sleep(0.3)
        owner.get(page.removeprefix(owner.base))
    if "/data/" not in owner.at:
        intake = re.search(r'"(/data/[0-9a-f]{32})"', owner.get("/data"))
        assert intake is not None
        owner.get(intake[1])


def test_c1_a_map_without_customers_says_so_before_it_is_signed(buyer, tmp_path):
    """A list of vendors alone leaves nobody to hand over: said on the map, with the way to change it; a list of customers says nothing."""
    told = {}
    for name, head in (("供应商", "供应商编号"), ("会员", "会员编号")):
        file = tmp_path / f"{name}.csv"
        lines = (
            f"{head},姓名,手机,邮箱",
            *(f"GY{n:04d},李{n % 7}明,1380013{n:04d},g{n}@example.com" for n in range(20)),
        )
        file.write_bytes("\r\n".join(lines).encode("gb18030"))
        buyer.get("/data")
        buyer.upload("/data", "files", file)
        _mapped(buyer)
        told[name] = "No table is a list of customers" in buyer.page
    assert told == {"供应商": True, "会员": False}


def test_c1_a_number_that_cannot_be_is_named_in_words_and_nothing_typed_is_lost(seller):
    """An age of 160: which question it was, what an answer looks like, and the other answer of the same page stays."""
    deal = seller.deal(**FACTS)
    owner, path = seller.visitor("suhe"), f"/deals/{deal}/interview"
    for _ in range(60):
        parts = re.findall(r'name="part" value="([^"]+)"', owner.get(path))
        if "data.youngest_age" in parts:
            break
        owner.post(path, part=parts, unknown="1")
    else:
        raise AssertionError("nobody asked for the age")
    other = next(one for one in parts if one != "data.youngest_age")
    page = owner.post(path, **{"part": parts, other: "476", "data.youngest_age": "160"})
    assert "fact data.youngest_age" not in page
    assert re.search(r"The answer under “[^”]*age[^”]*” does not fit", page, re.IGNORECASE)
    assert re.search(rf'name="{re.escape(other)}" value="476"', page)
    assert "It is a whole number" in page


def test_a1_the_map_offers_each_what_their_role_does_and_says_who_does_the_rest(seller, tmp_path):
    """An auditor reads it, the data custodian changes it and does not sign, an owner does both."""
    join(seller, "gaoyu", "auditor")
    file = tmp_path / "会员.csv"
    file.write_text(
        "会员编号,姓名,手机\n" + "".join(f"HY{n:04d},李{n % 7}明,1380013{n:04d}\n" for n in range(20)), encoding="utf-8"
    )
    owner = seller.visitor("suhe")
    owner.get("/data")
    owner.upload("/data", "files", file)
    _mapped(owner)
    path = owner.at.removeprefix(owner.base).partition("?")[0]
    wanted = {"suhe": (True, True, True), "limo": (True, False, True), "gaoyu": (False, False, False)}
    for handle, offered in wanted.items():
        page = seller.visitor(handle).get(f"{path}?show=all").partition("<main")[2]
        forms = tuple(f'action="{path}/{one}"' in page for one in ("change", "sign", "discard"))
        assert (handle, forms) == (handle, offered)
        assert ("An owner or the privacy officer signs it." in page) is (handle != "suhe")
    owner.get(path)
    owner.post(f"{path}/discard")


def test_a1_the_menu_of_a_page_about_oneself_offers_what_a_role_opens(seller):
    """One's own sessions and second factor are no page of a role; what their menu leads to is."""
    join(seller, "hejing", "department")
    for path in ("/account/sessions/", "/account/2fa/"):
        menus = {handle: seller.visitor(handle).get(path) for handle in ("suhe", "hejing")}
        offered = {handle: [f'href="/{one}"' in page for one in ("tokens", "channels", "recovery")] for handle, page in menus.items()}  # fmt: skip
        assert offered == {"suhe": [True] * 3, "hejing": [False] * 3}
