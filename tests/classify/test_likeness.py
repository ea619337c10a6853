"""Likeness: what a header that nobody listed is most like among the known words."""

from collections import Counter

import pytest

from custody.classify import lexicon, likeness


@pytest.mark.parametrize(("header", "cls"), [
    ("残余尿流", "person.health"), ("乳腺包块位", "person.health"), ("被欠贷", "finance.credit"), ("hemorrhagik", "person.health"), ("ap_materno", "name.family"),
])  # fmt: skip
def test_a_word_made_of_known_pieces_is_of_their_class(header, cls):
    """None of these is listed, each is made of pieces of words that are."""
    assert header not in {word for word, _ in lexicon.known()}
    found, share = likeness.best(header)
    assert (found, share >= 0.5) == (cls, True)


@pytest.mark.parametrize("header", ["字段5", "col_2", "x1", "qqzz"])
def test_a_header_that_says_nothing_is_like_nothing(header):
    """Stand-ins and letters that no known word has give no class."""
    assert likeness.classes_like(header) == {}
    assert likeness.best(header) == ("", 0.0)


def test_shares_add_up():
    """What a header is like is shared out among the classes."""
    assert sum(likeness.classes_like("血红压").values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "header", ["残余尿流", "Blood Sugar Lvl", "liabilityamt", "尿", "血糖", "客户mobile号", "no", "pers.nr", "ＡＢ金额"]
)
def test_pieces_are_counted_as_if_each_known_word_were_cut(header):
    """Sought in the text of all words, a piece is held by the same words as when every word is cut into its pieces."""
    cut = Counter[tuple[str, str]]()
    for word, cls in lexicon.known():
        cut.update({(piece, cls) for run in likeness._RUNS.findall(word) for piece in likeness._cut(run)})
    for piece in likeness._pieces(header):
        wanted = {cls: count for (one, cls), count in cut.items() if one == piece}
        assert likeness._model().held(piece) == wanted
