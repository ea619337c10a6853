"""House rules laid over the law: a home tightens alone, and loosens only what two people have signed (spec/law.md §9).

Rules only ever add reasons to hold back, so a house that adds rules tightens, whatever they say. What could loosen is
refused unless its file was signed: to replace a rule of law, to claim the confidence of law, to be a ground by which people
are refused. To stand in for the law of a place that is not loaded is refused always.
"""

import hashlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from custody.law.faults import Faults
from custody.law.pack import Packs, Rule, load_rules, obliging, refusing


def digest(name: str, text: str) -> str:
    """What people sign of a house file: where it lies and what it holds."""
    return "sha256:" + hashlib.sha256(name.encode() + b"\0" + text.encode()).hexdigest()


def laid_over(base: Packs, texts: Mapping[str, str], signed: AbstractSet[str], version: str) -> Packs:
    """The packs with a house's own rules; `signed` are the digests that count. Raises Malformed `law.overlay` with every fault."""
    faults = Faults()
    own = tuple(replace(rule, house=True) for rule in load_rules(texts, base.schema, base.terms, faults))
    sure = {name for name, text in texts.items() if digest(name, text) in signed}
    places = {rule.id: rule.regime for rule in base.written}
    for rule in own:
        faults.file = rule.file
        for told in _faults(rule, places, base, signed=rule.file in sure):
            faults.add(rule.line, told)
    faults.stop("law.overlay", "Correct the house rules named; nothing was loaded.")
    replaced = {rule.id for rule in own}
    rules, grounds = ((*(one for one in shipped if one.id not in replaced), *made)
                      for shipped, made in ((base.rules, obliging(own)), (base.grounds, refusing(own))))  # fmt: skip
    return replace(base, rules=rules, grounds=grounds, version=version)


def _faults(rule: Rule, places: Mapping[str, str], base: Packs, *, signed: bool) -> Iterator[str]:
    if rule.regime not in base.regimes:
        yield f"{rule.id}: the law of {rule.regime} is not loaded, and a house rule is no law"
    if rule.id in places and rule.regime != places[rule.id]:
        yield f"{rule.id} is a rule of {places[rule.id]}"
    if rule.id in places and not signed:
        yield f"{rule.id} is a rule of law: to replace it loosens, which two people sign for ({_HOW}); else give it an id of its own"
    if rule.refuses and not signed:
        yield f"{rule.id}: by a ground people are refused what they ask for, so two people sign for one of the house's own ({_HOW})"
    if rule.confidence == "H" and not signed:
        yield f"{rule.id}: a house rule has the confidence M or L, or two people sign for it ({_HOW})"


_HOW = "custody law sign FILE"
