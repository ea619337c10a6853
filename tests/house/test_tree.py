"""The tree says nothing of where it was made, keeps its files small, and its pages agree with each other."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400

# Written in two halves, so that this file holds none of what it looks for.
_HALVES = {
    "package index host": [
        ("pypi", r"\.org"),
        ("python", r"hosted\.org"),
        ("npm", r"js\.(org|com)"),
        ("deb\\.", "debian"),
        ("simple", "/index"),
        ("mirrors\\.", r"\w+\.(com|cn|org|edu)"),
        (r"tuna\.", "tsinghua"),
        ("extra-index", "-url"),
    ],
    "path of one machine": [
        (r"(^|[\s\"'`=(:])/", r"(work|root|opt|mnt|srv)/(?!homebrew)\w"),
        (r"/home", r"/(?!USER|you)\w"),
        ("/Use", r"rs/(?!USER|you)\w"),
        (r"\.py", r"env/"),
        ("bash_", "jobs"),
    ],
    "workplace word": [
        (r"\bissue", r"s? (#|no\.? ?)?\d"),
        (r"\bthe C", r"EO\b"),
        (r"\bsub-?", r"agents?\b"),
        (r"\b(this|another|later|next|last|earlier|previous) ", r"session\b"),
        (r"\bdesign\.", r"md\b"),
        (r"shared/", r"(design|style|research|law|ui|taxonomy|features|hooks)"),
        (r"\bcla", r"ude\b"),
        (r"\banth", r"ropic\b"),
        (r"\bbrief\.", r"md\b"),
    ],
}
FORBIDDEN = {
    kind: re.compile("|".join(f"({a}{b})" for a, b in halves), re.IGNORECASE) for kind, halves in _HALVES.items()
}
# Licence texts are other people's words and stay as they are.
UNTOUCHED = {"LICENSE"}


def tracked() -> list[Path]:
    """Every file of the repository; of an unpacked archive, every file that is not made by running it."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        words = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
        names = subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    made = {".venv", "__pycache__", "demo", "build", "dist"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not made.intersection(path.relative_to(ROOT).parts) and ".egg-info" not in str(path)
    ]


TRACKED = tracked()
PYTHON = [path for path in TRACKED if path.suffix == ".py"]


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_tells_where_it_was_made(kind: str):
    """No tracked file names an index host, a path of one machine or the way it was worked on."""
    found = []
    for path in TRACKED:
        if path.name in UNTOUCHED:
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        lines = enumerate(text.splitlines(), 1)
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}" for number, line in lines if hit(kind, line)
        ]
    assert not found, "\n".join(found)


def hit(kind: str, line: str) -> bool:
    """Whether the line holds what must not be there."""
    return FORBIDDEN[kind].search(line) is not None


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("package index host", "--index-url https://py" + "pi.org/simple"),
        ("path of one machine", 'open("/ro' + 'ot/x")'),
        ("path of one machine", "see /wo" + "rk/main"),
        ("workplace word", "as issue" + " #12 says"),
    ],
)
def test_the_search_finds_what_it_looks_for(kind: str, line: str):
    """The patterns above do find such lines."""
    assert hit(kind, line)


def test_source_files_stay_small():
    """No Python file under src is longer than 400 lines."""
    sizes = {path: len(path.read_bytes().splitlines()) for path in PYTHON if ROOT / "src" in path.parents}
    assert sizes
    assert not {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > LONGEST}


def test_every_file_parses_on_the_oldest_python():
    """All Python files are Python 3.11; run.py parses on 3.8, to say what is missing."""
    for path in PYTHON:
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 11))
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), "run.py", feature_version=(3, 8))


def test_every_test_states_its_fact():
    """Every test function has a docstring of one sentence."""
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in PYTHON
        if path.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not bare, "\n".join(bare)


def test_pages_that_are_named_exist():
    """Every page under spec/ and docs/ that a file names is there."""
    named = re.compile(r"\b((?:spec|docs)/[A-Za-z0-9_./-]+\.(?:md|json|yaml|py))\b")
    lost = set()
    for path in TRACKED:
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml"}:
            for name in named.findall(path.read_text(encoding="utf-8")):
                if not (ROOT / name).is_file():
                    lost.add(f"{path.relative_to(ROOT)} names {name}")
    assert not lost, "\n".join(sorted(lost))


def links(page: Path) -> list[str]:
    """The targets of a page's links, without their fragments."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)


def test_links_between_pages_lead_somewhere():
    """Every relative link of a Markdown page leads to a file of the repository."""
    lost = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in TRACKED
        if path.suffix == ".md"
        for target in links(path)
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not lost, "\n".join(lost)


@pytest.mark.parametrize("name", ["vault", "ledger", "package", "statements", "law"])
def test_every_format_has_its_specification(name: str):
    """Each format has a page of its own, with sections to cite."""
    text = (ROOT / "spec" / f"{name}.md").read_text(encoding="utf-8")
    assert re.search(r"^## ", text, re.MULTILINE)


def test_every_decision_is_indexed():
    """Every ADR is linked once from the index, under its own number, and says context, decision and consequences."""
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert records
    numbers = [path.name[:4] for path in records]
    assert len(set(numbers)) == len(numbers)
    for path in records:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
        assert index.count(f"({path.name})") == 1, path.name
        text = path.read_text(encoding="utf-8")
        assert re.search(r"^## (Context|Why)", text, re.MULTILINE), path.name
        assert re.search(r"^## Decision", text, re.MULTILINE), path.name
        assert re.search(r"^## Consequences", text, re.MULTILINE), path.name


def test_every_change_fragment_names_its_kind():
    """Each file of changelog.d is NAME.KIND.md with a kind that the folder's own page lists."""
    page = (ROOT / "changelog.d" / "README.md").read_text(encoding="utf-8")
    kinds = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    for path in (ROOT / "changelog.d").iterdir():
        if path.name != "README.md":
            name, kind, suffix = path.name.rsplit(".", 2)
            assert name
            assert kind in kinds
            assert suffix == "md"
