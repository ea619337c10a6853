"""G8: nobody is cleared by something unknown, and more prohibitions, refusals or places never clear more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as some

from custody.base.canonical import Json
from custody.cli.rehearsal.play import FACTS
from custody.law.check import flatten
from custody.law.gate import Case, Decision, Gate
from custody.law.pack import Packs
from custody.law.predicate import All
from custody.law.predicate import Test as Is

ON = date(2026, 4, 20)
PLAIN = {
    **FACTS,
    "data": {
        **FACTS["data"],
        "minors_u13": False,
        "minors_u14": False,
        "minors_u16": False,
        "minors_u18": False,
        "categories": ["general"],
    },
}
EVIDENCE = frozenset((
    "notice.delivered", "consent.separate", "consent.sensitive", "consent.guardian", "pipia.done", "contract.recipient", "necessity.recorded",
    "assessment.minors",
))  # fmt: skip
STRICT = {"hand_over": 0, "wait": 1, "withhold": 2, "retain_only": 3, "destroy": 4}
NAMES = sorted(f"{group}.{leaf}" for group, leaves in PLAIN.items() for leaf in leaves)
MINORS = frozenset(name for name in NAMES if name.startswith("data.minors_"))
_FLAGS = [
    name for name in NAMES if isinstance(PLAIN[name.split(".")[0]][name.split(".")[1]], bool) and name not in MINORS
]
# Ages hang together: nobody is under 14 and not under 16.
FLAGS = some.builds(
    frozenset.union, some.frozensets(some.sampled_from(_FLAGS), max_size=4), some.sampled_from([frozenset(), MINORS])
)
SOME_EVIDENCE = some.sampled_from(sorted(EVIDENCE))
PLACES = ("CN", "EU", "UK", "US", "JP", "XX")


def decide(packs: Packs, facts: Mapping[str, Json], case: Case) -> Decision:
    """The gate's word."""
    return Gate(packs, facts, ON).decide(case)


def whole(packs: Packs) -> dict[str, Json]:
    """The facts of a plain case, every one known."""
    return flatten(PLAIN, packs.schema)


def turned(facts: Mapping[str, Json], names: frozenset[str]) -> dict[str, Json]:
    """Facts with some yes and no turned round."""
    return {name: (not value if name in names else value) for name, value in facts.items()}


def test_a_plain_case_with_all_evidence_is_cleared(loaded: Packs):
    """Something can be cleared at all, so the properties below are not empty."""
    assert decide(loaded, whole(loaded), Case(("CN",), (), EVIDENCE)).verdict == "hand_over"


@settings(max_examples=60, deadline=None)
@given(
    flags=FLAGS,
    forgotten=some.frozensets(some.sampled_from(NAMES), max_size=6),
    lacking=some.frozensets(SOME_EVIDENCE, max_size=2),
)
def test_forgetting_a_fact_never_clears(
    loaded: Packs, flags: frozenset[str], forgotten: frozenset[str], lacking: frozenset[str]
):
    """Whoever is cleared while some facts are unknown is cleared when they are known, whatever they turn out to be."""
    facts, case = turned(whole(loaded), flags), Case(("CN",), (), EVIDENCE - lacking)
    known = {name: value for name, value in facts.items() if name not in forgotten}
    if decide(loaded, known, case).verdict == "hand_over":
        assert decide(loaded, facts, case).verdict == "hand_over"


@settings(max_examples=60, deadline=None)
@given(
    flags=FLAGS,
    name=some.sampled_from([*NAMES, "deal.hearing_at"]),
    verdict=some.sampled_from(["", "withhold", "retain_only", "destroy"]),
)
def test_one_more_prohibition_never_clears_more(loaded: Packs, flags: frozenset[str], name: str, verdict: str):
    """A rule that is added, with any condition over a known or unknown fact, leaves the verdict or makes it stricter."""
    facts = turned(whole(loaded), flags)
    when = All((Is(name, "is", facts.get(name, "2026-03-01T00:00:00Z")),))
    pattern = next(one for one in loaded.rules if (one.regime, one.kind, one.scope) == ("CN", "BLOCK", "subject"))
    extra = replace(pattern, id="CN-MADE", when=when, evidence=(), refused_by=(), verdict=verdict)
    more, case = replace(loaded, rules=(*loaded.rules, extra)), Case(("CN",), (), EVIDENCE)
    assert STRICT[decide(more, facts, case).verdict] >= STRICT[decide(loaded, facts, case).verdict]


@settings(max_examples=60, deadline=None)
@given(flags=FLAGS, held=some.frozensets(SOME_EVIDENCE), place=some.sampled_from(PLACES))
def test_a_refusal_or_one_more_place_never_clears_more(
    loaded: Packs, flags: frozenset[str], held: frozenset[str], place: str
):
    """An objection, a withdrawal, or the law of one more place, loaded or not, leaves the verdict or makes it stricter."""
    facts = turned(whole(loaded), flags)
    before = decide(loaded, facts, Case(("CN",), (), held)).verdict
    assert STRICT[decide(loaded, facts, Case(tuple(sorted({"CN", place})), (), held)).verdict] >= STRICT[before]
    for word in ("objection", "withdrawal", "consent.refused"):
        after = decide(loaded, facts, Case(("CN",), (), held | {word})).verdict
        assert STRICT[after] >= max(STRICT[before], STRICT["withhold"])


def test_nobody_is_cleared_without_a_place(loaded: Packs):
    """Where nobody knows where a customer lives, no evidence clears them."""
    assert decide(loaded, whole(loaded), Case((), (), EVIDENCE)).verdict == "withhold"
