"""B3: a link opens one person's page of one deal, for a time, and nothing that was tampered with opens anything."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custody.acts import links
from custody.base.canonical import b64, unb64
from custody.base.clock import parse, stamp
from custody.base.errors import CustodyError, Denied
from custody.services.link_new import link_new
from custody.services.link_revoke import link_revoke
from custody.services.portal_show import portal_show
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.tokens import link, token


def opens(where: Path, text: str) -> str:
    """'' when it opens, else the slug."""
    with at(where) as desk:
        try:
            portal_show(desk, laws(where), text, "", "zh")
        except CustodyError as error:
            return error.slug
    return ""


def test_b3_a_link_opens_its_person_and_says_nothing_of_them(played: Path):
    """The address holds 48 characters that carry neither the person's id nor a value."""
    who = somebody(played)
    text = token(played, who)
    assert opens(played, text) == ""
    assert len(text) == 48
    assert who not in text


@pytest.mark.parametrize("place", [0, 15, 16, 19, 20, 35])
def test_b3_an_altered_link_opens_nothing(played: Path, place: int):
    """A changed byte of id, expiry or code."""
    raw = bytearray(unb64(token(played, somebody(played))))
    raw[place] ^= 1
    assert opens(played, b64(bytes(raw))) == "portal.link"


def test_b3_a_later_expiry_cannot_be_written_in(played: Path):
    """The expiry in the token is under the code, and must be the row's."""
    raw = unb64(token(played, somebody(played)))
    later = int.from_bytes(raw[16:20]) + 86_400
    assert opens(played, b64(raw[:16] + later.to_bytes(4) + raw[20:])) == "portal.link"


def test_b3_an_expired_or_revoked_link_opens_nothing(played: Path):
    """Neither after its time nor once it was shut, by itself or with all of its person."""
    who = somebody(played)
    made, other = link(played, who), link(played, who)
    with at(played) as desk, desk.store.write() as tx:
        past = stamp(desk.clock.now() - timedelta(seconds=10))
        old = links.Link(b"o" * 16, "m", b"s", "email", stamp(parse(past).replace(microsecond=0)))
        tx.add("link", [{"id": old.id, "matter": "m", "subject": b"s", "channel": "email", "made_at": "", "expires_at": old.expires_at,
                         "revoked_at": "", "tries": 0, "tried_at": "", "code": b""}])  # fmt: skip
        text = links.token(desk, old)
    assert opens(played, text) == "portal.link"
    with at(played, "zhouning") as desk:
        assert link_revoke(desk, DEAL, made["link"])["revoked"] == 1
    assert opens(played, made["path"][3:]) == "portal.link"
    assert opens(played, other["path"][3:]) == ""
    with at(played, "zhouning") as desk:
        assert link_revoke(desk, DEAL, who) == {"deal": DEAL, "revoked": 1, "already": 1}
    assert opens(played, other["path"][3:]) == "portal.link"


@pytest.fixture
def seated(played: Path):
    with at(played, "zhouning") as desk:
        link_new(desk, DEAL, somebody(played), "email", 1)
    with at(played) as desk:
        yield desk


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.one_of(st.text(max_size=80), st.binary(min_size=36, max_size=36).map(b64)))
def test_b3_whatever_is_guessed_is_told_alike(seated, text: str):
    """Rubbish, the right length of rubbish, and other alphabets give one error that names nothing."""
    with seated.store.read() as tx, pytest.raises(Denied) as refused:
        links.opened(seated, tx, text)
    assert (refused.value.slug, refused.value.where) == ("portal.link", {})


def test_b3_a_guess_is_refused_before_any_row_is_looked_up(seated):
    """A forged token costs no query: existence cannot be timed."""

    class Deaf:
        def __getattr__(self, name: str):
            raise AssertionError(name)

    with pytest.raises(Denied):
        links.opened(seated, Deaf(), b64(b"x" * 36))


def test_b3_a_proof_is_bound_to_its_link_and_time(seated):
    """It does not serve another link, nor after a quarter of an hour, nor changed."""
    one, other = (links.Link(bytes([n]) * 16, "m", b"s", "email", "2026-05-01T00:00:00.000000Z") for n in (1, 2))
    good = links.proof(seated, one, "phone")
    assert links.proved(seated, one, good) == "phone"
    assert links.proved(seated, other, good) == ""
    assert links.proved(seated, one, good[:-1] + ("A" if good[-1] != "A" else "B")) == ""
    assert links.proved(seated, one, "") == ""
    seated.clock.advance(links.PROOF_LIFE + timedelta(seconds=2))
    assert links.proved(seated, one, good) == ""


def test_b3_only_the_portal_opens_pages(played: Path):
    """A link in the hands of staff opens nothing: the role is the portal's."""
    text = token(played, somebody(played))
    with at(played, "zhouning") as desk, pytest.raises(Denied) as refused:
        portal_show(desk, laws(played), text, "", "zh")
    assert refused.value.slug == "act.role"
