"""Files in a bucket of S3 or what speaks like it: published once, never replaced (docs/guide/stores.md).

Rules: a name is published by one conditional write (`If-None-Match: *`), whole or not at all, with the service's own SHA-256
compared to ours; what is larger than a part goes up in parts, and an upload that broke off goes on with the parts that
are there while its process lives (what a killed one left is swept: its act begins again); removing takes every version and every unfinished upload of the name. Only ciphertext comes here.
"""

import base64
import hashlib
import io
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, NoReturn, cast

from custody.adapters.files.local import LocalFiles, swept
from custody.base.errors import CustodyError, Missing, Unavailable

PART: Final = 16 << 20
_BUFFER: Final = 1 << 20
_TRIES: Final = 4
_SPOOL: Final = ".spool"
_NOT_THERE: Final = frozenset(("404", "NoSuchKey", "NotFound", "NoSuchUpload"))
_THERE: Final = frozenset(("412", "PreconditionFailed", "ConditionalRequestConflict"))


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where in which bucket; `client` makes boto3's client of S3; `spool` is a folder of this host for what is on its way."""

    client: Callable[[], Any]
    name: str
    prefix: str
    spool: Path
    part: int = PART


class S3Files:
    """See `ports.files.Files`. A name that is there already is refused: `files.exists`."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket, self._spool = bucket, LocalFiles(bucket.spool)

    def path(self, name: str) -> NoReturn:
        raise Unavailable("files.remote", "This file lies in a bucket and has no path here.", where={"file": name})

    def read(self, name: str) -> bytes:
        with self.open(name) as source:
            return source.read()

    def open(self, name: str) -> BinaryIO:
        head = self._head(name)
        if head is None:
            raise _missing(name)
        return cast("BinaryIO", io.BufferedReader(_Ranges(self, name, int(head["ContentLength"])), _BUFFER))

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        held = self._held()
        try:
            with self.open(name) as source, self._spool.writer(held) as target:
                while block := source.read(_BUFFER):
                    target.write(block)
            yield self._spool.path(held)
        finally:
            self._spool.remove(held)

    def write(self, name: str, data: bytes, *, secret: bool = False) -> None:
        if secret:
            raise Unavailable("files.remote", "A secret does not go into a bucket.", where={"file": name})
        with self.writer(name) as target:
            target.write(data)

    @contextmanager
    def writer(self, name: str) -> Iterator[BinaryIO]:
        held = self._held()
        try:
            with self._spool.writer(held) as target:
                yield target
            self._publish(name, self._spool.path(held))
        finally:
            self._spool.remove(held)

    def list(self, prefix: str = "") -> Sequence[str]:
        found: list[str] = []
        lead = self._key(prefix.rstrip("/") + "/" if prefix else "")
        with _world():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket.name, Prefix=lead)
            for page in pages:
                found += [str(one["Key"])[len(self._bucket.prefix) :] for one in page.get("Contents", ())]
        return sorted(found)

    def remove(self, name: str) -> None:
        for one in (name, *self.list(name)):
            self._remove(one)

    def sweep(self, age: timedelta) -> int:
        before, gone = datetime.now(UTC) - age, swept(self._bucket.spool, f"{_SPOOL}*", age)
        where = {"Bucket": self._bucket.name}
        with _world():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(**where, Prefix=self._bucket.prefix)
            for one in [each for page in pages for each in page.get("Uploads", ())]:
                which = {**where, "Key": one["Key"], "UploadId": one["UploadId"]}
                if self._touched(which, one["Initiated"]) <= before:
                    self._client.abort_multipart_upload(**which)
                    gone += 1
        return gone

    # Inside.

    @property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes as it runs
        return self._bucket.client()

    def _key(self, name: str) -> str:
        LocalFiles(self._bucket.spool).path(name or "x")  # refuses what would leave the folder
        return self._bucket.prefix + name

    def _head(self, name: str) -> dict[str, Any] | None:
        try:
            with _world():
                return dict(self._client.head_object(Bucket=self._bucket.name, Key=self._key(name)))
        except Missing:
            return None

    def range(self, name: str, start: int, size: int) -> bytes:
        """Some bytes of a file."""
        span = f"bytes={start}-{start + size - 1}"
        with _world():
            told = self._client.get_object(Bucket=self._bucket.name, Key=self._key(name), Range=span)
            return bytes(told["Body"].read())

    def _publish(self, name: str, path: Path) -> None:
        sums = list(_sums(path, self._bucket.part))
        try:
            self._again(lambda: self._sent(name, path, sums), lambda: self._ours(name, sums))
        except Unavailable as error:
            if error.slug != "files.exists" or not self._ours(name, sums):
                raise
        head = self._head(name)
        if head is None or int(head["ContentLength"]) != path.stat().st_size:
            raise Unavailable(
                "files.readback", "The bucket does not hold what was written.", retry=True, next="Run it again."
            )

    def _sent(self, name: str, path: Path, sums: Sequence[bytes]) -> None:
        if len(sums) == 1:
            self._put(name, path.read_bytes(), sums[0])
        else:
            self._in_parts(name, path, sums)

    def _ours(self, name: str, sums: Sequence[bytes]) -> bool:
        """Whether what lies there is byte for byte what is being published: it was, and the answer was lost on the way."""
        head, part = self._head(name), self._bucket.part
        if head is None or not head["ContentLength"] or -(-int(head["ContentLength"]) // part) != len(sums):
            return False
        return all(hashlib.sha256(self.range(name, n * part, part)).digest() == one for n, one in enumerate(sums))

    def _put(self, name: str, data: bytes, digest: bytes) -> None:
        told = base64.b64encode(digest).decode()
        with _world():
            self._client.put_object(
                Bucket=self._bucket.name, Key=self._key(name), Body=data, IfNoneMatch="*", ChecksumSHA256=told
            )

    def _in_parts(self, name: str, path: Path, sums: Sequence[bytes]) -> None:
        where = {"Bucket": self._bucket.name, "Key": self._key(name)}
        with _world():
            upload = self._unfinished(name) or str(
                self._client.create_multipart_upload(**where, ChecksumAlgorithm="SHA256")["UploadId"]
            )
            there = self._parts(name, upload)
            parts: list[dict[str, Any]] = []
            with path.open("rb") as source:
                for number, digest in enumerate(sums, start=1):
                    told = base64.b64encode(digest).decode()
                    data = source.read(self._bucket.part)
                    known = there.get(number)
                    tag = (
                        known.tag
                        if known and known.holds(data, told)
                        else self._part(where, upload, number, data, told)
                    )
                    parts.append({"PartNumber": number, "ETag": tag, "ChecksumSHA256": told})
            self._client.complete_multipart_upload(
                **where, UploadId=upload, IfNoneMatch="*", MultipartUpload={"Parts": parts}
            )

    def _part(self, where: dict[str, str], upload: str, number: int, data: bytes, told: str) -> str:
        made = self._client.upload_part(**where, UploadId=upload, PartNumber=number, Body=data, ChecksumSHA256=told)
        return str(made["ETag"])

    def _parts(self, name: str, upload: str) -> dict[int, "_Part"]:
        """What an upload has, by number."""
        pages = self._client.get_paginator("list_parts").paginate(
            Bucket=self._bucket.name, Key=self._key(name), UploadId=upload
        )
        return {int(one["PartNumber"]): _Part(str(one["ETag"]), int(one["Size"]), str(one.get("ChecksumSHA256", "")))
                for page in pages for one in page.get("Parts", ())}  # fmt: skip

    def _touched(self, which: dict[str, str], begun: datetime) -> datetime:
        """When an upload was begun or given its newest part."""
        pages = self._client.get_paginator("list_parts").paginate(**which)
        times = [begun, *(one["LastModified"] for page in pages for one in page.get("Parts", ()))]
        return max(cast("list[datetime]", times))

    def _unfinished(self, name: str) -> str:
        return next(iter(self._uploads(name)), "")

    def _uploads(self, name: str) -> Sequence[str]:
        key = self._key(name)
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket.name, Prefix=key)
        return [str(one["UploadId"]) for page in pages for one in page.get("Uploads", ()) if one["Key"] == key]

    def _remove(self, name: str) -> None:
        where = {"Bucket": self._bucket.name, "Key": self._key(name)}
        with _world():
            for upload in self._uploads(name):
                self._client.abort_multipart_upload(**where, UploadId=upload)
            self._client.delete_object(**where)
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket.name, Prefix=where["Key"]
            )
            for page in pages:
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    if one["Key"] == where["Key"]:
                        self._client.delete_object(**where, VersionId=str(one["VersionId"]))

    def _again(self, act: Callable[[], None], done: Callable[[], bool]) -> None:
        """Go on where it broke off, a few times, unless it had ended."""
        for left in range(_TRIES - 1, -1, -1):
            try:
                return act()
            except Unavailable as error:
                if error.slug != "files.out" or not left:
                    raise
            if done():
                return None
        return None

    def _held(self) -> str:
        return f"{secrets.token_hex(16)}{_SPOOL}"


class _Part(NamedTuple):
    """A part that is there: its tag, size, and SHA-256 where the service tells it."""

    tag: str
    size: int
    told: str

    def holds(self, data: bytes, told: str) -> bool:
        """Whether it is these bytes. A service that tells no SHA-256 has the MD5 as its tag; the whole is compared at the end."""
        if self.size != len(data):
            return False
        return (
            self.told == told
            if self.told
            else self.tag.strip('"') == hashlib.md5(data, usedforsecurity=False).hexdigest()
        )


class _Ranges(io.RawIOBase):
    """A file of the bucket, read by ranges."""

    def __init__(self, files: S3Files, name: str, size: int) -> None:
        self._files, self._name, self._size, self._place = files, name, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - whatever a buffered reader lends
        wanted = min(len(buffer), self._size - self._place)
        if wanted <= 0:
            return 0
        data = self._files.range(self._name, self._place, wanted)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


def _sums(path: Path, part: int) -> Iterator[bytes]:
    """The SHA-256 of each part; one part where there is nothing."""
    with path.open("rb") as source:
        data = source.read(part)
        yield hashlib.sha256(data).digest()
        while data := source.read(part):
            yield hashlib.sha256(data).digest()


@contextmanager
def _world() -> Iterator[None]:
    """Errors of the service in words of ours, which repeat none of its own."""
    try:
        yield
    except CustodyError:
        raise
    except Exception as error:
        answer = getattr(error, "response", None) or {}  # of whoever hung up or kept silent there is None
        code = str(answer.get("Error", {}).get("Code", ""))
        if code in _NOT_THERE:
            raise _missing("") from error
        if code in _THERE:
            raise Unavailable("files.exists", "A file of this name is in the bucket already; nothing there is replaced.",
                              next="custody vault check, then run it again.") from error  # fmt: skip
        if type(error).__module__.split(".")[0] not in {"botocore", "boto3", "urllib3"}:
            raise
        raise Unavailable("files.out", "The bucket does not answer, or does not let us in.", retry=True,
                          next="Check endpoint, credentials and rights, then run it again.") from error  # fmt: skip


def _missing(name: str) -> Missing:
    return Missing("files.missing", "There is no such file in the bucket.", where={"file": name} if name else None)
