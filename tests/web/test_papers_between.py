"""C1, D3: what the other side writes of a broken-off deal, and what it sends, is looked at when it comes; a wrong one takes no good one's place."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.drawn import drawn
from tests.line.conftest import act
from tests.web.serving import serve
from tests.web.test_break_off import DEAL, ReadyError, UpToRelease
from tests.web.visitor import Visitor


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[SimpleNamespace]:
    """Seller and buyer after shipping, the owner of each signed in at its console; nothing was put in at the buyer's."""
    where = tmp_path_factory.mktemp("between") / "demo"
    with pytest.raises(ReadyError):
        drawn(where, 60, draw).run(UpToRelease)
    matter = act(where, "buyer", "fanyuan", "arrival")[1]["arrivals"][0]["id"]
    shutil.copytree(where / "handover", where / "seller" / "matters" / DEAL / "handover", dirs_exist_ok=True)
    with ExitStack() as stack:
        people = {}
        for side, name in (("seller", "suhe"), ("buyer", "fanyuan")):
            served = stack.enter_context(serve(where / side))
            people[name] = Visitor(served.base)
            secret = where / side / "keys" / "principals" / f"{name}.pass"
            people[name].sign_in(name, secret.read_text(encoding="utf-8").strip())
        yield SimpleNamespace(
            where=where, matter=matter, came=where / "buyer" / "matters" / matter / "handover", **people
        )


def test_c1_a_paper_of_a_broken_off_deal_is_looked_at_when_it_comes(both: SimpleNamespace, tmp_path: Path):
    """Nothing, too much, no envelope, another's word: refused on the page with words at both sides; the right one is taken, and no wrong one after it."""
    empty, large, rubbish, foreign = (tmp_path / name for name in ("empty.json", "large.json", "rubbish.json", "foreign.json"))  # fmt: skip
    empty.touch()
    large.write_bytes(b" " * 300_000)
    rubbish.write_text("{}", encoding="utf-8")
    shutil.copy(both.where / "handover" / "invite.dsse.json", foreign)
    wrong = [(empty, "deal.paper"), (large, "deal.paper"), (rubbish, "dsse.form"), (foreign, "dsse.signer")]
    aborted = _by_two(both.where, "seller", ("suhe", "zhouning"), "deal", "abort", DEAL, "--why", "price", out=tmp_path)
    page = f"/deals/{both.matter}/ends/deal-return"
    _taken(both.fanyuan, page, both.came / "aborted.dsse.json", aborted / "aborted.dsse.json", wrong)
    shutil.copytree(both.came, tmp_path / "answered")
    shutil.copy(aborted / "aborted.dsse.json", tmp_path / "answered")
    returned = _by_two(both.where, "buyer", ("fanyuan", "yeqing"), "deal", "return", both.matter, out=tmp_path / "answered")  # fmt: skip
    wrong[-1] = (aborted / "aborted.dsse.json", "dsse.signer")
    kept = both.where / "seller" / "matters" / DEAL / "handover" / "returned.dsse.json"
    _taken(both.suhe, f"/deals/{DEAL}/ends/deal-close", kept, returned / "returned.dsse.json", wrong)


def _taken(visitor: Visitor, page: str, kept: Path, good: Path, wrong: list[tuple[Path, str]]) -> None:
    _refused(visitor, page, wrong)
    assert not kept.exists()
    visitor.get(page)
    visitor.upload(f"{page}/paper", "paper", good)
    assert visitor.at.endswith(page), visitor.page
    assert kept.read_bytes() == good.read_bytes()
    _refused(visitor, page, wrong)
    assert kept.read_bytes() == good.read_bytes()


def _refused(visitor: Visitor, page: str, wrong: list[tuple[Path, str]]) -> None:
    for file, slug in wrong:
        visitor.get(page)
        visitor.upload(f"{page}/paper", "paper", file)
        assert (visitor.status >= 400, f'data-slug="{slug}"' in visitor.page) == (True, True), (file.name, visitor.page)
        assert 'name="paper"' in visitor.page


def _by_two(where: Path, side: str, who: tuple[str, str], *words: str, out: Path) -> Path:
    first, second = who
    dry = act(where, side, first, *words, "--at", out, "--dry-run")[1]
    code, said = act(where, side, second, "approve", *dry["would"]["approve"])
    assert code == 0, said
    code, said = act(where, side, first, *words, "--at", out)
    assert code == 0, said
    return out


Zip = Callable[[str, float], Path]


@pytest.fixture
def zipped(both: SimpleNamespace, tmp_path: Path) -> Zip:
    """The package as a zip of that name, a share of its files in it."""

    def made(name: str, share: float) -> Path:
        folder = both.where / "handover"
        files = sorted(one for one in (folder / "package").rglob("*") if one.is_file())
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for one in files[: int(len(files) * share)]:
                archive.write(one, one.relative_to(folder).as_posix())
        (tmp_path / name).write_bytes(data.getvalue())
        return tmp_path / name

    return made


def test_d3_half_a_package_takes_no_whole_ones_place(both: SimpleNamespace, zipped: Zip):
    """What came is checked aside: half of it is never put in, not first and not over the whole one, and the page says so."""
    visitor, page = both.fanyuan, f"/arrivals/{both.matter}"
    before = _lies(both.came)
    told = _put_in(visitor, page, zipped("half.zip", 0.5))
    assert "nothing of it was taken" in told
    assert _lies(both.came) == before
    told = _put_in(visitor, page, zipped("whole.zip", 1))
    assert "nothing was changed" in told
    whole = _lies(both.came)
    assert len(whole) > len(before)
    told = _put_in(visitor, page, zipped("half-again.zip", 0.5))
    assert "nothing of it was taken" in told
    assert "nothing was changed" in told, "what lies here was checked, and still is"
    assert _lies(both.came) == whole
    told = _put_in(visitor, page, zipped("whole-again.zip", 1))
    assert "nothing of it was taken" not in told
    assert _lies(both.came) == whole
    assert not [one for one in (both.where / "buyer" / "tmp").iterdir() if one.name.startswith("came-")]


def _put_in(visitor: Visitor, page: str, file: Path) -> str:
    visitor.get(page)
    visitor.upload(f"{page}/take", "file", file)
    visitor.led_on()
    return visitor.get(page)


def _lies(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
