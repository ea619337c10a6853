"""In which country a place lies: as custody.toml declares it, else as far as the place itself says; '' when nobody said (spec/residency.md §2).

A folder of a disk of this host lies where the host does, and so does a database that this host answers for. A folder that
comes over a network and a database of another host lie nobody knows where, and a bucket where its region says, unless another
service answers for it: they are declared, or not used.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

MOUNTS: Final = Path("/proc/self/mounts")
_FAR: Final = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "9p", "davfs", "lustre", "beegfs")
)
_FAR_LEAD: Final = "fuse."
_FILE: Final = "sqlite:///"
_SERVER: Final = re.compile(r"postgres(ql)?://")
_HERE: Final = frozenset(("", "localhost", "127.0.0.1", "::1"))
_PORT: Final = 5432
_SCHEME: Final = re.compile(r"[a-z0-9]+://")
# Where the regions of the public clouds lie whose names say a country by themselves or by their operator's word.
_CLOUD: Final[Mapping[str, str]] = {
    "cn-north-1": "CN", "cn-northwest-1": "CN", "eu-central-1": "DE", "eu-west-3": "FR", "eu-west-2": "UK", "eu-west-1": "IE",
    "eu-central-2": "CH", "us-east-1": "US", "us-east-2": "US", "us-west-1": "US", "us-west-2": "US", "ca-central-1": "CA",
    "ap-northeast-1": "JP", "ap-northeast-3": "JP", "ap-northeast-2": "KR", "ap-southeast-1": "SG", "ap-southeast-2": "AU",
    "ap-southeast-4": "AU", "ap-south-1": "IN", "ap-south-2": "IN", "ap-east-1": "HK", "ap-east-2": "TW", "sa-east-1": "BR",
}  # fmt: skip


class Regions:
    """`own` is the region of the home; `declared` maps places, as `named` names them, to regions, the longest beginning counts."""

    def __init__(self, own: str, declared: Mapping[str, str], mounts: Path = MOUNTS) -> None:
        self._own, self._mounts = own, mounts
        self._declared = {named(place): said for place, said in declared.items()}

    def of_own(self, place: str, home: Path) -> str:
        """The region of a place that the home itself keeps something in.

        What lies in its folder lies where it does; so does, in a home that declares no place at all, what nobody spoke of.
        """
        lies = self.of(place)
        within = not _SCHEME.match(named(place)) and Path(named(place)).is_relative_to(home.resolve())
        return lies or (self._own if within or not self._declared else "")

    def of(self, place: str) -> str:
        """The region of a folder, a bucket's URL or a store's."""
        if _SERVER.match(place):
            return self._said(named(place)) or (self._own if _is_here(place) else "")
        told = urlsplit(place)
        if told.scheme == "s3":
            return self._said(f"s3://{told.netloc}{told.path}") or self._bucket(parse_qs(told.query))
        path = named(place)
        return self._said(path) or ("" if self._far(path) else self._own)

    def _said(self, name: str) -> str:
        met = [one for one in self._declared if name == one or name.startswith(one.rstrip("/") + "/")]
        return self._declared[max(met, key=len)] if met else ""

    def _bucket(self, query: Mapping[str, list[str]]) -> str:
        elsewhere = "endpoint" in query or any(one in os.environ for one in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"))
        return "" if elsewhere else _CLOUD.get(query.get("region", [""])[-1], "")

    def _far(self, path: str) -> bool:
        best, kind = "", ""
        try:
            lines = self._mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:  # not Linux: what was not declared counts as a disk of this host, and the specification says so
            return False
        for line in lines:
            _, at, filesystem, *_ = [*line.split(" "), "", "", ""]
            at = at.replace("\\040", " ")
            if len(at) >= len(best) and (path == at or path.startswith(at.rstrip("/") + "/")):
                best, kind = at, filesystem
        return kind in _FAR or kind.startswith(_FAR_LEAD)


def named(place: str) -> str:
    """How a place is called: a database by host, port and name, whoever signs in; a file by its path; a bucket as it is."""
    if _SERVER.match(place):
        return _database(place)
    return (
        place
        if _SCHEME.match(place) and not place.startswith(_FILE)
        else str(Path(place.removeprefix(_FILE)).resolve())
    )


def _database(url: str) -> str:
    try:
        told = urlsplit(url)
        host, port = told.hostname or "", told.port or _PORT
    except ValueError:  # no URL of a store: nothing is called so
        return url
    return f"postgresql://{f'[{host}]' if ':' in host else host}:{port}{told.path}".rstrip("/")


def _is_here(url: str) -> bool:
    """Whether a database answers on this host: by a socket, or to nobody else."""
    told = urlsplit(url)
    return "socket" in parse_qs(told.query) or (told.hostname or "") in _HERE
