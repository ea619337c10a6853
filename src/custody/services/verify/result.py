"""The answer of `custody verify` (docs/architecture.md §8), and its words in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from custody.base.canonical import Json
from custody.package.fault import Fault
from custody.services.verify.words import FAULTS, NOTES

MAX_LISTED: Final = 1000


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """`ok` when nothing is wrong. `trust` is `pinned` when trusted cards were given, and then only they count."""

    trust: str
    kind: str
    signers: tuple[str, ...]
    checked: Mapping[str, Json]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Nothing is wrong, and something was looked at."""
        return not self.faults

    def to_json(self, lang: str = "en") -> dict[str, Json]:
        """The JSON object, without its `v`."""
        listed: list[Json] = [_fault(one, lang) for one in self.faults[:MAX_LISTED]]
        return {
            "ok": self.ok,
            "trust": self.trust,
            "signers": list(self.signers),
            "kind": self.kind,
            "checked": dict(self.checked),
            "faults": listed,
            "faults_total": len(self.faults),
            "not_checked": [NOTES[one].of(lang) for one in self.notes],
            "not_checked_codes": list(self.notes),
        }


def _fault(fault: Fault, lang: str) -> dict[str, Json]:
    where: dict[str, Json] = {"file": fault.file, "row": fault.row, "byte": fault.byte}
    return {"class": fault.kind, "code": fault.code, "where": where, "text": FAULTS[fault.code].of(lang)}
