"""Ailments: whether values name illnesses, complaints or medicines."""

from custody.classify import ailments

VALUES = [
    "急性阑尾炎",
    "bronchitis",
    "门店自提",
    "Ibuprofen 400",
    "高血压二级",
    "blue",
    "",
    "术后复查，血压偏高",
    "Gonarthrose",
    "A-102",
]


def test_the_share_of_a_sample_is_that_of_its_values():
    """Words are sought in the whole sample first; what each value is does not change by that."""
    told = [ailments.ill(one) for one in VALUES]
    assert 0 < sum(told) < len(told)
    assert ailments.share(VALUES) == sum(told) / len(told)
