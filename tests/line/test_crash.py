"""C11: killed at any fsync, rename or commit, the line resumes to the same result, without loss or double."""

import json
import random
from pathlib import Path

import pytest

from tests.line.conftest import custody
from tests.line.crashes import SEED, ahead, crashing, evidence
from tests.points import watched

CUSTOMERS = 24


def _play(where: Path, **crash: str) -> tuple[int, dict]:
    return custody("demo", where, "--customers", CUSTOMERS, env=crashing(**crash))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict[str, int]]:
    """What an undisturbed run comes to, and how many points each half passes."""
    where = tmp_path_factory.mktemp("whole")
    code, out = _play(where / "demo", CRASH_HALF="each", CRASH_COUNT=str(where / "count"))
    assert code == 0, out
    points = {half: int((where / f"count-{half}").read_text(encoding="utf-8")) for half in ("seller", "buyer")}
    return _result(where / "demo"), points


@pytest.mark.parametrize("half", ["seller", "buyer"])
def test_c11_a_killed_line_resumes_to_the_same_result(
    half: str, whole: tuple[dict, dict[str, int]], kills: int, tmp_path: Path
):
    """For a seeded spread of points: kill, run again, compare figures and evidence; every point of every command is in tests/line/test_every_point.py."""
    wanted, points = whole
    dice = random.Random(f"{SEED}-{half}")
    for n in sorted(dice.sample(range(1, points[half]), min(kills, points[half] - 1))):
        where = tmp_path / f"{half}-{n}"
        code, out = _play(where, CRASH_HALF=half, CRASH_AT=str(n))
        assert code == 3, (n, out)
        homes = [where / one for one in ("seller", "buyer") if (where / one / "core.db").exists()]
        assert not ahead(where / "handover", *homes), n
        code, out = _play(where)
        assert code == 0, (n, out)
        assert _result(where) == wanted, n
    watched(f"demo {half}", min(kills, points[half] - 1), points[half])


def _result(where: Path) -> dict:
    summary = json.loads((where / "summary.json").read_text(encoding="utf-8"))
    names = (
        "customers",
        "handed_over",
        "withheld",
        "quarantined",
        "verified",
        "rows",
        "by_verdict",
        "without_assumptions",
        "tables",
    )
    return {
        **{name: summary[name] for name in names},
        "evidence": {half: evidence(where / half) for half in ("seller", "buyer")},
    }
