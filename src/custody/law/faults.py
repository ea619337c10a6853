"""Faults of a file are gathered with their lines and told at once, never one by one (spec/law.md §4)."""

from dataclasses import dataclass, field

from custody.base.errors import Malformed


@dataclass(slots=True)
class Faults:
    """What is wrong in the files read so far."""

    file: str = ""
    found: list[tuple[str, int, str]] = field(default_factory=list)

    def add(self, line: int, text: str) -> None:
        """Note a fault of the current file."""
        self.found.append((self.file, line, text))

    def stop(self, slug: str, after: str) -> None:
        """Raise Malformed with every fault, sorted by file and line; nothing if there is none."""
        if self.found:
            told = "; ".join(f"{file}:{line}: {text}" for file, line, text in sorted(set(self.found)))
            raise Malformed(slug, told, next=after, where={"file": self.found[0][0], "line": self.found[0][1]})
