"""Whose outcome changes between two versions of the packs: every case, every rule (spec/law.md §8)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from custody.law.cases import Case
from custody.law.check import check
from custody.law.pack import Packs, Rule


@dataclass(frozen=True, slots=True)
class Shift:
    """A rule whose answer on a case is another now. None is unknown; a rule that is not there does not fire."""

    case: Case
    rule: str
    old: bool | None
    new: bool | None


def shifts(old: Packs, new: Packs, cases: Iterable[Case]) -> Iterator[Shift]:
    """Every answer that changes."""
    for case in cases:
        before, after = _answers(old, case), _answers(new, case)
        for rule in sorted({*before, *after}):
            was, now = before.get(rule, False), after.get(rule, False)
            if was is not now:
                yield Shift(case, rule, was, now)


def _answers(packs: Packs, case: Case) -> Mapping[str, bool | None]:
    told = check(packs, {"deal.on_date": case.on.isoformat(), **case.facts}, case.regimes, case.on)
    return {**{rule.id: True for rule in told.fired}, **{rule.id: None for rule, _ in told.unknown}}


def texts_changed(old: Packs, new: Packs) -> dict[str, list[str]]:
    """Ids of rules that came, went, or say something else."""
    before, after = _by_id(old), _by_id(new)
    return {
        "added": sorted(set(after) - set(before)),
        "removed": sorted(set(before) - set(after)),
        "changed": sorted(one for one in set(before) & set(after) if before[one] != after[one]),
    }


def _by_id(packs: Packs) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {}
    for rule in sorted(packs.written, key=lambda one: one.start):
        found.setdefault(rule.id, []).append(_said(rule))
    return found


def _said(rule: Rule) -> tuple[object, ...]:
    """All that a text says, but not where it is written."""
    skipped = {"file", "line", "read", "when", "clocks"}
    plain = tuple(str(getattr(rule, name)) for name in rule.__slots__ if name not in skipped)
    return (*plain, _unlined(rule.when), tuple(_unlined(clock) for clock in rule.clocks))


def _unlined(value: object) -> str:
    """A predicate or clock without the lines it was read from."""
    names = getattr(value, "__slots__", ())
    if not names:
        return ",".join(_unlined(one) for one in value) if isinstance(value, tuple) else repr(value)
    return f"{type(value).__name__}({'; '.join(_unlined(getattr(value, name)) for name in names if name != 'line')})"
