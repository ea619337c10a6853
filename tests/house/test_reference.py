"""The reference pages are what the source gives."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from custody.cli.table import VERBS

ROOT = Path(__file__).resolve().parents[2]
GENERATE = ROOT / "docs" / "reference" / "generate.py"


def test_every_error_is_documented():
    """docs/reference/errors.md lists every slug of the source, with its words, and nothing else."""
    done = subprocess.run([sys.executable, GENERATE, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_slugs_have_one_form():
    """A slug is area.fault in small letters, digits and hyphens."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    slugs = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert len(slugs) == len(set(slugs))
    assert not [slug for slug in slugs if not re.fullmatch(r"[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*", slug)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('raise Refused("deal.new", "No.", next="Ask.")', "| `deal.new` | law | 1 | No. | Ask. |"),
        ('raise Missing("deal.gone", f"No {name}.")', "| `deal.gone` | input | 2 | No …. |  |"),
        ('def no(slug):\n    return Broken(slug, "No.")\nraise no("a.b")', "| `a.b` | evidence | 1 | No. |  |"),
    ],
)
def test_the_generator_finds_slugs(tmp_path: Path, text: str, said: str):
    """Literals are found, also through a function that takes the slug, and values are left out of the words."""
    assert said in catalogue(tmp_path, text)


def test_a_computed_slug_is_refused(tmp_path: Path):
    """A slug that cannot be read off the source stops the generator and says where."""
    assert "made.py:1: the slug is not a literal" in catalogue(tmp_path, 'raise Refused(f"deal.{name}", "No.")')


def catalogue(folder: Path, text: str) -> str:
    """What the generator makes of one source file; its last line when it stops."""
    (folder / "made.py").write_text(text, encoding="utf-8")
    script = (
        "import runpy, sys, pathlib; sys.path.insert(0, str(pathlib.Path(sys.argv[1]).parent)); g = runpy.run_path(sys.argv[1]);"
        "print(g['page'](g['catalogue'](pathlib.Path(sys.argv[2]))))"
    )
    words = [sys.executable, "-c", script, str(GENERATE), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout or done.stderr.splitlines()[-1]


def test_no_verb_hides_a_group_of_others():
    """`verdict` beside `verdict show` would leave one of them unreachable."""
    names = {verb.name for verb in VERBS}
    assert not {name for name in names if any(other.startswith(f"{name} ") for other in names)}
