"""Requests as they come in, and what they are refused for."""

import pytest

from custody.base.errors import CustodyError

ASKED = {"kind": "correct", "channel": "desk", "proof": "in-person", "note": "住址改为解放路 1 号"}


def faults(act: object) -> str:
    with pytest.raises(CustodyError) as error:
        act()  # type: ignore[operator] # a function without parameters
    return error.value.slug
