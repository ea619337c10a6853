"""C6: what is offered for the buyer is whole: half a package, half a release is never given, and the page says why."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.told import play
from tests.web.serving import serve
from tests.web.test_later import DEAL, FirstRelease, ReadyError
from tests.web.visitor import Visitor

SIGNED = {"package": "shipped.dsse.json", "release-0001": "released.dsse.json"}


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[tuple[Visitor, Path]]:
    """The owner of a company that shipped and released, and the folder between the parties."""
    where = tmp_path_factory.mktemp("handed") / "demo"
    with pytest.raises(ReadyError):
        play(where, FirstRelease, draw)
    folder = where / "seller" / "matters" / DEAL / "handover"
    shutil.copytree(where / "handover", folder)
    with serve(where / "seller") as served:
        made = Visitor(served.base)
        secret = where / "seller" / "keys" / "principals" / "suhe.pass"
        made.sign_in("suhe", secret.read_text(encoding="utf-8").strip())
        yield made, folder


@pytest.mark.parametrize("part", SIGNED)
def test_c6_a_part_is_given_once_its_statement_stands(owner: tuple[Visitor, Path], part: str):
    """Cut off before the statement, with another's statement, and whole: only the last is offered and given."""
    visitor, folder = owner
    link, page = f"/deals/{DEAL}/handover/{part}.zip", f"/deals/{DEAL}"
    signed = folder / part / SIGNED[part]
    stands = signed.read_bytes()
    try:
        for left in (None, b"{}", stands[:-1]):
            signed.unlink() if left is None else signed.write_bytes(left)
            told = visitor.get(page)
            assert link not in told
            assert "Still being written, or cut off half way" in told
            if part != "package":
                assert "Still being written, or cut off half way" in visitor.get(f"{page}/releases")
            refused = visitor.get(link)
            assert (visitor.status, "still being written" in refused) == (404, True)
    finally:
        signed.write_bytes(stands)
    told = visitor.get(page)
    assert link in told
    assert "Still being written" not in told
    with zipfile.ZipFile(io.BytesIO(visitor.file(link))) as given:
        assert given.read(f"{part}/{SIGNED[part]}") == stands


def test_c6_what_is_not_there_is_not_found(owner: tuple[Visitor, Path]):
    """A part of which nothing was begun is nowhere."""
    visitor, _ = owner
    assert "still being written" not in visitor.get(f"/deals/{DEAL}/handover/release-0777.zip")
    assert visitor.status == 404
