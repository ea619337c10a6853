"""Segments in a bucket: published once and whole, resumed where it broke off, gone with every version. Against a server in another process."""

import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custody.acts.schedule import Task
from custody.adapters.files.bucket_url import bucket
from custody.adapters.files.local import LocalFiles
from custody.adapters.files.routed import RoutedFiles
from custody.adapters.files.s3 import Bucket, S3Files
from custody.base.errors import CustodyError
from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.half import Half, Out
from custody.services.due import due
from custody.services.unfinished_due import unfinished_due
from tests.adapters.keys import parties
from tests.line.conftest import act, custody
from tests.running import port
from tests.vault.histories.world import World

pytestmark = pytest.mark.part("s3")
PART = 64 << 10
NAME = "vaults/main/segments/dmp_x.seg"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that speaks S3."""
    os.environ.update(
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="cn-north-1",
        S3_UPLOAD_PART_MIN_SIZE="1024",
    )
    with parties.kms(tmp_path_factory.mktemp("s3")) as (url, _):
        yield url


@pytest.fixture
def made(endpoint: str, tmp_path: Path) -> Bucket:
    """An empty bucket."""
    name = f"b-{secrets.token_hex(6)}"
    found = bucket(f"s3://{name}/home?region=cn-north-1&endpoint={endpoint}", tmp_path / "spool")
    found.client().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    return Bucket(found.client, name, found.prefix, found.spool, PART)


def refused(act_: Callable[[], object]) -> str:
    """The slug of the refusal."""
    with pytest.raises(CustodyError) as caught:
        act_()
    return caught.value.slug


def put(files: S3Files, data: bytes) -> None:
    """Write it as a segment is written."""
    with files.writer(NAME) as target:
        for start in range(0, len(data), 1 << 14):
            target.write(data[start : start + (1 << 14)])


@pytest.mark.parametrize("size", [0, 1, PART, PART + 1, 2 * PART + 12_345])
def test_what_is_written_is_there_whole_and_once(made: Bucket, size: int):
    """Read as a whole, from anywhere in it, and as a local path; a second writing of the name is refused and changes nothing."""
    files, data = S3Files(made), os.urandom(size)
    put(files, data)
    assert files.read(NAME) == data
    with files.open(NAME) as source:
        assert source.seek(0, os.SEEK_END) == size
        for place in (size // 2, 0, max(0, size - 7)):
            source.seek(place)
            assert source.read(100) == data[place : place + 100]
    with files.local(NAME) as path:
        assert path.read_bytes() == data
    assert files.list("vaults/main/segments") == [NAME]
    assert refused(lambda: put(files, b"other")) == "files.exists"
    assert files.read(NAME) == data
    assert refused(lambda: put(files, os.urandom(PART + 5))) == "files.exists"
    assert files.read(NAME) == data
    files.remove(NAME)
    assert (files.list(), refused(lambda: files.read(NAME))) == ([], "files.missing")
    assert list(made.spool.rglob("*")) == []


def test_what_breaks_off_leaves_nothing_under_the_name(made: Bucket):
    """A writer that ends with an exception publishes nothing."""

    def broken() -> None:
        with S3Files(made).writer(NAME) as target:
            target.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert S3Files(made).list() == []


def count_parts(made: Bucket, fails_at: int = 0) -> list[int]:
    """Note each part that is sent from now on; the part number `fails_at` is cut off once, as a network does it."""
    sent: list[int] = []

    def before(params, **_):
        sent.append(int(params["url_path"].count("") and params["query_string"]["partNumber"]))
        if len(sent) == fails_at:
            from botocore.exceptions import EndpointConnectionError  # noqa: PLC0415 - a part that may be absent

            raise EndpointConnectionError(endpoint_url="cut off")

    made.client().meta.events.register("before-call.s3.UploadPart", before, unique_id="count")
    return sent


def uncount(made: Bucket) -> None:
    made.client().meta.events.unregister("before-call.s3.UploadPart", unique_id="count")


def test_an_upload_that_breaks_off_goes_on_with_the_parts_that_are_there(made: Bucket):
    """Of four parts the third is cut off: parts one and two are not sent again."""
    data, sent = os.urandom(3 * PART + 99), count_parts(made, fails_at=3)
    put(S3Files(made), data)
    uncount(made)
    assert sent == [1, 2, 3, 3, 4]
    assert S3Files(made).read(NAME) == data


def killed_at_part(made: Bucket, number: int, data: bytes) -> None:
    """A process of its own is killed just before it sends this part."""
    child = os.fork()
    if child == 0:
        own = bucket(f"s3://{made.name}/home?region=cn-north-1&endpoint={made.client().meta.endpoint_url}", made.spool)

        def before(params, **_):
            if int(params["query_string"]["partNumber"]) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        client = own.client()
        client.meta.events.register("before-call.s3.UploadPart", before)
        put(S3Files(Bucket(lambda: client, own.name, own.prefix, own.spool, PART)), data)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def uploads(made: Bucket) -> int:
    """How many uploads are half sent."""
    return len(made.client().list_multipart_uploads(Bucket=made.name).get("Uploads", ()))


def test_what_a_killed_upload_left_is_swept_by_due_and_told(made: Bucket, tmp_path: Path):
    """Nothing lies under the name; the upload and its spool stay for a week, go with the next run after it, and the name is free."""
    data, world = os.urandom(3 * PART + 99), World(tmp_path / "world")
    home = RoutedFiles(LocalFiles(world.home), S3Files(made))
    desk = replace(world.desk, files=home)
    killed_at_part(made, 3, data)
    assert (home.list("vaults/main/segments"), uploads(made), len(list(made.spool.iterdir()))) == ([], 1, 1)
    half = world.home / "vaults" / "half.part"
    half.parent.mkdir()
    half.write_bytes(b"half")
    assert unfinished_due(desk) == {"unfinished": 0, "days": 7}
    assert (uploads(made), half.exists()) == (1, True)
    old = time.time() - timedelta(days=8).total_seconds()
    os.utime(half, (old, old))
    assert unfinished_due(desk)["unfinished"] == 1
    assert (uploads(made), half.exists()) == (1, False)
    # The server dates an upload itself, so that its week is shortened here.
    week_over = Task("unfinished", timedelta(days=1), lambda at: unfinished_due(at, timedelta(0)))
    told = due(desk, [week_over], dry_run=False)
    assert (told["ok"], told["tasks"][0]["did"]["unfinished"]) == (True, 2)
    assert (uploads(made), list(made.spool.iterdir())) == (0, [])
    put(S3Files(made), data)
    assert home.read(NAME) == data
    world.close()


def test_an_upload_of_a_killed_process_goes_on_when_its_bytes_are_the_same(made: Bucket):
    """And other bytes under the name take nothing of it."""
    data = os.urandom(2 * PART + 99)
    where = {"Bucket": made.name, "Key": made.prefix + NAME}
    upload = made.client().create_multipart_upload(**where, ChecksumAlgorithm="SHA256")["UploadId"]
    made.client().upload_part(**where, UploadId=upload, PartNumber=1, Body=data[:PART], ChecksumAlgorithm="SHA256")
    other = made.client().create_multipart_upload(
        Bucket=made.name, Key=made.prefix + "other.seg", ChecksumAlgorithm="SHA256"
    )
    sent = count_parts(made)
    put(S3Files(made), data)
    assert sent == [2, 3]
    assert S3Files(made).read(NAME) == data
    S3Files(made).remove(NAME)
    upload = made.client().create_multipart_upload(**where, ChecksumAlgorithm="SHA256")["UploadId"]
    made.client().upload_part(**where, UploadId=upload, PartNumber=1, Body=os.urandom(PART), ChecksumAlgorithm="SHA256")
    put(S3Files(made), data)
    uncount(made)
    assert sent == [2, 3, 1, 1, 2, 3]  # the first 1 is the foreign part, sent by this test itself
    assert S3Files(made).read(NAME) == data
    assert other["UploadId"]


def test_removing_takes_every_version_and_every_unfinished_upload(made: Bucket):
    """A bucket that keeps versions keeps none of these."""
    client = made.client()
    client.put_bucket_versioning(Bucket=made.name, VersioningConfiguration={"Status": "Enabled"})
    files = S3Files(made)
    put(files, b"first")
    client.create_multipart_upload(Bucket=made.name, Key=made.prefix + NAME)
    files.remove(NAME)
    told = client.list_object_versions(Bucket=made.name)
    assert (told.get("Versions", []), told.get("DeleteMarkers", [])) == ([], [])
    assert client.list_multipart_uploads(Bucket=made.name).get("Uploads", []) == []
    files.remove(NAME)


def test_a_bucket_that_does_not_answer_is_told_without_its_words(tmp_path: Path):
    """Nobody listens there: an error of the world that may pass."""
    away = bucket(f"s3://nowhere/x?region=cn-north-1&endpoint=http://127.0.0.1:{port()}", tmp_path)
    assert refused(lambda: S3Files(away).read(NAME)) == "files.out"
    assert refused(lambda: S3Files(away).write(NAME, b"x", secret=True)) == "files.remote"


@pytest.mark.parametrize("silent", [False, True], ids=["hangs up", "keeps silent"])
def test_a_bucket_that_hangs_up_is_told_as_one_that_does_not_answer(silent: bool, tmp_path: Path):
    """As a balancer does that lost its server: nothing of the client's own words, and it may be tried again."""
    import boto3  # noqa: PLC0415 - a part that may be absent
    from botocore.config import Config  # noqa: PLC0415 - the same

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_received, args=(listening, silent), daemon=True).start()
        told = Config(retries={"mode": "standard", "max_attempts": 1}, read_timeout=1)
        client = boto3.client(
            "s3", "cn-north-1", endpoint_url=f"http://127.0.0.1:{listening.getsockname()[1]}", config=told
        )
        assert refused(lambda: S3Files(Bucket(lambda: client, "b", "home/", tmp_path, PART)).read(NAME)) == "files.out"


def _received(listening: socket.socket, silent: bool) -> None:
    """Take each request, and answer none."""
    kept = []
    with suppress(OSError):  # the test is over
        while True:
            caller, _ = listening.accept()
            caller.recv(1 << 16)
            kept.append(caller) if silent else caller.close()


class _Lossy:
    """A client whose first answer to one call is lost on the way: what was asked was done."""

    def __init__(self, client: Any, call: str) -> None:
        self._client, self._call, self.lost = client, call, 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        return self._loses(real) if name == self._call and not self.lost else real

    def _loses(self, real: Callable[..., Any]) -> Callable[..., Any]:
        from botocore.exceptions import ConnectionClosedError  # noqa: PLC0415 - a part that may be absent

        def call(**told: Any) -> Any:
            real(**told)
            self.lost += 1
            raise ConnectionClosedError(endpoint_url="lost")

        return call


@pytest.mark.parametrize(("call", "size"), [("put_object", 100), ("complete_multipart_upload", 3 * PART + 99)])
def test_a_publication_whose_answer_is_lost_is_ours_all_the_same(made: Bucket, call: str, size: int):
    """What lies there is byte for byte what was to be published: nothing is sent twice, and no upload is left; other bytes are refused."""
    client, data = _Lossy(made.client(), call), os.urandom(size)
    lossy = Bucket(lambda: client, made.name, made.prefix, made.spool, PART)
    put(S3Files(lossy), data)
    assert client.lost == 1
    assert S3Files(made).read(NAME) == data
    assert uploads(made) == 0
    client.lost = 0
    assert refused(lambda: put(S3Files(lossy), os.urandom(size))) == "files.exists"
    assert S3Files(made).read(NAME) == data


@pytest.mark.parametrize("url", ["http://b/x", "s3:///x", "s3://b/x?secret=1", "s3://key:secret@b/x"])
def test_a_url_that_is_not_of_the_form_is_refused(url: str, tmp_path: Path):
    """Credentials do not belong into it."""
    assert refused(lambda: bucket(url, tmp_path)) == "files.url"


def test_only_segments_go_into_the_bucket(made: Bucket, tmp_path: Path):
    """Everything else stays in the home, whatever it is called."""
    files = RoutedFiles(LocalFiles(tmp_path / "home"), S3Files(made))
    files.write("keys/host.pass", b"secret", secret=True)
    files.write("vaults/main/note.txt", b"note")
    with files.writer(NAME) as target:
        target.write(b"sealed")
    assert S3Files(made).list() == [NAME]
    assert files.list() == ["keys/host.pass", "vaults/main/note.txt", NAME]
    assert files.read(NAME) == b"sealed"
    assert refused(lambda: files.path(NAME)) == "files.remote"
    assert refused(lambda: files.read("../x")) == "files.outside"


class InBucket:
    """A half whose home keeps its segments in a bucket from the beginning."""

    def __init__(self, half: Half, url: str) -> None:
        self._half, self._url = half, url

    def __getattr__(self, name: str) -> object:
        return getattr(self._half, name)

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        out = self._half.run(acting, *words, answers=answers)
        if words[0] == "init":
            config = self._half.home / "custody.toml"
            config.write_text(
                f'segments = "{self._url}{self._half.name}"\nregions = {{ "{self._url}{self._half.name}" = "CN" }}\n'
                + config.read_text(encoding="utf-8"),
                encoding="utf-8",
            )
        return out


def test_a1_the_line_runs_with_its_segments_in_a_bucket(made: Bucket, endpoint: str, tmp_path: Path):
    """Sealed, shipped, received, re-sealed, checked, backed up: no segment lies in either home, and everything verifies."""

    class Remote(Play):
        def __init__(self, where: Path, source: Path, assumptions: Path, seller: Half, buyer: Half) -> None:
            halves = [InBucket(half, f"s3://{made.name}/") for half in (seller, buyer)]
            super().__init__(where, source, assumptions, *halves)

    os.environ["AWS_ENDPOINT_URL_S3"] = endpoint
    try:
        where = tmp_path / "demo"
        Rehearsal(where, None, 40, "en", lambda _: None).run(Remote)
        assert not list(where.rglob("vaults/*/segments/*"))
        assert any(name.startswith("buyer/") for name in S3Files(Bucket(made.client, made.name, "", made.spool)).list())
        code, out = act(where, "buyer", "fanyuan", "vault", "check")
        assert (code, out["ok"]) == (0, True)
        code, out = act(where, "buyer", "fanyuan", "backup", "--to", tmp_path / "disk")
        assert (code, out["places"][0]["segments"]) == (0, out["places"][0]["copied"])
        cards = [
            word for half in ("seller", "buyer") for word in ("--trust", where / "handover" / "cards" / f"{half}.json")
        ]
        assert custody("verify", where / "handover", *cards)[0] == 0
    finally:
        del os.environ["AWS_ENDPOINT_URL_S3"]
