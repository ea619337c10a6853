"""Where the texts of the law come from."""

from collections.abc import Mapping
from typing import Protocol


class Laws(Protocol):
    """Rule files and the schema of facts, as text."""

    def __hash__(self) -> int:
        """What was read of them is kept by this."""
        ...

    def rules(self) -> Mapping[str, str]:
        """{`place/instrument/file.yaml`: text}."""
        ...

    def overlay(self) -> Mapping[str, str]:
        """A house's own rules, in the same form; empty where there are none."""
        ...

    def signed(self) -> frozenset[str]:
        """Digests of a house's files that two people signed: these may loosen (spec/law.md §9)."""
        ...

    def cases(self) -> Mapping[str, str]:
        """Worked cases beside the rules."""
        ...

    def facts(self) -> str:
        """The schema of facts, `facts.yaml`."""
        ...

    def clocks(self) -> str:
        """Places, case-local facts and start events, `clocks.yaml`."""
        ...

    def contents(self) -> str:
        """What the items of papers are called and come from, `contents.yaml`."""
        ...

    def documents(self) -> str:
        """The kinds of papers, `documents.yaml`."""
        ...

    def sources(self) -> str:
        """Where the official texts of laws are published, `sources.yaml`."""
        ...

    def questions(self) -> str:
        """How people are asked for facts, `questions.yaml`."""
        ...

    def version(self) -> str:
        """A hash over all rule files, a house's own among them."""
        ...
