"""A1: whether a value is known is told as seldom by a list of one line as by a look-up."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from custody.acts.desk import Desk
from custody.acts.incident_people import listing
from custody.acts.limits import PER_MINUTE
from custody.base.errors import CustodyError
from custody.services.answers_take import answers_take
from custody.services.lookup import lookup
from custody.services.suppress import suppress_add
from tests.portal.conftest import DEAL, at, laws

NOBODY: Final = "nobody@example.cn"
Way = Callable[[Desk, Path], object]


def _answers(desk: Desk, where: Path) -> object:
    return answers_take(desk, laws(where), DEAL, f"customer,answer\n{NOBODY},objection\n".encode())


def _incident(desk: Desk, _: Path) -> object:
    with desk.store.read() as tx:
        (vault,) = tx.find("vault", party=desk.space)
    return listing(desk, vault, f"{NOBODY}\n".encode())


def _suppression(desk: Desk, _: Path) -> object:
    return suppress_add(desk, [NOBODY], None, "import", "asked.1", None)


BY_LIST: Final[Mapping[str, Way]] = {"answers": _answers, "incident": _incident, "suppression": _suppression}


def slug(act: Callable[[], object]) -> str:
    try:
        act()
    except CustodyError as error:
        return error.slug
    return ""


@pytest.mark.parametrize("way", ["answers", "incident", "suppression"])
def test_a1_lists_of_one_line_are_limited_as_look_ups_are(played: Path, way: str):
    """Who is here is told as seldom by a list of one line as by asking; what is refused for its form has counted too."""
    with at(played, "zhouning") as desk:
        for _ in range(PER_MINUTE - 1):
            lookup(desk, "nobody@example.cn", "email", None)
        assert slug(lambda: BY_LIST[way](desk, played)) != "lookup.limit"
        assert slug(lambda: BY_LIST[way](desk, played)) == "lookup.limit"
        assert slug(lambda: lookup(desk, "nobody@example.cn", "email", None)) == "lookup.limit"
