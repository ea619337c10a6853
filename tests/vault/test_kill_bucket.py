"""A5, A8: acts of tests/vault/test_kill.py with their segments in a bucket: killed at any write of theirs, here or there, as it was or as it was to be.

The server of the bucket is another process and outlives the one that is killed, as a service does. Besides the points of
a disk, whoever is killed dies before or in the middle of each request that writes.
"""

import sys
from collections.abc import Iterator
from functools import cache, partial
from os import getpid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from custody.adapters.files.local import LocalFiles
from custody.adapters.files.routed import RoutedFiles
from custody.adapters.files.s3 import Bucket, S3Files
from custody.adapters.simulated.parties import WeatherFiles
from tests.adapters.keys import parties
from tests.points import Point, everywhere
from tests.vault.furnished import furnish, places
from tests.vault.histories.world import World
from tests.vault.plays import Fresh
from tests.vault.test_kill import killed_at
from tests.vault.test_kill import pytestmark as forks

pytestmark = [pytest.mark.part("s3"), forks]
NAME, REGION, PART = "kills", "cn-north-1", 1024
"""Parts so small that segments of a few customers go up in several."""
DAILY = ("seal", "compact")
PLAYED = ("seal", "revise", "erase", "erase a part", "compact", "renew", "backup", "restore")
"""What writes, reads or removes segments."""
READS = (b"GET ", b"HEAD ")


@cache
def client(_process: int, endpoint: str) -> Any:
    """One for each process: a connection must not be shared with a fork."""
    import boto3  # noqa: PLC0415 - a part that may be absent

    return boto3.client("s3", region_name=REGION, endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test")  # fmt: skip


class InBucket(World):
    """A world whose segments lie in a bucket, under the name of its folder."""

    def __init__(self, endpoint: str, root: Path, template: "InBucket | None" = None) -> None:
        self.endpoint = endpoint
        self.bucket = Bucket(lambda: client(getpid(), endpoint), NAME, f"{root}/".lstrip("/"), root / "spool", PART)
        if template is not None:
            self._copied(template.bucket)
        super().__init__(root, template, lasting=True)

    def _copied(self, other: Bucket) -> None:
        before, own = S3Files(other), S3Files(self.bucket)
        for one in before.list():
            own.write(one, before.read(one))

    def _files(self) -> WeatherFiles:
        return WeatherFiles(RoutedFiles(LocalFiles(self.home), S3Files(self.bucket)), self.weather, "home")

    def lose(self) -> None:
        """What lay in the bucket goes with the disk."""
        super().lose()
        files = S3Files(self.bucket)
        for one in files.list():
            files.remove(one)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Copies of a furnished world, each with a part of the bucket of its own."""
    with pytest.MonkeyPatch.context() as told:
        told.setenv("S3_UPLOAD_PART_MIN_SIZE", "64")
        told.setenv("MOTO_S3_DEFAULT_KEY_BUFFER_SIZE", str(1 << 20))  # else each part is an open file of the server
        with parties.kms(tmp_path_factory.mktemp("s3")) as (url, _), TemporaryDirectory() as folder:
            client(getpid(), url).create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": REGION})
            places(Path(folder) / "template")
            made = InBucket(url, Path(folder) / "template")
            furnish(made)
            assert S3Files(made.bucket).list()
            yield lambda ground: InBucket(url, ground, made)


def requests(point: Point) -> None:
    """At each point of the disk, and before each part of a request that writes."""
    everywhere(point)
    sys.addaudithook(partial(_heard, point))


def _heard(point: Point, name: str, told: tuple[Any, ...]) -> None:
    if name == "http.client.send" and not bytes(told[1] if isinstance(told[1], bytes | bytearray) else b"").startswith(
        READS
    ):
        point("request")


@pytest.mark.parametrize("name", DAILY)
def test_a5_an_act_on_a_bucket_that_is_killed_leaves_the_old_or_the_new_state(name: str, fresh: Fresh, tmp_path: Path):
    """At a seeded two of its points."""
    killed_at(name, 2, fresh, tmp_path, requests)


@pytest.mark.soak
@pytest.mark.parametrize("name", PLAYED)
def test_a5_every_point_of_an_act_on_a_bucket(name: str, fresh: Fresh, tmp_path: Path):
    """At every one."""
    killed_at(name, None, fresh, tmp_path, requests)


def test_the_segments_of_the_plays_go_up_in_parts(fresh: Fresh, tmp_path: Path):
    """So that a kill between two parts is among the points."""
    world = fresh(tmp_path)
    files = S3Files(world.bucket)  # type: ignore[attr-defined] # InBucket, as the fixture makes it
    with files.writer("vaults/main/segments/x.seg") as target:
        target.write(bytes(3 * PART))
    world.close()
    assert (
        client(getpid(), world.endpoint).head_object(
            Bucket=NAME, Key=world.bucket.prefix + "vaults/main/segments/x.seg", PartNumber=1
        )["PartsCount"]
        == 3
    )  # type: ignore[attr-defined]
