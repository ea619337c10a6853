"""`s3://BUCKET/PREFIX?region=…&endpoint=…`: where segments lie when not in the home. Credentials come the way AWS's own library finds them."""

import importlib
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from custody.adapters.files.s3 import Bucket
from custody.base.errors import Malformed, Unavailable

_KNOWN: Final = frozenset(("region", "endpoint"))


def bucket(url: str, spool: Path) -> Bucket:
    """The bucket a URL names. Raises Malformed `files.url`."""
    told = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(told.query).items()}
    if told.scheme != "s3" or not told.netloc or "@" in told.netloc or set(query) - _KNOWN:
        raise Malformed("files.url", "This is not the URL of a bucket.", next="s3://BUCKET/PREFIX?region=cn-north-1")
    prefix = told.path.strip("/")
    region, endpoint = query.get("region"), query.get("endpoint")
    return Bucket(lambda: _client(region, endpoint), told.netloc, f"{prefix}/" if prefix else "", spool)


@cache
def _client(region: str | None, endpoint: str | None) -> Any:  # noqa: ANN401 - boto3 makes its classes as it runs
    """One client for a process: making one takes longer than a request."""
    try:
        boto3, config = importlib.import_module("boto3"), importlib.import_module("botocore.config")
    except ImportError as error:
        raise Unavailable(
            "files.extra", "What speaks S3 is not installed.", next="pip install 'custody[aws]'"
        ) from error
    settings = config.Config(retries={"mode": "standard", "max_attempts": 3}, connect_timeout=10, read_timeout=60,
                             s3={"addressing_style": "path" if endpoint else "auto"})  # fmt: skip
    return boto3.client("s3", region_name=region, endpoint_url=endpoint, config=settings)
