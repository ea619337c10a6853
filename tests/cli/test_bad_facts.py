"""Facts that are no facts: each file is refused by name and slug, and nothing is cleared by it (spec/law.md §2)."""

import json
from pathlib import Path

import pytest

from custody.cli.main import main

GOOD = '"regimes":["CN"]'


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict]:
    """How a command ended and what it printed as JSON."""
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


BAD = [
    ("", "cli.json"),
    ("[]", "cli.json"),
    ('{"regimes":["CN"', "cli.json"),
    ("[" * 100_000 + "]" * 100_000, "cli.json"),
    ('{"a":' * 50_000 + "1" + "}" * 50_000, "cli.json"),
    ('{"regimes":["CN"],"regimes":["EU"]}', "cli.json"),
    ('{"regimes":["CN"],"data":{"minors_u14":true,"minors_u14":false}}', "cli.json"),
    ('{"regimes":["CN"],"data":{"subjects_total":' + "9" * 6_000 + "}}", "law.facts"),
    ("{}", "law.regimes"),
    ('{"regimes":["cn"]}', "law.regimes"),
    ('{"regimes":["CN","CN"]}', "law.regimes"),
    ('{"regimes":"CN"}', "law.regimes"),
    (f'{{{GOOD},"data":[]}}', "law.facts"),
    (f'{{{GOOD},"data":{{"subjects_total":true}}}}', "law.facts"),
    (f'{{{GOOD},"data":{{"subjects_total":NaN}}}}', "law.facts"),
    (f'{{{GOOD},"data":{{"subjects_total":1e400}}}}', "law.facts"),
    (f'{{{GOOD},"data":{{"categories":["general","general"]}}}}', "law.facts"),
    (f'{{{GOOD},"deal":{{"on_date":"2026-02-30"}}}}', "law.facts"),
    (f'{{{GOOD},"deal":{{"on_date":"0001-01-01"}}}}', "law.facts"),
    (f'{{{GOOD},"deal":{{"structure":"\\ud800"}}}}', "law.facts"),
    (f'{{{GOOD},"incident":{{"discovered_at":"9999-12-31T23:59:59-12:00"}}}}', "law.facts"),
    (f'{{{GOOD},"incident":{{"discovered_at":"0001-01-01T00:00:00+14:00"}}}}', "law.facts"),
]


@pytest.mark.parametrize(("text", "slug"), [pytest.param(*one, id=str(number)) for number, one in enumerate(BAD)])
def test_bad_facts_are_refused_with_a_slug(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, slug: str):
    """Nothing that is malformed is a fault of custody, and nothing fires or stands open because of it."""
    (tmp_path / "facts.json").write_text(text, encoding="utf-8")
    code, answer = told(capsys, "law", "check", str(tmp_path / "facts.json"))
    assert (code, answer["error"]["slug"]) == (2, slug)
    assert "fired" not in answer


def test_half_a_million_wrong_names_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A flood of unknown facts is told in a sentence that a person can read."""
    (tmp_path / "facts.json").write_text(
        json.dumps({"regimes": ["CN"], "x": dict.fromkeys(map(str, range(100_000)), 1)})
    )
    _, answer = told(capsys, "law", "check", str(tmp_path / "facts.json"))
    assert answer["error"]["message"].endswith("; and 99950 more")
    assert len(answer["error"]["message"]) < 2_000


@pytest.mark.parametrize(
    ("rule", "event", "start", "slug"),
    [
        ("CN-NOPE", "discovered", "2026-03-16T22:30:00+08:00", "law.rule"),
        ("CN-INC-4H", "zzz", "2026-03-16T22:30:00+08:00", "law.event"),
        ("CN-INC-4H", "discovered", "2026-03-16T22:30:00", "clock.instant"),
        ("CN-INC-4H", "discovered", "9999-12-31T22:30:00+08:00", "clock.instant"),
        ("CN-INC-4H", "discovered", "0001-01-01T00:00:00+08:00", "clock.instant"),
        ("CN-ECOM-16", "stops_business", "0001-01-05T00:00:00+08:00", "clock.instant"),
        ("CN-RET-ACCT", "record_made", "9990-01-01T00:00:00+08:00", "clock.instant"),
    ],
)
def test_a_moment_out_of_reach_is_refused(
    capsys: pytest.CaptureFixture[str], rule: str, event: str, start: str, slug: str
):
    """A start that no calendar holds, or no rule counts from, is an error of the input."""
    code, answer = told(capsys, "law", "clock", rule, "--event", event, "--start", start)
    assert (code, answer["error"]["slug"]) == (2, slug)


def test_a_duty_is_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A duty of a wrong type is told, not passed over."""
    (tmp_path / "facts.json").write_text('{"duty": 3}')
    code, answer = told(
        capsys, "law", "clock", "UK-BASE", "--event", "aware", "--start", "2026-06-01T12:00:00Z",
        "--facts", str(tmp_path / "facts.json"),
    )  # fmt: skip
    assert (code, answer["error"]["slug"]) == (2, "law.facts")
