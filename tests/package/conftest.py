"""Hand-over folders of the tests' own, built by the same module that made the committed vectors."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

_BUILD = Path(__file__).parents[2] / "vectors" / "package" / "build.py"


def _load() -> ModuleType:
    if "package_build" not in sys.modules:
        spec = importlib.util.spec_from_file_location("package_build", _BUILD)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["package_build"] = module
        spec.loader.exec_module(module)
    return sys.modules["package_build"]


@pytest.fixture(scope="session")
def build() -> ModuleType:
    """vectors/package/build.py."""
    return _load()


@pytest.fixture(scope="session")
def good(build: ModuleType, tmp_path_factory: pytest.TempPathFactory):
    """A whole hand-over that verifies; never changed."""
    return build.Handover(tmp_path_factory.mktemp("good")).all()


@pytest.fixture
def copy(good, tmp_path: Path) -> Callable[[], Path]:
    """A copy to be damaged."""

    def make() -> Path:
        target = tmp_path / "copy"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(good.root, target)
        return target

    return make


@pytest.fixture(scope="session")
def trusted(good):
    """Both cards."""
    return [good.seller.card, good.buyer.card]
