"""Packs of a folder of the form of `custody_laws`: those that ship, or any other."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable


class BundledLaws:
    """See `ports.laws.Laws`. A folder without facts or clocks of its own speaks of those that ship."""

    def __init__(self, top: Traversable | None = None, house: Traversable | None = None) -> None:
        self._top, self._house = top or files("custody_laws"), house

    def overlay(self) -> Mapping[str, str]:
        if self._house is None or not self._house.is_dir():
            return {}
        return {name: node.read_text(encoding="utf-8") for name, node in _walk(self._house, "") if "/" in name}

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
