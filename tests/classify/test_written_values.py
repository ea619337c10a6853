"""Numbers in every form that people write them, and numbers that look like them (values_written.txt; A2)."""

from collections import Counter

import pytest
from tests.classify.marked import lines, unmarked

from custody.classify.spans import find

CHECKED = ("id.cn_resident", "finance.card_number", "finance.bank_account", "org.cn_uscc")


@pytest.fixture(scope="module")
def counts():
    """{class: (right, wrong, missed)} over the whole file."""
    right, wrong, missed = Counter(), Counter(), Counter()
    for line in lines("values_written.txt"):
        text, wanted = unmarked(line)
        found = {(one.cls, one.start, one.end) for one in find(text)}
        right.update(one[0] for one in wanted & found)
        wrong.update(one[0] for one in found - wanted)
        missed.update(one[0] for one in wanted - found)
    return {cls: (right[cls], wrong[cls], missed[cls]) for cls in {*right, *wrong, *missed}}


@pytest.mark.parametrize("cls", CHECKED)
def test_numbers_with_check_digits_are_found_in_every_form(counts, cls):
    """Blanks, dashes, full width, brackets, words before and after: precision and recall of .99 and more."""
    right, wrong, missed = counts[cls]
    assert right / (right + wrong) >= 0.99
    assert right / (right + missed) >= 0.99


def test_numbers_of_other_patterns_are_found_in_every_form(counts):
    """Telephones, mails, passports, permits, plates, licences, networks: an F1 of .97 and more, class by class."""
    scores = {cls: 2 * right / (2 * right + wrong + missed) for cls, (right, wrong, missed) in counts.items()}
    assert {cls: score for cls, score in scores.items() if score < 0.97} == {}


@pytest.mark.parametrize("place", [0, 1])
def test_further_forms_are_found(place):
    """Forms written later than the rules: the half that was read, and the one that was not; check digits in all of them."""
    right, wrong, missed = Counter(), Counter(), Counter()
    for line in lines("values_forms.txt")[place::2]:
        text, wanted = unmarked(line)
        found = {(one.cls, one.start, one.end) for one in find(text)}
        for counter, spans in ((right, wanted & found), (wrong, found - wanted), (missed, wanted - found)):
            counter.update("checked" if one[0] in CHECKED else "other" for one in spans)
    assert wrong["checked"] == missed["checked"] == 0
    assert 2 * right["other"] / (2 * right["other"] + wrong["other"] + missed["other"]) >= 0.97
