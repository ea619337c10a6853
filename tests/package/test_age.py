"""B4: what leaves in the age format opens with `age`, by the right key alone, and cannot be cut unseen."""

import hashlib
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.package.aged import opened

from custody.base.errors import Malformed
from custody.package.age import to_passphrase, to_recipient

KNOWN = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
"""A recipient that the documentation of age prints."""


@settings(max_examples=25)
@given(
    size=st.sampled_from([0, 1, 65535, 65536, 65537, 131072]) | st.integers(0, 200_000), passphrase=st.text(min_size=1)
)
def test_b4_a_passphrase_opens_it_whatever_its_size(size: int, passphrase: str):
    """Empty, one chunk exactly, one byte more: what went in comes out."""
    data = hashlib.shake_128(str(size).encode()).digest(size)
    assert opened(to_passphrase(data, passphrase, work=4), passphrase) == data


@pytest.mark.parametrize("cut", [1, 17, 65536 + 16])
def test_b4_a_cut_file_does_not_open(cut: int):
    """Bytes or a whole chunk missing at the end."""
    file = to_passphrase(b"a" * 131072, "word", work=4)
    with pytest.raises((InvalidTag, ValueError)):
        opened(file[:-cut], "word")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "age1",
        KNOWN[:-1],
        KNOWN[:-1] + "q",
        KNOWN.replace("ql3", "ql4"),
        "AGE1" + KNOWN[4:],
        KNOWN + "\nage1",
        "ssh-ed25519 AAAA",
        "bge1" + KNOWN[4:],
    ],
)
def test_b4_what_is_no_recipient_is_refused(wrong: str):
    """Cut, mistyped, of mixed case, of another kind."""
    with pytest.raises(Malformed) as refused:
        to_recipient(b"x", wrong)
    assert refused.value.slug == "age.recipient"


def test_b4_a_known_recipient_is_read_in_either_case():
    """Bech32 allows small or capital letters, not both."""
    assert to_recipient(b"x", KNOWN).startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert to_recipient(b"x", KNOWN.upper()).startswith(b"age-encryption.org/v1\n-> X25519 ")


@pytest.mark.part("age")
def test_b4_age_itself_opens_it(tmp_path: Path):
    """Both kinds, by the program that people have."""
    data = os.urandom(150_000)
    subprocess.run(["age-keygen", "-o", "key"], cwd=tmp_path, check=True, capture_output=True)
    shown = subprocess.run(["age-keygen", "-y", "key"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    (tmp_path / "to-key.age").write_bytes(to_recipient(data, shown.strip()))
    done = subprocess.run(["age", "-d", "-i", "key", "to-key.age"], cwd=tmp_path, check=True, capture_output=True)
    assert done.stdout == data
    (tmp_path / "to-word.age").write_bytes(to_passphrase(data, "correct-horse", work=14))
    assert typed(tmp_path, "correct-horse") == data


def typed(where: Path, passphrase: str) -> bytes:
    """`age -d` asks at a terminal: here is one."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(where)
        os.execv(shutil.which("age") or "age", ["age", "-d", "-o", "out", "to-word.age"])
    asked = b""
    while b":" not in asked:
        asked += os.read(terminal, 1024)
    os.write(terminal, passphrase.encode() + b"\n")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(terminal)
    return (where / "out").read_bytes()
