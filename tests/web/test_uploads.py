"""What a form brings is limited by its kind, refused by what it announces before it is read, and in words; a full disk is no fault."""

import http.client
import os
import socket
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

from tests.web.serving import Served, found
from tests.web.test_attacks import SECRET
from tests.web.visitor import SESSION, Visitor

MB = 2**20


@pytest.fixture(scope="module")
def owner(served: Served) -> Visitor:
    return found(Visitor(served.base), served.first, SECRET)


def sent(owner: Visitor, path: str, size: int, lang: str = "en") -> tuple[int, str]:
    """(status, page) of a body that announces so much and ends after a kilobyte."""
    link = http.client.HTTPConnection(urllib.parse.urlsplit(owner.base).netloc, timeout=30)
    link.putrequest("POST", path)
    for name, value in {
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(size),
        "Accept-Language": lang,
        "Cookie": f"{SESSION}={owner.cookie(SESSION)}",
    }.items():
        link.putheader(name, value)
    link.endheaders(b"x" * 1024)
    link.sock.shutdown(socket.SHUT_WR)
    answer = link.getresponse()
    page = answer.read().decode()
    link.close()
    return answer.status, page


@pytest.mark.parametrize(
    ("path", "most"),
    [("/people/parties", MB), ("/check", 264 * MB), ("/access", 2 * MB), ("/nothing", 2 * MB), ("/data", 2050 * MB)],
)
def test_more_than_its_kind_is_refused_before_it_is_read(served: Served, owner: Visitor, path: str, most: int):
    """A card, files to check, a form without a file, no page at all, tables: by the length alone, and nothing of it lies on the disk."""
    before = set((served.home / "tmp").rglob("*"))
    status, page = sent(owner, path, max(most, 2 * MB) + 1)
    assert status == 413, page[:500]
    assert "console.too-large" in page
    assert "This is more than this form takes at once." in page
    assert set((served.home / "tmp").rglob("*")) == before


def test_it_is_said_in_the_readers_language(owner: Visitor):
    """With the size, and what to do."""
    _, page = sent(owner, "/data", 3 * 2**30, "zh-CN")
    assert "超过这张表单一次能收的大小" in page
    assert "2 GB" in page


def test_what_fits_is_read(owner: Visitor, tmp_path: Path):
    """A file of the size of its kind comes to its view, which judges it."""
    card = tmp_path / "party.json"
    card.write_bytes(b"x" * (MB - 64 * 1024))
    owner.get("/people/parties")
    assert 'data-slug="party.card"' in owner.upload("/people/parties", "card", card)


def test_fields_for_files_say_what_they_take(owner: Visitor):
    """A browser tells before it sends: a connection that is cut in the middle of gigabytes tells nothing."""
    assert f'data-most="{2050 * MB}"' in owner.get("/data")
    assert 'data-too="More than 2 GB: choose a smaller file."' in owner.page


FULL = """
import django
django.setup()
from custody.web.console import uploads
from django.test import RequestFactory
class Full(uploads.ToDisk):
    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file.file.close()
        self.file.file = open("/dev/full", "wb", buffering=0)
from django.core.files.uploadedfile import SimpleUploadedFile
request = RequestFactory().post("/data", {"before": "1", "files": SimpleUploadedFile("a.csv", b"x" * 200_000)})
request.upload_handlers = [Full(request)]
print(request.POST.get("before"), len(request.FILES), uploads.broken(request).slug)
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_told(tmp_path: Path):
    """What the system refuses to write is nobody's fault in the program: the request says why, and no half file is handed on."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    (tmp_path / "tmp").mkdir()
    done = subprocess.run([sys.executable, "-c", FULL], env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "1 0 console.no-room\n", done.stderr
