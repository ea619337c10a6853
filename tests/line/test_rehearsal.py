"""G23: a rehearsal opens no real gate: no assumption, no simulated clock, no statement of it counts in a real home."""

import secrets
from pathlib import Path

import pytest

from custody.acts.handing import understood
from custody.acts.statements import issue
from custody.base.errors import Broken
from custody.base.statement import subject
from custody.package.statements import Recalled
from tests.line.conftest import custody
from tests.line.homes import desk_of

SAYS = Recalled(
    deal="D-2026-0001",
    n=1,
    release="sha256:" + "ab" * 32,
    slots=0,
    shredded=0,
    absent=0,
    exports=(),
    answered_at="2026-03-16T01:00:00.000000Z",
)


@pytest.fixture
def homes(tmp_path: Path) -> dict[str, Path]:
    """A real home and a rehearsal's."""
    made = {}
    for name, more in (("real", ()), ("rehearsal", ("--rehearsal-at", "2026-03-16T01:00:00Z"))):
        home = tmp_path / name
        secret = home / "keys" / "principals" / "suhe.pass"
        secret.parent.mkdir(parents=True, mode=0o700)
        secret.write_text(secrets.token_urlsafe(18) + "\n", encoding="utf-8")
        secret.chmod(0o600)
        words = ("init", "--name-zh", "青禾", "--name-en", "Qinghe", *more)
        code, out = custody(*words, "--home", home, "--as", "suhe", "--passphrase-file", secret)
        assert code == 0, out
        made[name] = home
    return made


def run(home: Path, *words: object) -> tuple[int, str]:
    """Exit code and slug of a command of the owner's."""
    secret = home / "keys" / "principals" / "suhe.pass"
    code, out = custody(*words, "--home", home, "--as", "suhe", "--passphrase-file", secret)
    return code, out.get("error", {}).get("slug", "")


def test_a_real_home_has_no_other_clock(homes: dict[str, Path]):
    """The simulated clock moves in a rehearsal's home and is refused in a real one."""
    assert run(homes["rehearsal"], "clock", "2026-04-01T01:00:00Z") == (0, "")
    assert run(homes["real"], "clock", "2026-04-01T01:00:00Z") == (2, "clock.real")


def test_a_home_never_turns_from_one_kind_into_the_other(homes: dict[str, Path]):
    """Founding it again with a simulated clock does not make a real home a rehearsal's."""
    words = ("init", "--name-zh", "青禾", "--name-en", "Qinghe", "--rehearsal-at", "2026-03-16T01:00:00Z")
    assert run(homes["real"], *words) == (2, "clock.real")
    assert "rehearsal = false" in (homes["real"] / "custody.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("maker", "reader"), [("rehearsal", True), ("real", False)])
def test_statements_count_in_their_own_kind_alone(homes: dict[str, Path], maker: str, *, reader: bool):
    """A rehearsal's statement is refused in earnest, and a real one in a rehearsal, however well it is signed."""
    with desk_of(homes[maker], "suhe") as desk:
        with desk.store.write() as tx:
            envelope = issue(desk, tx, "mat_1", [subject("manifest.json", "ab" * 32)], SAYS)
        assert understood(envelope, Recalled, desk.card.identity, rehearsal=reader) == SAYS
        with pytest.raises(Broken) as caught:
            understood(envelope, Recalled, desk.card.identity, rehearsal=not reader)
    assert (caught.value.slug, caught.value.kind) == ("statement.rehearsal", "replayed")


def test_a_real_home_takes_no_assumptions(homes: dict[str, Path], tmp_path: Path):
    """Who would be reached and who would agree is never taken from a file in earnest."""
    file = tmp_path / "assumptions.yaml"
    file.write_text("seed: 1\n", encoding="utf-8")
    code, slug = run(homes["real"], "notice", "D-2026-0001", "--assume", file)
    assert code in {1, 2}
    assert slug in {"assume.real", "act.role"}
