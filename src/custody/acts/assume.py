"""Assumptions of a rehearsal: who is reached, who answers what, drawn from a seed (spec/demo.md).

Only a rehearsal home may use them, and everything so recorded is marked. A draw depends on the seed, the question and
the person's place in the source, never on a random id, so that the same seed gives the same figures.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import yaml

from custody.acts.desk import Desk
from custody.base.errors import Malformed, Refused
from custody.ports.store import Transaction

DEFAULT: Final = """\
# 演练的假设：谁会收到告知，谁会怎样答复。真实交易不用这个文件。
# Assumptions of a rehearsal: who is reached, who answers what. A real deal never uses this file.
seed: 20260316
shares_per_mille:          # 千分比 / per mille
  notice_delivered: 972
  consent_separate: 915
  consent_sensitive: 780
  consent_guardian: 700
  refused: 31
  objection_after_shipping: 12
matter_evidence:           # 视为已完成 / taken as done
  - basis.recorded
  - minimum.confirmed
  - pipia.done
  - contract.recipient
  - necessity.recorded
  - assessment.minors
residence_when_unknown: CN # 住所不明时 / where residence is not known
adult_when_age_unknown: false  # 年龄不明时视为成年 / hold a person of unknown age for grown up
regimes_assumed_clear: []  # 视为律师已确认的法域 / places whose law a lawyer is assumed to have cleared
"""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The file, read."""

    seed: int
    shares: Mapping[str, int]
    matter_evidence: tuple[str, ...]
    residence: str
    adults: bool = False
    clear: tuple[str, ...] = field(default=())

    def draw(self, question: str, place: str) -> bool:
        """Whether the person at `place` falls into the share of `question`."""
        digest = hashlib.sha256(f"{self.seed}|{question}|{place}".encode()).digest()
        return int.from_bytes(digest[:8]) % 1000 < self.shares.get(question, 0)


def read(desk: Desk, text: str) -> Assumptions:
    """Parse the file. Raises Refused `assume.real` outside a rehearsal, Malformed `assume.form`."""
    if not desk.rehearsal:
        raise Refused("assume.real", "Assumptions are for rehearsals only.", next="Record real answers instead.")
    try:
        value = cast("dict[str, Any]", yaml.safe_load(text))
        return Assumptions(
            int(value["seed"]),
            {str(name): int(share) for name, share in value["shares_per_mille"].items()},
            tuple(value["matter_evidence"]),
            str(value["residence_when_unknown"] or ""),
            bool(value.get("adult_when_age_unknown")),
            tuple(value.get("regimes_assumed_clear") or ()),
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(
            "assume.form", "The assumptions file is not of its form.", next="custody demo writes one."
        ) from error


def customers(tx: Transaction, vault: str) -> Iterator[tuple[bytes, str, str]]:
    """(subject, its place in the source, residence as known) of every live customer."""
    places: dict[bytes, str] = {}
    for row in tx.scan("record", order=("subject", "record"), vault=vault):
        places.setdefault(cast("bytes", row["subject"]), f"{row['schema']!s}:{row['row']!s}")
    for row in tx.scan("subject", order=("id",), vault=vault, kind="customer", state="live"):
        subject = cast("bytes", row["id"])
        yield subject, places.get(subject, ""), cast("bytes", row["facts"]).decode()
