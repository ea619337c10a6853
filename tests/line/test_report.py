"""C9, B5: the report says what the summary says, in both languages, alone and without anybody's data."""

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from custody.cli.pages.charts import Bar, bars
from custody.services.certificate import algorithms, certificate_data


class _Text(HTMLParser):
    """Tags met, addresses named, and the text of each language."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text: dict[str, list[str]] = {"zh": [], "en": []}
        self._lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.links += [str(told[name]) for name in ("src", "href", "action", "style", "onclick") if name in told]
        if tag == "main":
            self._lang = str(told["lang"])

    def handle_data(self, data: str) -> None:
        if self._lang:
            self.text[self._lang].append(data)


def _read(played: Path) -> _Text:
    page = _Text()
    page.feed((played / "report.html").read_text(encoding="utf-8"))
    return page


def test_a_long_bar_holds_its_own_number():
    """On a narrow page the number of the longest bar is in sight; a short bar has it behind, and so has one with a note."""
    long, short, noted = (
        re.findall(r'class="val( on)?" x="([0-9.]+)"', bars([one], 100))[0]
        for one in (Bar("hand", "a", 91), Bar("hand", "b", 9), Bar("wait", "c", 91, "mostly"))
    )
    assert (long[0], short[0], noted[0]) == (" on", "", "")
    assert float(long[1]) < float(short[1]) + 40 < float(noted[1])


def test_the_report_stands_alone(played: Path):
    """No script, no address, no inline style or handler: it opens under the strictest content policy, offline."""
    page = _read(played)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert page.links == []
    text = (played / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"https?:(?!//www\.w3\.org/)", text)
    assert "default-src 'none'; style-src 'sha256-" in text


def test_c8_the_report_shows_the_figures_of_the_summary(played: Path, summary: dict):
    """Customers, verdicts, rows and every table's sum stand in both languages, and the difference is printed."""
    page = _read(played)
    for lang, parts in page.text.items():
        words = set("".join(f" {part} " for part in parts).split())
        figures = [
            summary["customers"],
            summary["handed_over"],
            *summary["by_verdict"].values(),
            summary["delivered_rows"],
        ]
        figures += [one[name] for one in summary["tables"] for name in ("rows", "delivered", "withheld", "quarantined")]
        assert {f"{one:,}" for one in figures} <= words, lang
        assert sum(one["rows"] for one in summary["quarantine"]) == summary["quarantined"]


def test_both_languages_are_whole(played: Path):
    """The Chinese half speaks Chinese, the English half has no Chinese but names of tables, files and companies."""
    page = _read(played)
    han = re.compile(r"[\u4e00-\u9fff]")
    assert len(han.findall("".join(page.text["zh"]))) > 500
    stray = [part for part in page.text["en"] if han.search(part)]
    named = re.compile(r"(customer_care\.|会员|核|验|通|过|偏好|订阅|工单|GB|、|《)")
    assert [part for part in stray if not named.search(part)] == []


def test_no_customer_stands_in_the_report(played: Path):
    """No name, telephone or identity number of the source is in the report or its summary."""
    papers = (played / "report.html").read_text(encoding="utf-8") + (played / "summary.json").read_text(
        encoding="utf-8"
    )
    with (played / "shop" / "会员.csv").open(encoding="gb18030", errors="replace", newline="") as source:
        for row in list(csv.reader(source))[1:]:
            assert not [cell for cell in row if len(cell) >= 8 and not re.match(r"\d{4}", cell) and cell in papers]


def test_c9_the_certificate_says_no_more_than_the_statement(summary: dict):
    """Its parts are those of the signed statement; a passphrase file never earns the word purge."""
    shown = certificate_data(summary)
    told = summary["certificate"]
    assert len(shown["attested"]) == len(told["attested"]) + 1
    assert len(shown["stays"]) == len(told["stays"])
    assert f"{told['proven']['shredded']:,}" in str(shown["proven"])
    assert "purge" not in str(shown).lower()
    assert summary["suites"] == [1]
    assert "（套件 1），不是国密算法" in str(shown["proven"])


def test_c9_the_page_names_the_root_of_the_hand_over_and_a_day_ahead_as_ahead(summary: dict):
    """Two roots wait for their service's day: each is told with its own, the newest first, and nothing is said to have been done on a day to come."""
    proven = {**summary["certificate"]["proven"], "generations": [{"g": 3, "effective_at": "2026-11-30T00:00:00Z", "backups": "g3"}, {"g": 4, "effective_at": "2026-12-06T00:00:00Z", "backups": "g4"}]}  # fmt: skip
    told = {**summary["certificate"], "proven": proven, "final_at": "2026-12-06T00:00:00Z"}
    shown = certificate_data({**summary, "certificate": told})
    roots = [row["value"] for row in shown["proven"] if row["en"] == "Root key"]
    assert [(one.split(" 代")[0], one.split("，")[1][:10]) for one in roots] == [
        ("第 4", "2026-12-06"),
        ("第 3", "2026-11-30"),
    ]
    assert "from 2026-12-06 on" in shown["say"]["en"]
    assert " on 2026-12-06." not in shown["say"]["en"]


def test_c9_what_opens_all_the_same_makes_the_page_partial_in_words(summary: dict):
    """Records under the seller's keys and a lost root: counted as what they are, in both languages, and on the first lines."""
    stays = [{"what": what, "why": ["WHY"], "count": 12} for what in ("seller-keys", "lost-root", "attested-root", "out-of-scope", "withheld-part", "retain-only", "held", "withheld")]  # fmt: skip
    told = {**summary["certificate"], "heading": "complete", "attested": [], "stays": stays}
    shown = certificate_data({**summary, "certificate": told})
    assert ("部分" in shown["title"]["zh"], "Partial" in shown["title"]["en"]) == (True, True)
    assert [row["value"] for row in shown["stays"]] == ["12 条", "12 个", "12 个", *["12 位"] * 5]
    assert not {one["what"] for one in stays} & {row[name] for row in shown["stays"] for name in ("zh", "en")}
    assert "whoever handed them over" in shown["say"]["en"]
    assert "丢失的根密钥" in shown["say"]["zh"]
    assert "copies are not yet" not in shown["say"]["en"]


@pytest.mark.parametrize(("used", "said"), [([1], True), ([1, 2], True), ([2], False)])
def test_e8_a_certificate_says_plainly_what_is_not_sm(used: list[int], said: bool):
    """Suite 1 is called not SM, also where a part is left in it; signatures and ledger are so called whatever the suite."""
    for text, plain, never in zip(
        algorithms(used), ("（套件 1）", "(suite 1)"), ("签名、", "signatures, "), strict=True
    ):
        assert (plain in text) is said
        assert never in text


def test_e8_the_report_says_what_is_not_sm(played: Path):
    """The page of a rehearsal names the suite and what of it is not SM."""
    assert "不是国密算法" in (played / "report.html").read_text(encoding="utf-8")


def test_c9_the_certificate_is_partial_while_a_copy_is_open(summary: dict):
    """Its title says so."""
    shown = certificate_data(summary)
    assert "部分" in shown["title"]["zh"]
