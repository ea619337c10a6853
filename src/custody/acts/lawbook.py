"""The law packs as every verb loads them."""

from collections.abc import Mapping
from functools import lru_cache

from custody.law.overlay import laid_over
from custody.law.pack import Packs, load
from custody.law.questions import Questions, read_questions
from custody.law.schema import Schema, read_schema
from custody.law.sources import read_sources
from custody.law.terms import read_zones
from custody.ports.laws import Laws


@lru_cache(maxsize=4)
def packs(laws: Laws) -> Packs:
    """Every rule, a house's own among them, validated as a whole; read once for as long as the same `laws` are asked."""
    house = laws.overlay()
    return laid_over(shipped(laws), house, laws.signed(), laws.version()) if house else shipped(laws)


@lru_cache(maxsize=4)
def shipped(laws: Laws) -> Packs:
    """The rules of law alone."""
    return load(laws.rules(), laws.facts(), laws.clocks(), laws.version())


@lru_cache(maxsize=4)
def zones(laws: Laws) -> Mapping[str, str]:
    """In which zone each place counts its days."""
    return read_zones(laws.clocks())


@lru_cache(maxsize=4)
def schema(laws: Laws) -> Schema:
    """The typed facts."""
    return read_schema(laws.facts())


@lru_cache(maxsize=4)
def sources(laws: Laws) -> Mapping[str, str]:
    """Where laws are published, by the name under which rules cite them."""
    return read_sources(laws.sources())


@lru_cache(maxsize=4)
def questions(laws: Laws) -> Questions:
    """How people are asked, and what follows from answers."""
    return read_questions(laws.questions(), schema(laws), packs(laws).regimes)
