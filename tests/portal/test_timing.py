"""B3, G29, G30: how long a refusal takes tells nobody who or what is known: hundreds of known and unknown ones, by turns, in one process.

Medians are compared as a ratio: a busy host slows both alike, since they take turns. What is told apart by a look-up more differs by far more than the bound.
"""

import contextlib
import secrets
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from custody.acts import links, tokens
from custody.acts.holdings import holdings, identifiers
from custody.acts.identified import KINDS
from custody.acts.matters import deal
from custody.acts.visiting import visit
from custody.base import ids
from custody.base.canonical import b64, unb64
from custody.base.errors import CustodyError
from custody.services import portal_prove
from custody.services.revise import Correction
from custody.services.token_new import token_new
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.somebody import PHONE, column, put_right, values

MANY = 300
BOUND = 1.35
"""One database look-up more, or one person's rows opened or not, is a factor of two and more."""


def ratio(known: Sequence[Callable[[], object]], unknown: Sequence[Callable[[], object]]) -> float:
    """The larger median by the smaller; whichever goes first takes turns, and all are refused or say no."""
    spent: tuple[list[float], list[float]] = ([], [])
    for turn, pair in enumerate(zip(known, unknown, strict=True)):
        for which in (0, 1) if turn % 2 else (1, 0):
            begun = time.perf_counter()
            with contextlib.suppress(CustodyError):
                assert not pair[which](), "what should be refused was not"
            spent[which].append(time.perf_counter() - begun)
    medians = sorted(statistics.median(one) for one in spent)
    return medians[1] / medians[0]


def settled(known: Sequence[Callable[[], object]], unknown: Sequence[Callable[[], object]]) -> float:
    """The best of three measurements: a disturbance passes, a difference in what is done stays."""
    found = ratio(known, unknown)
    for _ in range(2):
        found = found if found < BOUND else min(found, ratio(known, unknown))
    return found


def made_links(where: Path, people: Sequence[str], many: int, channel: str) -> list[str]:
    """So many links to these people, made at once."""
    with at(where) as desk, desk.store.write() as tx:
        matter = str(deal(desk, tx, DEAL)["id"])
        links.prepare(desk)
        made = [links.fresh(desk, matter, ids.subject_bytes(people[n % len(people)]), channel) for n in range(many)]
        tx.add("link", [links.kept(desk, one) for one in made])
        return [links.token(desk, one) for one in made]


def test_b3_a_measurement_would_notice_one_step_more(played: Path):
    """The yardstick: a known link whose person is looked up first is told from an unknown one, far beyond the bound."""
    (text,) = made_links(played, list(everybody(played)), 1, "email")
    with at(played) as desk, desk.store.read() as tx:
        known = links.opened(desk, tx, text)
        more: Callable[[], object] = lambda: tx.find("subject", id=known.subject) and None  # noqa: E731 - one of two of a kind
        less: Callable[[], object] = lambda: None  # noqa: E731 - the other
        assert ratio([more] * MANY, [less] * MANY) > BOUND


def test_b3_time_tells_no_known_link_from_an_unknown_one(played: Path):
    """Guessed codes: of links that there are, each another, and of ids that nobody has."""
    raw = [bytearray(unb64(text)) for text in made_links(played, list(everybody(played)), MANY, "email")]
    for one in raw:
        one[-1] ^= 1
    with at(played) as desk, desk.store.read() as tx:
        known = [partial(links.opened, desk, tx, b64(bytes(one))) for one in raw]
        made = [secrets.token_bytes(16) + bytes(one[16:20]) + secrets.token_bytes(16) for one in raw]
        unknown = [partial(links.opened, desk, tx, b64(one)) for one in made]
        assert settled(known, unknown) < BOUND


def test_b3_time_tells_no_identifier_on_file_from_one_that_is_not(played: Path):
    """A wrong value of a kind that the company has of this person, and of a kind that it has not; then a value that somebody else has, and one that nobody has."""
    texts = made_links(played, list(everybody(played))[:20], 20, "letter")
    with at(played) as desk, desk.store.read() as tx:
        pages = [visit(desk, tx, laws(played), text) for text in texts]
        on_file = [identifiers(holdings(desk, tx, str(seen.matter["vault"]), seen.link.subject)) for seen in pages]

        def tried(n: int, kind: str, value: str) -> Callable[[], object]:
            return lambda: portal_prove._right(desk, tx, pages[n % len(pages)], kind, value)

        has = [next(kind for kind in KINDS if kind in on_file[n % len(pages)]) for n in range(MANY)]
        lacks = [
            next((kind for kind in KINDS if kind not in on_file[n % len(pages)]), "id-number") for n in range(MANY)
        ]
        assert any(lacks[n] not in on_file[n % len(pages)] for n in range(MANY))
        wrong = [f"1390000{n:04d}" for n in range(MANY)]
        assert (
            settled(
                [tried(n, has[n], wrong[n]) for n in range(MANY)], [tried(n, lacks[n], wrong[n]) for n in range(MANY)]
            )
            < BOUND
        )
        other = [on_file[(n + 1) % len(pages)] for n in range(MANY)]
        theirs = [tried(n, kind, other[n][kind][0]) for n in range(MANY) if (kind := next(iter(other[n]))) in on_file[n % len(pages)]
                  and other[n][kind][0] not in on_file[n % len(pages)][kind]]  # fmt: skip
        nobodys = [tried(n, has[n], wrong[n]) for n in range(len(theirs))]
        assert len(theirs) >= MANY // 2
        assert settled(theirs, nobodys) < BOUND


def test_b3_time_tells_no_guess_that_another_customer_shares_from_a_wrong_one(played: Path):
    """A telephone that this person and another have proves neither: it takes as long as one that the other alone has, and as one that nobody has."""
    mine, alone = _of_two(played)
    (text,) = made_links(played, [mine[0]], 1, "letter")
    with at(played) as desk:
        with desk.store.read() as tx:
            seen = visit(desk, tx, laws(played), text)

        def tried(value: str) -> Callable[[], object]:
            return lambda: portal_prove._recognised(desk, seen, "phone", value)

        shared, theirs, nobodys = ([tried(value)] * (MANY // 5) for value in (mine[1], alone, "13900009999"))
        assert settled(shared, nobodys) < BOUND
        assert settled(shared, theirs) < BOUND


def _of_two(where: Path) -> tuple[tuple[str, str], str]:
    """(somebody, their telephone, which another customer has, too), and the telephone of a third."""
    with at(where, "zhouning") as desk:
        found = [
            (who, told[PHONE][0])
            for who in everybody(where, lacks=("objection",))
            if len((told := values(desk, who)).get(PHONE, ())) == 1
        ]
        (one, his), (other, _), (_, third) = found[:3]
        put_right(where, desk, other, Correction("会员", None, column(desk, other, PHONE), his, "mistyped"))
    return (one, his), third


def test_e5_time_tells_no_token_of_a_machine_from_an_unknown_id(played: Path):
    """A wrong secret under an id that there is, and under one that nobody has."""
    with at(played, "suhe") as desk:
        made = str(token_new(desk, "erp", ["deals"], "2026-12-31")["token"])
        store, on = desk.store, date(2026, 4, 1)
        wrong = [f"{made[:-43]}{secrets.token_urlsafe(32)}" for _ in range(MANY)]
        nobody = [f"custody_{'0' * 25}{n % 10}_{secrets.token_urlsafe(32)}" for n in range(MANY)]
        known = [partial(tokens.opened, store, desk.space, text, on) for text in wrong]
        unknown = [partial(tokens.opened, store, desk.space, text, on) for text in nobody]
        assert settled(known, unknown) < BOUND
