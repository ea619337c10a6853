"""Subjects and signers as an envelope names them, before anything is believed."""

from collections.abc import Mapping

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.base.signing import Identity


def subject_digests(statement: Mapping[str, Json]) -> dict[str, str]:
    """{name: hex} of a statement's subjects. Raises Malformed `statement.subject`."""
    listed, found = statement.get("subject"), {}
    for one in listed if isinstance(listed, list) else [None]:
        digest = one.get("digest") if isinstance(one, dict) and set(one) == {"name", "digest"} else None
        told = digest.get("sha256") if isinstance(digest, dict) and set(digest) == {"sha256"} else None
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, str) or not isinstance(told, str) or len(told) != 64 or name in found:
            raise Malformed("statement.subject", "A subject of a statement is not of its form.")
        found[name] = told
    return found


def own_identity(body: Mapping[str, Json]) -> Identity | None:
    """The keys a predicate carries of its signer, if they are really those of the id it names."""
    told = body.get("identity")
    if told is None:
        return None
    found = Identity.from_json(told)
    return found if found.id == body.get("signer") else None
