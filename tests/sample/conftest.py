"""Two samples of different seeds, each read once without the generator's help."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from custody_sample import SampleFacts, generate


def _reading() -> ModuleType:
    # Tests are not a package (importlib mode), so the neighbour is loaded by its path.
    spec = importlib.util.spec_from_file_location("custody_sample_reading", Path(__file__).with_name("reading.py"))
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="session")
def reading() -> ModuleType:
    return _reading()


@pytest.fixture(scope="session", params=[(200, 20260316), (1200, 7)], ids=["200", "1200"])
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, reading: ModuleType
) -> tuple[SampleFacts, object]:
    customers, seed = request.param
    folder = tmp_path_factory.mktemp("shop")
    facts = generate(folder, customers=customers, seed=seed)
    return facts, reading.Company(folder)
