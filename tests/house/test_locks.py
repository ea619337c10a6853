"""The locks hold hashes, no address, and everything that pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BUILD, DEV = (PROJECT["dependency-groups"][name] for name in ("build", "dev"))
LOCKS = {
    "run": [*PROJECT["project"]["dependencies"], *BUILD],
    "dev": [
        *PROJECT["project"]["dependencies"],
        *BUILD,
        *DEV,
        *(one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra),
    ],
    "openbao": PROJECT["dependency-groups"]["openbao"],
    "axe": PROJECT["dependency-groups"]["axe"],
}


def pins(name: str) -> dict[str, str]:
    """Package -> version; one version for every platform and interpreter."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9-]+)==([^ ;]+)", text, re.MULTILINE)
    assert len(dict(found)) == len(found), "a package is locked at two versions"
    return dict(found)


def plain(name: str) -> str:
    """The form in which a lock names a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_address(name: str):
    """A lock is pins and SHA-256 hashes only: no option, no URL, no path."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        assert re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+( ; [^/@]+?)?( +--hash=sha256:[0-9a-f]{64})+", line), line[:80]


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_satisfies_the_project(name: str):
    """Every dependency of pyproject.toml is locked at a version it allows."""
    locked = pins(name)
    for line in LOCKS[name]:
        requirement = Requirement(line)
        assert plain(requirement.name) in locked, f"{requirement.name} is not locked: make lock"
        assert requirement.specifier.contains(locked[plain(requirement.name)], prereleases=True), line


def test_what_runs_is_what_was_tested():
    """The development lock has every pin of the runtime lock, at the same version."""
    assert pins("run").items() <= pins("dev").items()


def test_the_build_asks_no_index():
    """The build back end that pyproject.toml requires is in both locks."""
    for line in PROJECT["build-system"]["requires"]:
        assert line in BUILD
