#!/usr/bin/env python3
"""Set up and run custody with nothing but Python: `python3 run.py demo`, `test`, `check`, `soak`, and so on.

Standard library only, and it parses on interpreters older than the one custody needs, so that it can say so. The
environment `.venv` is made from hashed locks; packages come from wherever pip on this host is set up to look. It is
made anew when the interpreter, the folder or a lock changed, and left alone otherwise.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / ("python.exe" if os.name == "nt" else "python"))
STAMP = ENV / "custody-stamp.json"
LOCKS = {"run": ROOT / "requirements" / "run.txt", "dev": ROOT / "requirements" / "dev.txt"}
OLDEST = (3, 11)
COOLDOWN_DAYS = 7  # a release younger than this is not locked: most bad uploads are found and withdrawn within days
EXTRAS = ("aws", "hsm", "mysql", "oidc", "postgres")
CODE = ("src", "tests", "bench", "docs", "vectors", "run.py")
NEEDS_PYTHON, NEEDS_VENV, USAGE = 3, 3, 2


def main(words: list[str]) -> int:
    """Run one task; returns its exit code."""
    if sys.version_info < OLDEST:
        return newer(words)
    task, rest = (words[0], words[1:]) if words else ("help", [])
    if task not in TASKS:
        width = max(map(len, TASKS))
        say("usage: python3 run.py TASK [ARGUMENTS]\n")
        for name, (_, action) in TASKS.items():
            say(f"  {name:{width}}  {action.__doc__}")
        return 0 if task in ("help", "-h", "--help") else USAGE
    locks, action = TASKS[task]
    return make_environment(locks) or action(rest)


def newer(words: list[str]) -> int:
    """Hand over to a newer interpreter when the host has one under its usual name."""
    for name in ("python3.13", "python3.12", "python3.11", "python3.14"):
        found = shutil.which(name)
        # A version manager's shim may exist and not run: ask it.
        if found and subprocess.call([found, "-c", "pass"], stderr=subprocess.DEVNULL) == 0:
            return subprocess.call([found, str(ROOT / "run.py"), *words])
    return say(
        f"custody needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.", NEEDS_PYTHON
    )


def make_environment(locks: tuple[str, ...]) -> int:
    """Bring `.venv` to the state the locks say; nothing to do costs a few hashes."""
    have = json.loads(STAMP.read_text(encoding="utf-8")) if STAMP.is_file() else {}
    fixed = {"python": sys.version, "base": sys.base_prefix, "root": str(ROOT)}
    hashes = {name: digest(LOCKS[name]) for name in LOCKS}
    stale = any(have.get(name) != value for name, value in fixed.items())
    if stale or any(have.get(name, value) != value for name, value in hashes.items()):
        if importlib.util.find_spec("ensurepip") is None:
            return say("Python's venv is not complete here. On Debian or Ubuntu: apt install python3-venv", NEEDS_VENV)
        say("setting up .venv")
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(ENV)
        have = fixed
    for name in locks:
        if have.get(name) != hashes[name]:
            pip("--require-hashes", "--only-binary", ":all:", "-r", str(LOCKS[name]))
            have = stamp({**have, name: hashes[name]})
    project = digest(ROOT / "pyproject.toml")
    if have.get("project") != project:
        # The build back end comes from the lock, so that this step asks no index for anything.
        pip("--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        stamp({**have, "project": project})
    return 0


def pip(*words: str) -> None:
    """Install, or stop with pip's exit code."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    root = ["--root-user-action", "ignore"]
    run([PYTHON, "-m", "pip", "install", *quiet, *root, *words])


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp(state: dict[str, str]) -> dict[str, str]:
    """Note what `.venv` was made from, as far as it got."""
    STAMP.write_text(json.dumps(state, indent=1), encoding="utf-8")
    return state


def run(words: list[str]) -> None:
    """Run, or stop with the same exit code."""
    code = subprocess.call(words, cwd=ROOT)
    if code:
        sys.exit(code)


def setup(_rest: list[str]) -> int:
    """make .venv with everything, run nothing"""
    return 0


def demo(rest: list[str]) -> int:
    """the main job on the bundled sample, into ./demo unless a folder is named"""
    return subprocess.call([str(BIN / "custody"), "demo", *(rest or ["demo"])], cwd=ROOT)


def serve(rest: list[str]) -> int:
    """the console in a browser, its home in ./home unless CUSTODY_HOME names one"""
    home = [] if "CUSTODY_HOME" in os.environ or "--home" in rest else ["--home", "home"]
    return subprocess.call([str(BIN / "custody"), "serve", *home, *rest], cwd=ROOT)


# One more than there are processors: a third of the time of most browser tests is waiting for a page.
WORKERS = str((os.cpu_count() or 1) + 1)


def test(rest: list[str]) -> int:
    """the tests; arguments go to pytest"""
    spread = (
        []
        if any(word.startswith("-n") for word in rest)
        else ["-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder"]
    )
    return subprocess.call([PYTHON, "-m", "pytest", *spread, *rest], cwd=ROOT)


def soak(rest: list[str]) -> int:
    """the tests with the long ones and many more examples (hours)"""
    timeless = ["-o", "faulthandler_timeout=0"]  # what kills at every point takes longer than a hang may
    return test(["--soak", *timeless, *rest])


def lint(_rest: list[str]) -> int:
    """style, types, contracts"""
    present = [name for name in CODE if (ROOT / name).exists()]
    run([PYTHON, "-m", "ruff", "check", *present])
    run([PYTHON, "-m", "ruff", "format", "--check", *present])
    run([PYTHON, "-m", "mypy"])
    run([str(BIN / "lint-imports")])
    return 0


def check(rest: list[str]) -> int:
    """what must hold before a change lands: lint, then tests, then docs"""
    lint([])
    run([PYTHON, str(ROOT / "run.py"), "test", *rest])
    return docs(["--check"])


def docs(rest: list[str]) -> int:
    """write docs/reference anew from the source (--check: only compare)"""
    return subprocess.call([PYTHON, str(ROOT / "docs" / "reference" / "generate.py"), *rest], cwd=ROOT)


def lock(rest: list[str]) -> int:
    """write the hashed locks anew from pyproject.toml (--upgrade: newest releases past the cooldown)"""
    pip("uv")
    newest = datetime.now(timezone.utc) - timedelta(days=COOLDOWN_DAYS)
    words = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    words += ["--python-version", ".".join(map(str, OLDEST)), "--fork-strategy", "fewest"]
    words += ["--exclude-newer", newest.strftime("%Y-%m-%dT00:00:00Z")]
    # Neither where this host fetches from nor how it was called belongs in a committed file.
    words += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"]
    run([*words, *rest, "--group", "pyproject.toml:openbao", "-o", str(ROOT / "requirements" / "openbao.txt")])
    run([*words, *rest, "--no-deps", "--group", "pyproject.toml:axe", "-o", str(ROOT / "requirements" / "axe.txt")])
    words += ["pyproject.toml", "--group", "build"]
    run([*words, *rest, "-o", str(LOCKS["run"])])
    extras = ["--group", "dev", *(word for name in EXTRAS for word in ("--extra", name))]
    run([*words, *rest, "-o", str(LOCKS["dev"]), *extras, "-c", str(LOCKS["run"])])
    # For an image with every extra: the same releases that the tests ran with.
    run([*words, *rest, "-o", str(ROOT / "requirements" / "extras.txt"), *extras[2:], "-c", str(LOCKS["dev"])])
    return 0


def say(text: str, code: int = 0) -> int:
    """One line to stderr; returns `code`."""
    sys.stderr.write(text + "\n")
    return code


ALL = ("run", "dev")
TASKS = {
    "setup": (ALL, setup),
    "demo": (("run",), demo),
    "serve": (("run",), serve),
    "test": (ALL, test),
    "check": (ALL, check),
    "lint": (ALL, lint),
    "soak": (ALL, soak),
    "docs": (ALL, docs),
    "lock": (ALL, lock),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
