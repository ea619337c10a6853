"""The floors are real: the contracts hold, and each of them catches what it is there to catch."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# module to plant, or to plant into -> (its text, the arrow the report must show)
SEEDS = {
    "custody/base/seeded.py": ("import custody.model.seeded", "custody.base.seeded -> custody.model.seeded"),
    "custody/model/seeded.py": ("", ""),
    "custody/vault/seeded.py": ("", ""),
    "custody/law/seeded.py": ("import custody.vault.seeded", "custody.law.seeded -> custody.vault.seeded"),
    "custody/cli/seeded.py": ("import custody.vault.seeded", "custody.cli.seeded -> custody.vault.seeded"),
    "custody/web/seeded.py": ("import custody.adapters.seeded", "custody.web.seeded -> custody.adapters.seeded"),
    "custody/adapters/seeded.py": ("", ""),
    "custody/services/seeded_one.py": (
        "import custody.services.seeded_two",
        "custody.services.seeded_one -> custody.services.seeded_two",
    ),
    "custody/services/seeded_two.py": (
        "import custody.adapters.seeded",
        "custody.services.seeded_two -> custody.adapters.seeded",
    ),
    "custody/acts/seeded.py": ("import sqlite3", "custody.acts.seeded -> sqlite3"),
    "custody/package/seeded.py": ("import pyarrow", "custody.package.seeded -> pyarrow"),
    "custody/cli/seeded_web.py": ("import django", "custody.cli.seeded_web -> django"),
    "custody/cli/bare.py": ("import rich", "custody.cli.bare -> rich"),
    "custody/privacy/seeded_one.py": ("import custody.privacy.seeded_two", ".seeded_"),
    "custody/privacy/seeded_two.py": ("import custody.privacy.seeded_one", ".seeded_"),
    "custody/services/seeded_sample.py": (
        "import custody_sample",
        "custody.services.seeded_sample -> custody_sample",
    ),
    "custody_laws/seeded.py": ("import custody.base.seeded", "custody_laws.seeded -> custody.base.seeded"),
    "custody_sample/seeded.py": ("import custody.model.seeded", "custody_sample.seeded -> custody.model.seeded"),
}


def lint(source: Path) -> tuple[int, str]:
    """Exit code and report of the contracts over a source folder."""
    words = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()"]
    words += ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    where = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200"}
    done = subprocess.run(words, cwd=source, env=where, capture_output=True, text=True, check=False, timeout=900)
    return done.returncode, done.stdout + done.stderr


def test_every_contract_holds():
    """The source keeps all its import contracts."""
    code, report = lint(ROOT / "src")
    assert code == 0, report


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report over a copy of the source with one violation of each kind planted in it."""
    source = tmp_path_factory.mktemp("seeded") / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name, (text, _) in SEEDS.items():
        with (source / name).open("a", encoding="utf-8") as planted:
            planted.write(f"\n{text}\n")
    code, report = lint(source)
    assert code != 0
    return report


@pytest.mark.parametrize("name", [name for name, (_, arrow) in SEEDS.items() if arrow])
def test_a_planted_violation_is_found(seeded: str, name: str):
    """The report names each planted arrow."""
    assert SEEDS[name][1] in seeded, seeded


def test_no_contract_is_idle(seeded: str):
    """Each contract is broken by something that was planted, so none of them passes whatever happens."""
    kept = [line for line in seeded.splitlines() if line.endswith(" KEPT")]
    assert not kept


def test_the_bare_verifier_loads_what_it_says():
    """Importing `custody-verify` loads the standard library, cryptography and what cryptography needs."""
    script = (
        "import sys; before = set(sys.modules); import custody.cli.bare;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"custody", "cryptography", "cffi", "_cffi_backend", "_openssl", "pycparser"}
