"""What the tests of the law share: the packs as they ship, and the shared cases where they are at hand."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.lawbook import packs
from custody.law.pack import Packs

SHARED = Path(__file__).parents[3] / "shared" / "law"


@pytest.fixture(scope="session")
def loaded() -> Packs:
    """Every pack that ships."""
    return packs(wiring.laws())


@pytest.fixture(scope="session")
def shared():
    """Read a shared file, or skip."""

    def read(name: str) -> Mapping:
        if not (SHARED / name).is_file():
            pytest.skip("the shared cases are not here")
        return json.loads((SHARED / name).read_text(encoding="utf-8"))

    return read
