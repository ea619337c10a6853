"""The sample company: an invented bookshop that is being sold, generated at any size from a seed.

It knows nothing of the product it is fed to (docs/adr/0002). Everybody in it is invented; see docs/guide/sample.md.
"""

from custody_sample.assumptions import Answer, Question, answers, assumptions, objects_after_shipping, to_yaml
from custody_sample.company import AS_OF, BUYER, SELLER, Company
from custody_sample.facts import BrokenLine, SampleFacts
from custody_sample.write import MOST, SEED, generate

__all__ = [
    "AS_OF",
    "BUYER",
    "MOST",
    "SEED",
    "SELLER",
    "Answer",
    "BrokenLine",
    "Company",
    "Question",
    "SampleFacts",
    "answers",
    "assumptions",
    "generate",
    "objects_after_shipping",
    "to_yaml",
]
