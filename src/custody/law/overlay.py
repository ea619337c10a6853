"""House rules laid over the law: a home may only tighten what it is bound to (spec/law.md §9).

Rules only ever add reasons to hold back, so a house that adds rules tightens, whatever they say. What could loosen is
refused: to replace a rule, to stand in for the law of a place that is not loaded, to claim the confidence of law.
"""

from collections.abc import Mapping
from dataclasses import replace

from custody.law.faults import Faults
from custody.law.pack import Packs, load_rules


def laid_over(base: Packs, texts: Mapping[str, str], version: str) -> Packs:
    """The packs with a house's own rules. Raises Malformed `law.overlay` with every fault."""
    faults = Faults()
    own = load_rules(texts, base.schema, base.terms, faults)
    known = {rule.id for rule in base.rules}
    for rule in own:
        faults.file = rule.file
        if rule.id in known:
            faults.add(rule.line, f"{rule.id} is a rule of law: a house rule has an id of its own")
        if rule.regime not in base.regimes:
            faults.add(rule.line, f"{rule.id}: the law of {rule.regime} is not loaded, and a house rule is no law")
        if rule.confidence == "H":
            faults.add(rule.line, f"{rule.id}: a house rule has the confidence M or L")
    faults.stop("law.overlay", "Correct the house rules named; nothing was loaded.")
    return replace(base, rules=(*base.rules, *own), version=version)
