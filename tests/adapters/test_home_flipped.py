"""A5: `custody.toml` is held against nothing by `vault check`: a bit that was changed is refused by name when a home is opened, or is another setting (docs/threat-model.md)."""

from pathlib import Path

from custody.adapters import home as homes
from custody.base.errors import Malformed

TEXT = b"""v = 1
party = "pty_01ARZ3NDEKTSV4RRFFQ69G5FAV"
region = "CN"
rehearsal = false
host_passphrase_file = "keys/host.pass"
mirror = "/disk/mirror"
escrow = ["/disk/escrow"]
segments = "s3://bucket/prefix?region=cn-north-1"
key_provider = "passphrase-file"

[regions]
"/disk/mirror" = "CN"

[due]
backup = 24
"""


def opened(root: Path, text: bytes) -> homes.Home | None:
    """The home that this says; None where it is refused."""
    (root / homes.CONFIG).write_bytes(text)
    try:
        return homes.load(root)
    except Malformed as error:
        assert error.slug in {"home.config", "keys.config"}  # noqa: PT017 - what is not refused is compared
        return None


def test_every_flipped_bit_is_refused_or_another_setting(tmp_path: Path):
    """Each bit of a file with every kind of value in turn: no other fault comes of it, and none is passed over."""
    whole, silent = opened(tmp_path, TEXT), list[int]()
    assert whole is not None
    for place in range(len(TEXT)):
        for bit in range(8):
            changed = bytearray(TEXT)
            changed[place] ^= 1 << bit
            if opened(tmp_path, bytes(changed)) == whole:
                silent.append(place)
    assert silent == []
