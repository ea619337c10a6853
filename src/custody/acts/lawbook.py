"""The law packs as every verb loads them."""

from custody.law.pack import Packs, load
from custody.law.schema import Schema, read_schema
from custody.ports.laws import Laws


def packs(laws: Laws) -> Packs:
    """Every rule, validated as a whole."""
    return load(laws.rules(), laws.facts(), laws.clocks(), laws.version())


def schema(laws: Laws) -> Schema:
    """The typed facts."""
    return read_schema(laws.facts())
