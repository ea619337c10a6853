"""Packs of a folder of the form of `custody_laws`: those that ship, or any other."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable


class BundledLaws:
    """See `ports.laws.Laws`. A folder without facts or clocks of its own speaks of those that ship.

    Two of them are equal when both speak of what ships with the same house rules and signatures, so that what was read
    is kept for as long as that is so. Another folder may change at any time, and equals only itself.
    """

    def __init__(
        self, top: Traversable | None = None, house: Traversable | None = None, signed: frozenset[str] = frozenset()
    ) -> None:
        self._top, self._signed = top or files("custody_laws"), signed
        told = _walk(house, "") if house is not None and house.is_dir() else []
        self._overlay = {name: node.read_text(encoding="utf-8") for name, node in told if "/" in name}
        self._key = (id(self) if top else 0, tuple(sorted(self._overlay.items())), signed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BundledLaws) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def overlay(self) -> Mapping[str, str]:
        return self._overlay

    def signed(self) -> frozenset[str]:
        return self._signed

    def rules(self) -> Mapping[str, str]:
        return {name: text for name, text in self._texts.items() if "/cases/" not in name}

    def cases(self) -> Mapping[str, str]:
        return {name: text for name, text in self._texts.items() if "/cases/" in name}

    def facts(self) -> str:
        return self._shared("facts.yaml")

    def clocks(self) -> str:
        return self._shared("clocks.yaml")

    def contents(self) -> str:
        return self._shared("contents.yaml")

    def documents(self) -> str:
        return self._shared("documents.yaml")

    def sources(self) -> str:
        return self._shared("sources.yaml")

    def questions(self) -> str:
        return self._shared("questions.yaml")

    def _shared(self, name: str) -> str:
        own = self._top / name
        return (own if own.is_file() else files("custody_laws") / name).read_text(encoding="utf-8")

    def version(self) -> str:
        digest = hashlib.sha256()
        house = {f"house/{name}": text for name, text in self.overlay().items()}
        for name, text in sorted({**self.rules(), **house}.items()):
            digest.update(name.encode() + b"\0" + text.encode() + b"\0")
        return "sha256:" + digest.hexdigest()

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {name: node.read_text(encoding="utf-8") for name, node in _walk(self._top, "") if "/" in name}


def _walk(node: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for child in sorted(node.iterdir(), key=lambda one: one.name):
        if child.is_dir():
            found += _walk(child, f"{prefix}{child.name}/")
        elif child.name.endswith(".yaml"):
            found.append((prefix + child.name, child))
    return found
