"""What a rule still lacks, in words; the code by which it is given stands beside: a paper to be filed, a fact to be amended."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from custody import wiring
from custody.acts.proofs import PROOFS
from custody.cli.labels import code
from custody.cli.verb import Result
from custody.cli.words import Words
from custody.services.law_facts import law_facts


def lacking(name: str, lang: str) -> str:
    """Evidence by its words, with the code where it is a paper; a fact by its name, with its code."""
    if name in PROOFS:
        return f"{code(name, lang)} ({name})"
    fact = facts().get(name)
    return f"{fact.of(lang)} ({name})" if fact else code(name, lang)


def lackings(names: list[str], lang: str) -> str:
    """Several in a line."""
    return _AND.of(lang).join(lacking(name, lang) for name in names)


@cache
def facts() -> Mapping[str, Words]:
    """What each fact of the law is called."""
    told: Result = law_facts(wiring.laws(), ())
    return {one["fact"]: Words(one["name"]["zh"], one["name"]["en"]) for one in told["facts"]}


_AND: Final = Words("、", ", ")
