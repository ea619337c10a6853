"""Which cases come out otherwise between two versions of the packs (C1)."""

from collections.abc import Mapping

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.law.cases import Case, read_cases
from custody.law.compare import shifts, texts_changed
from custody.ports.laws import Laws


def law_diff(old: Laws, new: Laws) -> Mapping[str, Json]:
    """Run the cases of both versions against both. Raises Malformed when either does not load."""
    before, after = lawbook.packs(old), lawbook.packs(new)
    cases: dict[tuple[str, str], Case] = {}
    for laws, packs in ((old, before), (new, after)):
        cases |= {(case.place, case.name): case for case in read_cases(laws.cases(), packs)}
    found = list(shifts(before, after, cases.values()))
    told: list[Json] = [
        {"place": one.case.place, "case": one.case.name, "rule": one.rule, "old": one.old, "new": one.new}
        for one in found
    ]
    return {
        "old": before.version,
        "new": after.version,
        "rules": {name: list[Json](ids) for name, ids in texts_changed(before, after).items()},
        "cases": len(cases),
        "cases_changed": len({(one.case.place, one.case.name) for one in found}),
        "changes": told,
    }
