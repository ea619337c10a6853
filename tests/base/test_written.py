"""What people type on one line: blanks of any width, signs of none."""

import pytest

from custody.base.written import written


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("张　三", "张 三"),
        (" José\u00a0 María ", "José María"),
        ("浙江省　杭州市\u200b西湖区", "浙江省 杭州市西湖区"),
        ("\ufeffAnna", "Anna"),
        ("two\nlines", "two\nlines"),
        ("欧阳监护\n", "欧阳监护"),
        ("欧阳监护 \r\n", "欧阳监护"),
    ],
)
def test_blanks_are_one_and_signs_without_width_are_none(typed: str, meant: str):
    """A line end within stays, so that whoever asks for one line refuses it."""
    assert written(typed) == meant
    assert written(meant) == meant
