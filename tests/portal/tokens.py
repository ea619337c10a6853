"""A link of somebody, as the portal gives it: what several tests open pages with."""

from pathlib import Path

from custody.services.link_new import link_new
from tests.portal.conftest import DEAL, at


def link(where: Path, who: str, channel: str = "email", days: int = 30) -> dict:
    with at(where, "zhouning") as desk:
        return dict(link_new(desk, DEAL, who, channel, days))


def token(where: Path, who: str, channel: str = "email") -> str:
    return str(link(where, who, channel)["path"]).removeprefix("/t/")
