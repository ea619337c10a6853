"""C1: a form that is refused gives back what was typed into it."""

import re

from tests.web.company import Company


def test_c1_a_copy_that_is_refused_stands_as_it_was_typed(seller: Company):
    """A day that has passed is refused with 400; name, keeper, kind, day and purposes are there still; another form's page is empty."""
    officer = seller.visitor("zhouning")
    officer.get("/copies")
    typed = {"name": "shop's paper cards", "kind": "phone", "until": "2001-01-01", "keeper": "Aunt Li"}
    page = officer.post("/copies", do="declare", vault=officer.field("vault"), purpose=["contract"], **typed)
    assert (officer.status, "data-slug" in page) == (400, True)
    assert 'name="name" maxlength="120" value="shop&#x27;s paper cards"' in page
    assert 'name="keeper" maxlength="120" value="Aunt Li"' in page
    assert 'name="until" value="2001-01-01"' in page
    assert re.search(r'<option value="phone" selected>', page)
    assert re.search(r'name="purpose" value="contract" checked', page)
    assert "Aunt Li" not in officer.get("/copies")
