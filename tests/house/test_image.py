"""The image of a container is made from locks that hold what it needs."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def locked(name: str) -> set[str]:
    """Each release that a lock names."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.-]+==[^\s;]+)", text, re.MULTILINE))


def test_an_image_with_every_extra_has_what_the_tests_ran_with():
    """The lock of the extras is the lock of the plain image and more, all of it of releases that were tested, and every extra is in it."""
    extras = locked("extras")
    assert locked("run") < extras <= locked("dev")
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = {re.split(r"[\[>=<]", one)[0] for each in asked.values() for one in each}
    assert wanted <= {one.partition("==")[0] for one in extras}


def test_the_image_installs_a_lock_that_it_was_given():
    """Both locks are copied before one is installed, with hashes, by what the builder asked for."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    copied = re.search(r"^COPY (requirements/run\.txt requirements/extras\.txt) requirements/$", text, re.MULTILINE)
    assert copied is not None
    installs = text.index("--require-hashes")
    assert copied.start() < installs
    assert (
        text.index("ARG EXTRAS=")
        < installs
        < text.index('"requirements/$([ -n "$EXTRAS" ] && echo extras || echo run).txt"')
    )
