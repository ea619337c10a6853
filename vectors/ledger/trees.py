"""Vectors of roots, inclusion, consistency and tiles over the leaves `leaf 0`, `leaf 1`, … (spec/ledger.md §2, §8, §9)."""

from seeds import Case

from custody.base import merkle
from custody.ledger.tiles import tiles as made

SIZES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33)
PAIRS = ((0, 7), (1, 1), (1, 2), (1, 8), (2, 5), (3, 7), (4, 7), (4, 8), (6, 8), (7, 7), (7, 16), (8, 33), (16, 17))
TILED = (1, 255, 256, 257, 513, 65_537)


def leaf(place: int) -> bytes:
    """The hash of leaf `place`."""
    return merkle.leaf_hash(f"leaf {place}".encode())


def some(size: int) -> list[bytes]:
    """The first `size` leaf hashes."""
    return [leaf(place) for place in range(size)]


def trees() -> Case:
    """Roots of growing trees, and proofs in them."""
    roots = [{"size": size, "root": merkle.root(some(size)).hex()} for size in SIZES]
    return {"roots": roots, "inclusion": _inclusion(), "consistency": _consistency()}


def _inclusion() -> list[Case]:
    cases: list[Case] = []
    for size in SIZES[1:]:
        for index in sorted({0, size // 2, size - 1}):
            proof = merkle.inclusion_proof(some(size), index)
            cases.append(_in(f"{index} of {size}", "holds", index, size, proof, merkle.root(some(size)), leaf(index)))
    proof, root = merkle.inclusion_proof(some(7), 5), merkle.root(some(7))
    bad = {
        "another leaf": (5, 7, proof, root, leaf(4)), "another place": (4, 7, proof, root, leaf(5)), "another size": (5, 9, proof, root, leaf(5)),
        "a node missing": (5, 7, proof[:-1], root, leaf(5)), "a node too many": (5, 7, [*proof, leaf(0)], root, leaf(5)), "nodes swapped": (5, 7, proof[::-1], root, leaf(5)),
        "beyond the end": (7, 7, proof, root, leaf(5)), "an older root": (5, 7, proof, merkle.root(some(6)), leaf(5)), "empty tree": (0, 0, [], merkle.EMPTY, leaf(0)),
    }  # fmt: skip
    return cases + [_in(name, "merkle.inclusion", *given) for name, given in bad.items()]


def _in(name: str, expect: str, index: int, size: int, proof: list[bytes], root: bytes, of: bytes) -> Case:
    told = {"index": index, "size": size, "proof": [one.hex() for one in proof], "root": root.hex(), "leaf": of.hex()}
    return {"name": name, "expect": expect, **told}


def _consistency() -> list[Case]:
    cases = [
        _con(f"{first} to {second}", "holds", first, second, merkle.consistency_proof(some(second), first))
        for first, second in PAIRS
    ]
    proof, forked = merkle.consistency_proof(some(7), 3), [*some(2), leaf(9)]
    bad = {
        "a node missing": (3, 7, proof[:-1]), "a node too many": (3, 7, [*proof, leaf(0)]), "nodes swapped": (3, 7, proof[::-1]),
        "sizes exchanged": (7, 3, proof), "from nothing, with a node": (0, 7, [leaf(0)]), "nothing between": (3, 7, []), "same size, with a node": (7, 7, [leaf(0)]),
    }  # fmt: skip
    cases += [_con(name, "merkle.consistency", *given) for name, given in bad.items()]
    cases.append(
        {**_con("a fork", "merkle.consistency", 3, 7, proof), "old": merkle.root(forked).hex()},
    )
    return cases


def _con(name: str, expect: str, first: int, second: int, proof: list[bytes]) -> Case:
    roots = {"old": merkle.root(some(first)).hex(), "new": merkle.root(some(second)).hex()}
    return {
        "name": name,
        "expect": expect,
        "first": first,
        "second": second,
        "proof": [one.hex() for one in proof],
        **roots,
    }


def tiles() -> Case:
    """Paths of all tiles of a tree, and a root over their contents, in the order of their paths."""
    cases = []
    for size in TILED:
        found = sorted(made(some(size)))
        listed = [{"path": path, "bytes": len(data)} for path, data in found]
        shown = (
            listed
            if size < 1000
            else [one for one in listed if ".p/" in one["path"] or not one["path"].startswith("tile/0/")]
        )
        root = merkle.root([merkle.leaf_hash(data) for _, data in found]).hex()
        cases.append({"name": str(size), "size": size, "tiles": shown, "count": len(listed), "content": root})
    return {"cases": cases}
