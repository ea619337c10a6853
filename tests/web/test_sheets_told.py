"""Every table of the console as a file: the page's words in the reader's language, times in the reader's zone, all of a list and not its first page."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest

from tests.web.company import DEAL, Company
from tests.web.visitor import Visitor

PAGES = (
    "/", "/copies", "/data", "/quarantine", "/backups", "/residency", "/people", "/people/parties", "/ledger", "/access", "/access/policy",
    "/access/by/suhe", "/tokens", "/channels", "/campaigns", "/publications", "/requests", "/open-work", "/freshness", "/guardians", "/incidents", "/holds", "/due", "/laws",
    "/arrivals", *(f"/deals/{DEAL}{page}" for page in ("", "/said", "/papers", "/overrides", "/ends", "/releases", "/answers", "/duties", "/verdicts?verdict=wait")),
    f"/deals/{DEAL}/whatif?fact=buyer.jurisdiction&to=1&buyer.jurisdiction=US",
)  # fmt: skip
CODE = re.compile(r"[a-z]+(?:_[a-z]+)+|\d{4}-\d\d-\d\dT.*")  # a code of the core, or an instant of a machine


@pytest.fixture(scope="module")
def reader(seller: Company, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """An owner of their own: what they set for their window is nobody else's."""
    secret = tmp_path_factory.mktemp("taker") / "secret"
    secret.write_text("a passphrase of the taker", encoding="utf-8")
    secret.chmod(0o600)
    seller.told("suhe", "principal", "new", "taker", "--roles", "owner", "--new-passphrase-file", secret)
    made = Visitor(seller.served.base)
    made.sign_in("taker", "a passphrase of the taker")
    return made


def offered(page: str) -> list[tuple[str, str]]:
    """(link, name) of each sheet of a page."""
    return [(unescape(one), name) for one, name in re.findall(r'href="(\?[^"]*sheet=(\w+)&amp;as=csv)" download', page)]


def shown(page: str, name: str) -> list[str]:
    """The rows of a page's table as text."""
    table = page.partition(f'<table data-sheet="{name}"')[2].partition("</table>")[0]
    body = table.partition("</thead>")[2] or table
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in re.split(r"<tr[^>]*>", body)[1:] if "colspan" not in one]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_e5_a_sheet_says_what_the_page_says(reader: Visitor, path: str, lang: str):
    """Each table of the page: as many lines at least, in words of the same language, with no code that the page does not name, and no machine's time."""
    page = reader.get(f"/lang/{lang}?next={path.replace('&', '%26')}")
    links, visible = offered(page), unescape(re.sub(r"<[^>]+>", " ", page))
    assert links, path
    for link, name in links:
        heads, *rows = reader.sheet(path.partition("?")[0] + link.removesuffix("&as=csv"))
        assert len(rows) >= len(shown(page, name)), (path, name)
        told = [str(one) for row in [heads, *rows] for one in row]
        assert not [one for one in told if CODE.fullmatch(one) and one not in visible], (path, name)
        assert all(len(row) == len(heads) for row in rows), (path, name)
        assert any(re.search(r"[\u4e00-\u9fff]", str(head)) for head in heads) == (lang == "zh"), (path, name)


def test_e5_times_are_of_the_readers_zone_and_dates_are_dates(reader: Visitor):
    """The head says whose zone it is; a workbook holds the very moment, eight hours apart in China and in London's winter."""
    reader.get("/lang/en")
    told = {}
    for zone in ("Asia/Shanghai", "Etc/UTC"):
        reader.plant("custody_tz", zone)
        heads, *rows = reader.sheet("/ledger", "xlsx")
        when = heads.index(f"When ({zone})")
        told[zone] = {row[0]: row[when] for row in rows}
    first = min(told["Etc/UTC"], key=str)
    here, there = told["Asia/Shanghai"][first], told["Etc/UTC"][first]
    assert isinstance(here, datetime)
    assert here - there == timedelta(hours=8)
    reader.plant("custody_tz", "Asia/Shanghai")


def test_e5_all_deals_are_on_the_sheet_and_not_the_first_page(reader: Visitor, seller: Company):
    """More deals than a page holds."""
    for place in ("HK", "TW", "SG", "JP", "KR", "DE", "FR", "UK", "CH", "US", "CA"):
        seller.deal(deal={"structure": "merger"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": place})
    page = reader.get("/")
    heads, *rows = reader.sheet("/")
    assert len(rows) > len(shown(page, "deals")) == 10
    assert {row[heads.index("Reference")] for row in rows} >= {DEAL}


def test_e5_what_was_found_by_a_value_is_taken_without_it_in_an_address(reader: Visitor):
    """The form is posted again; nothing of the value is in the file's name or head."""
    page = reader.get("/customers")
    assert not offered(page)
    reader.post("/customers", value="nobody@example.com", by="", vault="")
    assert not offered(reader.page)
    reader.post("/customers", value="nobody@example.com", by="", vault="", **{"as": "csv"})
    assert reader.status == 200
    assert "text/html" in reader.said["Content-Type"]  # nobody was found, and there is no table to take


def test_e5_who_may_not_see_a_page_takes_no_sheet_of_it(seller: Company):
    """The sheet is the page's own answer."""
    visitor = seller.visitor("songwen")
    for path in ("/channels", "/tokens", "/backups"):
        visitor.get(path)
        page = visitor.status
        visitor.get(f"{path}?as=csv")
        assert (visitor.status, "text/csv" in visitor.said["Content-Type"]) == (page, page == 200), path
