"""What operations of every kind share: the key that makes a write happen once, a deal in the address, how a fault is told."""

from typing import Annotated, Final

from ninja import Header, Path

from custody.web.api import shapes

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
DealRef = Annotated[shapes.Ref, Path()]
FAULTS: Final = {frozenset((400, 401, 403, 404, 409, 413, 422, 429, 503)): shapes.Problem}
