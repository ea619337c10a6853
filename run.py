#!/usr/bin/env python3
"""Set up and run custody with nothing but Python: `python3 run.py demo`, `test`, `check`, `setup`, `lock`.

Standard library only. The environment is made anew when the lock or the interpreter changed. Packages come from
wherever pip is set up to look; the lock names hashes and no address.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = ENV / ".custody-stamp"
LOCK = ROOT / "requirements" / "lock.txt"
OLDEST = (3, 11)


def main(words):
    """Run one task; returns its exit code."""
    task, rest = (words[0], words[1:]) if words else ("help", [])
    if sys.version_info < OLDEST:
        return say(f"custody needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    if task not in TASKS:
        return say("usage: run.py " + "|".join(TASKS))
    setup()
    return TASKS[task](rest)


def setup():
    """Make the environment when it is missing or stale."""
    wanted = stamp()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    sys.stderr.write("setting up .venv (once)\n")
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(ENV)
    pip = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)])
    site = subprocess.check_output([python(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True).strip()
    (Path(site) / "custody-source.pth").write_text(str(ROOT / "src") + "\n", encoding="utf-8")
    for name, module in (("custody", "custody.__main__"), ("custody-verify", "custody.cli.bare")):
        command = BIN / name
        command.write_text(f"#!{python()}\nimport sys\nfrom {module} import main\nsys.exit(main())\n", encoding="utf-8")
        command.chmod(0o755)
    STAMP.write_text(wanted, encoding="utf-8")


def stamp():
    """What the environment was made from."""
    return f"{sys.version} {ROOT} {hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()}"


def python():
    """The environment's interpreter."""
    return str(BIN / ("python.exe" if os.name == "nt" else "python"))


def run(words, **more):
    """Run, or stop with the same exit code."""
    code = subprocess.call(words, cwd=ROOT, **more)
    if code:
        sys.exit(code)


def demo(rest):
    """The main job, in ./demo unless another folder is named."""
    return subprocess.call([str(BIN / "custody"), "demo", *(rest or ["demo"])], cwd=ROOT)


def test(rest):
    """The test suite."""
    return subprocess.call([python(), "-m", "pytest", "-n", "2", *rest], cwd=ROOT)


def check(rest):
    """Lint, types, contracts, then the tests."""
    run([python(), "-m", "ruff", "check", "src", "tests", "run.py"])
    run([python(), "-m", "ruff", "format", "--check", "src", "tests"])
    run([python(), "-m", "mypy"])
    run([str(BIN / "lint-imports")])
    return test(rest)


def lock(_rest):
    """Write the hashed lock anew (needs uv in the environment; it is not in the lock itself)."""
    run([python(), "-m", "pip", "install", "--quiet", "uv"])
    words = [python(), "-m", "uv", "pip", "compile", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    run([*words, "--no-emit-find-links", "--no-annotate", "--python-version", "3.11", "--group", "dev", "pyproject.toml",
         "--extra", "postgres", "-o", str(LOCK), "--quiet"])
    return 0


def say(text):
    """One line to stderr; returns the usage exit code."""
    sys.stderr.write(text + "\n")
    return 2


TASKS = {"setup": lambda _rest: 0, "demo": demo, "test": test, "check": check, "lock": lock}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
