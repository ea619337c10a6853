"""What every test shares: parts of the outside world, two sizes, and the table that says what ran.

`@pytest.mark.part("postgresql")` names a part of the outside world (tests/house/parts.py). A test whose part is
absent is left out and counted in the table; with CUSTODY_TEST_REQUIRE=postgresql,java an absent part fails instead,
so that a host which was set up for it cannot pass without it. `@pytest.mark.soak` marks what only `make soak` runs.
`--draw N` is the seed of the ids in the companies that were played for several tests (tests/drawn.py): the same every
day, another one in each soak, and named at the end, so that what failed can be run again.
"""

import importlib.util
import os
import secrets
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

# One seeded slice every day; the soak explores. Neither has a deadline: a busy host is not a fault.
settings.register_profile("daily", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("soak", deadline=None, max_examples=2_000, print_blob=True)

# Hundreds of commands are started, and each would compile the whole source anew where the shell forbids to keep it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def _load_parts() -> ModuleType:
    # Tests are not a package (importlib mode), so the neighbour is loaded by its path.
    spec = importlib.util.spec_from_file_location("custody_test_parts", Path(__file__).parent / "house" / "parts.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


PARTS = _load_parts()
_FIRST = ("web", "portal", "line", "api", "access", "vault")
_OUTCOMES: Counter[tuple[str, str]] = Counter()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the size."""
    parser.addoption("--soak", action="store_true", help="run the long tests too, with many more examples")
    parser.addoption("--draw", type=int, help="the seed of the ids in the companies played for several tests")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the size and the draw, which workers are told with the options; refuse a requirement that names no part."""
    soak = bool(config.getoption("--soak"))
    settings.load_profile("soak" if soak else "daily")
    if config.option.draw is None:
        config.option.draw = secrets.randbelow(2**31) if soak else 0
    unknown = _required() - set(PARTS.PARTS)
    if unknown:
        raise pytest.UsageError(f"CUSTODY_TEST_REQUIRE names no part: {', '.join(sorted(unknown))}")


@pytest.fixture(scope="session")
def draw(pytestconfig: pytest.Config) -> int:
    """The seed of this run."""
    return int(pytestconfig.option.draw)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that neither core waits for the other at the end; leave the long tests to the soak."""
    items.sort(key=lambda item: _turn(item.path))
    if config.getoption("--soak"):
        return
    for item in items:
        if item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="soak: python3 run.py soak"))


def _turn(path: Path) -> int:
    """Files of browsers and of whole hand-overs have few tests, and take minutes."""
    folder = path.relative_to(Path(__file__).parent).parts[0]
    return _FIRST.index(folder) if folder in _FIRST else len(_FIRST)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a test out when a part it needs is absent; fail it when that part is required."""
    for part in _named(item):
        item.user_properties.append(("part", part))  # travels with the report from a worker to the controller
    for part in _named(item):
        if PARTS.present(part):
            continue
        if part in _required():
            pytest.fail(f"part {part} is required and absent", pytrace=False)
        pytest.skip(f"part {part} is absent")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count, on the controller, what became of the tests of each part."""
    if report.when == "call" or (report.when == "setup" and not report.passed):
        for name, part in report.user_properties:
            if name == "part":
                _OUTCOMES[str(part), report.outcome] += 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A required part that is absent fails the run even when no test named it."""
    if exitstatus == 0 and _required() & _absent():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with the parts that ran, were here unused, or were absent."""
    absent, required = _absent(), _required()
    terminalreporter.write_line(f"ids of the companies played: --draw {terminalreporter.config.option.draw}")
    terminalreporter.section("parts of the outside world")
    for part, (title, _) in PARTS.PARTS.items():
        ran, failed = _OUTCOMES[part, "passed"], _OUTCOMES[part, "failed"]
        out = _OUTCOMES[part, "skipped"]
        if part in absent:
            words = f"absent{', though required' if part in required else ''}; {out + failed} tests left out"
        elif ran or failed:
            words = f"ran: {ran} passed, {failed} failed, {out} skipped"
        else:
            words = "here, not used by this run"
        terminalreporter.write_line(f"  {title:<12} {words}")


def _named(item: pytest.Item) -> list[str]:
    names = [str(name) for mark in item.iter_markers("part") for name in mark.args]
    unknown = set(names) - set(PARTS.PARTS)
    if unknown:
        raise pytest.UsageError(f"{item.nodeid} names no part: {', '.join(sorted(unknown))}")
    return names


def _required() -> set[str]:
    return {name.strip() for name in os.environ.get("CUSTODY_TEST_REQUIRE", "").split(",") if name.strip()}


def _absent() -> set[str]:
    return {part for part in PARTS.PARTS if not PARTS.present(part)}
