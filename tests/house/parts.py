"""The parts of the outside world that some tests need, and whether this host has them.

A part is present when its program or library is here; the test that needs it starts its own instance, on this host
only. `python tests/house/parts.py` prints the names of those that are here, one per line; `--absent` the others.
"""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

# Programs that a package manager puts where an ordinary PATH does not look.
_ASIDE = (
    str(Path(sys.executable).parent),
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/opt/*/bin",
    "/usr/local/opt/*/bin",
)
_LIBRARIES = ("/usr/lib/softhsm", "/usr/lib/*/softhsm", "/usr/local/lib/softhsm", "/opt/homebrew/lib/softhsm")


def program(*names: str) -> str:
    """The path of the first of these programs that is here, else ''."""
    for name in names:
        found = shutil.which(name) or next((str(path) for aside in _ASIDE for path in _glob(f"{aside}/{name}")), "")
        if found:
            return found
    return ""


def library(name: str) -> str:
    """The path of a shared library that is not on the linker's path, else ''."""
    return next((str(path) for folder in _LIBRARIES for path in _glob(f"{folder}/{name}")), "")


def folder(path: str) -> str:
    """The path again if such a folder is here."""
    return path if Path(path).is_dir() else ""


def module(name: str) -> str:
    """The name again if Python can import it, else ''."""
    return name if importlib.util.find_spec(name) else ""


def _glob(pattern: str) -> list[Path]:
    # Newest version last by name, so it comes first here.
    return sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True)


# name -> (what people call it, what it takes: each must answer with something)
PARTS: dict[str, tuple[str, tuple[Callable[[], str], ...]]] = {
    "postgresql": ("PostgreSQL", (lambda: program("initdb"), lambda: module("psycopg"))),
    "mariadb": ("MariaDB", (lambda: program("mariadbd", "mysqld"),)),
    "softhsm": (
        "SoftHSM",
        (lambda: program("softhsm2-util"), lambda: library("libsofthsm2.so"), lambda: module("pkcs11")),
    ),
    "kms": ("AWS KMS, simulated", (lambda: module("moto"), lambda: module("boto3"), lambda: module("flask_cors"))),
    "openbao": ("OpenBao", (lambda: program("bao"),)),
    "s3": ("S3", (lambda: program("minio", "versitygw") or module("moto"),)),
    "smtp": ("SMTP", (lambda: module("aiosmtpd"),)),
    "sftp": ("SFTP", (lambda: program("sshd"),)),
    "browser": ("browser", (lambda: program("chromium", "google-chrome"), lambda: program("chromedriver"))),
    "axe": (
        "axe-core",
        (lambda: module("axe_playwright_python"),),
    ),  # one script of it; its own dependencies are not needed
    "java": ("Java", (lambda: program("java"),)),
    "age": ("age", (lambda: program("age"),)),
    "go": ("Go's notes", (lambda: program("go"), lambda: folder("/usr/share/gocode/src/golang.org/x/mod/sumdb/note"))),
}


def present(part: str) -> bool:
    """Whether everything this part takes is on this host."""
    return all(need() for need in PARTS[part][1])


if __name__ == "__main__":
    wanted = sys.argv[1:] != ["--absent"]
    sys.stdout.writelines(f"{part}\n" for part in PARTS if present(part) == wanted)
