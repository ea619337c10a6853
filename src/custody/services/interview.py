"""The next question on given facts (C2, spec/law.md §11). What it answers with: `acts.interviewing.lead`."""

from collections.abc import Mapping
from datetime import date

from custody.acts.interviewing import lead
from custody.base.canonical import Json
from custody.ports.laws import Laws


def interview(laws: Laws, given: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """`given` are facts in groups, null for "don't know", and `regimes` once they are told. Raises Malformed `law.facts`, `law.regimes`."""
    return lead(laws, given, today)
