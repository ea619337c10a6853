"""What stands in for a lost root, by the journal: where the home is lost again before a rotation, it opens what its generation's backups hold, and somebody must ask about it (spec/vault.md §11, §21)."""

from dataclasses import dataclass, field
from typing import Final, cast

from custody.acts.restoring import Entry

LOSSES: Final = frozenset(("recovered", "restored", "root-lost"))
"""By what a root was lost; the opening says what took its place, where something did."""


@dataclass(slots=True)
class StoodIn:
    """Of each vault the last one that was not ordered to go since."""

    last: dict[str, tuple[int, str]] = field(default_factory=dict)
    """{vault: (generation, reference)}."""

    def told(self, entry: Entry) -> None:
        """The next entry of the journal."""
        if entry.kind in LOSSES and "now" in entry.detail:
            self.last[entry.vault] = cast("int", entry.says["g"]), str(entry.detail["now"])
        if entry.kind == "root-destroyed" and self.last.get(entry.vault, (0, ""))[0] == entry.says["g"]:
            del self.last[entry.vault]

    def left(self, vault: str, generation: int, ref: str) -> str:
        """What stood in for a root of the generation that came back, where `ref` is in force by now; '' where nothing else did."""
        of, last = self.last.get(vault, (0, ""))
        return last if of == generation and last != ref else ""
