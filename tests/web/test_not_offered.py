"""A1: a page offers nobody what is always refused to them, calls people by their names, and keeps a table's files beside the table."""

import re
from pathlib import Path

import custody
from tests.web.company import DEAL, Company
from tests.web.roles import join

TEMPLATES = Path(custody.__file__).parent / "web" / "console" / "templates"


def test_a1_a_clerk_who_is_a_member_is_offered_no_step_of_the_deal(seller: Company):
    """Neither shipping nor facts nor the invitation; the data custodian, who ships, is offered that, and the lawyer, who confirms, too."""
    join(seller, "wenyuan", "department")
    page = seller.visitor("wenyuan").get(f"/deals/{DEAL}")
    assert f"/deals/{DEAL}/ship" not in page
    assert f'action="/deals/{DEAL}/invite"' not in page
    assert f'class="btn" href="/deals/{DEAL}/facts"' not in page
    assert f'action="/deals/{DEAL}/evidence"' not in page
    told = seller.visitor("wenyuan").get(f"/deals/{DEAL}/ship")
    assert 'data-slug="act.role"' in told
    assert "to supply what lacks" not in told, "whoever may not do it supplies nothing"
    for who in ("limo", "songwen"):
        assert f"/deals/{DEAL}/ship" in seller.visitor(who).get(f"/deals/{DEAL}"), who
    assert f'action="/deals/{DEAL}/invite"' in seller.visitor("suhe").get(f"/deals/{DEAL}")


def test_a3_what_a_rule_asks_for_is_in_the_readers_words(seller: Company):
    """A training by its name in the language of the page, in the sentence and in the table."""
    page = seller.visitor("zhouning").get("/access")
    assert re.search(r">Training Privacy<", page)
    visitor = seller.visitor("zhouning")
    visitor.headers["Accept-Language"] = "zh"
    assert re.search(r">培训 隐私保护<", visitor.get("/access"))


def test_c1_the_files_of_a_table_are_beside_it():
    """Below its last row, with no form and no other card between: on a long page nobody looks for them under the next form."""
    far = set()
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for one in re.findall(r'include "sheets.html" with of="([a-z]+)"', text):
            if f'data-sheet="{one}"' in text:
                table = text.index("</table>", text.index(f'data-sheet="{one}"'))
                between = text[table : text.index(f'include "sheets.html" with of="{one}"', table)]
                far |= {f"{path.name}: {one}"} if re.search(r'<form|class="card[ "]', between) else set()
    assert not far


def test_c1_a_refusal_on_a_page_of_its_own_says_what_its_code_is(seller: Company):
    """The sentence and the way on first; the code below is called one, for whoever is asked for help."""
    told = seller.visitor("suhe").get("/people/nobody-here/end")
    assert "Nobody here is called nobody-here" in told
    assert re.search(r'data-slug="principal.unknown">Code of this refusal: <span class="mono">principal.unknown<', told)
