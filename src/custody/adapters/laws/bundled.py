"""The packs that ship as `custody_laws`."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable


class BundledLaws:
    """See `ports.laws.Laws`."""

    def rules(self) -> Mapping[str, str]:
        return {name: text for name, text in self._texts.items() if "/cases/" not in name}

    def cases(self) -> Mapping[str, str]:
        return {name: text for name, text in self._texts.items() if "/cases/" in name}

    def facts(self) -> str:
        return (files("custody_laws") / "facts.yaml").read_text(encoding="utf-8")

    def clocks(self) -> str:
        return (files("custody_laws") / "clocks.yaml").read_text(encoding="utf-8")

    def version(self) -> str:
        digest = hashlib.sha256()
        for name, text in sorted(self.rules().items()):
            digest.update(name.encode() + b"\0" + text.encode() + b"\0")
        return "sha256:" + digest.hexdigest()

    @cached_property
    def _texts(self) -> dict[str, str]:
        top = files("custody_laws")
        return {name: node.read_text(encoding="utf-8") for name, node in _walk(top, "") if "/" in name}


def _walk(node: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for child in sorted(node.iterdir(), key=lambda one: one.name):
        if child.is_dir():
            found += _walk(child, f"{prefix}{child.name}/")
        elif child.name.endswith(".yaml"):
            found.append((prefix + child.name, child))
    return found
