"""Ledgers, checkpoints and proofs: against themselves first, then for `links` to hold against everything else."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError
from custody.base.signing import Identity
from custody.ledger import checkpoint, log
from custody.ledger import part as partial
from custody.ledger.checkpoint import Checkpoint
from custody.ledger.entry import STEP, parse
from custody.package import folder, proof
from custody.package.accounted import Erasures
from custody.package.lines import Lines
from custody.package.release import LogHead
from custody.services.verify.case import Case, LedgerFound
from custody.services.verify.inputs import LEDGER, LEDGER_KEYS, PART, Item, is_part

_LARGE: Final = 1 << 30
_LOOKS: Final = frozenset(("revealed", "reveal-refused"))
_BESIDE: Final = frozenset(("request-read", "guardian-paper-seen", "letter-addressed", "data-exported"))
"""Looks at what lies beside somebody's records; those of before were not decided, and no account of then lists them."""
_STEP: Final = f'"kind":"{STEP}"'.encode()
_HASHES: Final = re.compile(rb"(?:[0-9a-f]{64}\n)*")


def keys_beside(item: Item) -> Identity | None:
    """The keys that lie beside an exported ledger, if they do and are keys."""
    try:
        return Identity.from_json(canonical.decode(folder.small(item.path / LEDGER_KEYS)))
    except CustodyError:
        return None


def check_ledger(case: Case, item: Item) -> None:
    """Check an exported ledger, or a part of one; what holds joins the case."""
    part = is_part([name for name in (LEDGER[0], PART[0]) if (item.path / name).exists()])
    names = PART if part else LEDGER
    lines, hashes, note = _lines(case, item.under(names[0])), *(_read(case, item.under(name)) for name in LEDGER[1:])
    if lines is None or hashes is None or note is None:
        return
    listed = _hashes(case, item, hashes)
    head, signer = _note(case, item.under("checkpoint.txt"), note)
    _keys(case, item, signer)
    given = _given(case, item, signer) if part else None
    if part and given is None:
        return
    if not lines.whole:
        case.fault("malformed", "ledger.form", item.under(names[0]), len(lines))
        return
    if listed is None:
        return
    found = partial.check(lines, listed, head, given) if part else log.check(lines, listed, head)
    for one in found:
        name = "hashes.txt" if _blames_hashes(one, lines, head) else names[0]
        case.fault(one.kind, "ledger.row", item.under(name), one.number if one.number >= 0 else None)
    if not found and head is not None:
        _joins(case, item, lines, listed, head, signer, part=part)


def _given(case: Case, item: Item, signer: str) -> Checkpoint | None:
    """What its signer says of a part: how many entries, and which."""
    place = item.under(PART[-1])
    data = _read(case, place)
    if data is None:
        return None
    head, by = _note(case, place, data)
    if signer and by and by != signer:
        case.fault("signature", "checkpoint.signature", place)
    return head


def _blames_hashes(one: log.LogFault, lines: Sequence[bytes], head: Checkpoint | None) -> bool:
    return one.number < 0 or (one.kind == "altered" and _sound(lines, one.number, head))


def _joins(
    case: Case, item: Item, lines: Lines, listed: Sequence[bytes], head: Checkpoint, signer: str, *, part: bool
) -> None:
    named, kinds = (frozenset(_said(line, word) for line in lines) for word in ("sha256", "statement"))
    last = str(parse(lines[-1])["at"]) if lines else ""
    sums = list(shredded(lines, listed))
    for number, says, parts in sums:
        if says != parts:
            case.fault("chain", "ledger.shredded", item.under(PART[0] if part else LEDGER[0]), number)
    told = frozenset(parts for _, _, parts in sums)
    case.ledgers.append(
        LedgerFound(
            item,
            head.origin,
            tuple(listed),
            named,
            last,
            signer,
            kinds,
            _looks(lines),
            told,
            part,
            tuple(_ahead(lines)),
        )
    )
    if part:
        case.notes.add("part")
        _remember(case, item, head, signer)


def _ahead(lines: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    """Of each step back in time: the instants of the first and the last entry that it goes over, of those that are given."""
    for line in lines:
        if _STEP not in line or (told := parse(line))["kind"] != STEP:
            continue
        says = cast("Mapping[str, Json]", told["says"])
        since, was = says.get("since"), str(says["was"])
        if isinstance(since, int):
            yield next((str(one["at"]) for one in map(parse, lines) if cast("int", one["n"]) >= since), was), was


def shredded(lines: Sequence[bytes], hashes: Sequence[bytes]) -> Iterator[tuple[int, Erasures, Erasures]]:
    """Of each act that shredded slots in parts: (the entry that sums it up, what that says, what its parts come to)."""
    trees: dict[str, tuple[merkle.Frontier, int]] = {}
    for number, line in enumerate(lines):
        told = parse(line) if b'"act":' in line else {}
        says = told.get("says")
        if not isinstance(says, dict):
            continue
        act, slots = str(says.get("act")), says.get("slots")
        tree, count = trees.get(act, (merkle.Frontier(), 0))
        if told["kind"] == "erased" and isinstance(slots, int):
            tree.append(hashes[cast("int", told["n"])])
            trees[act] = tree, count + slots
        elif told["kind"] == "shredded":
            parts, root = says.get("parts"), str(says.get("root"))
            said = Erasures(parts if isinstance(parts, int) else -1, slots if isinstance(slots, int) else -1, root)
            yield number, said, Erasures(tree.size, count, tree.root().hex())


def check_checkpoint(case: Case, item: Item) -> None:
    """A lone checkpoint: signed by one whose keys count, and remembered."""
    data = _read(case, item)
    if data is not None:
        _remember(case, item, *_note(case, item, data))


def check_proof(case: Case, item: Item, envelope: str, signer: str) -> None:
    """A tlog-proof: its entry names `envelope`, its checkpoint is `signer`'s, its path holds."""
    data = _read(case, item)
    if data is None:
        return
    try:
        made = proof.decode(data)
        says = parse(made.entry)["says"]
    except CustodyError:
        case.fault("malformed", "proof.form", item)
        return
    if not isinstance(says, dict) or says.get("sha256") != envelope:
        case.fault("chain", "proof.entry", item)
    head, found = _note(case, item, made.checkpoint.encode())
    if head is None:
        return
    if found != signer:
        case.fault("signature", "proof.signer", item)
    try:
        proof.check(made, head.size, head.root)
    except Broken:
        case.fault("chain", "proof.path", item)
    _remember(case, item, head, found)


def agree(case: Case) -> None:
    """No two heads of one ledger may contradict each other, or a whole ledger that is given."""
    known = {one.origin: one for one in sorted(case.ledgers, key=lambda one: len(one.hashes))}
    seen: dict[tuple[str, int], str] = {}
    for label, head in case.heads:
        full = known.get(head.origin)
        if full is None or head.size > len(full.hashes):
            case.notes.add("ledger")
        elif merkle.root(full.hashes[: head.size]).hex() != head.root:
            case.blame("chain", "checkpoint.split", label)
        if seen.setdefault((head.origin, head.size), head.root) != head.root:
            case.blame("chain", "checkpoint.split", label)


def _keys(case: Case, item: Item, signer: str) -> None:
    if not (item.path / LEDGER_KEYS).exists():
        return
    beside = keys_beside(item)
    if beside is None:
        case.fault("malformed", "ledger.form", item.under(LEDGER_KEYS))
    elif signer and beside.id != signer:
        case.fault("altered", "ledger.keys", item.under(LEDGER_KEYS))


def _remember(case: Case, item: Item, head: Checkpoint | None, _signer: str) -> None:
    if head is not None:
        case.heads.append((item.label, LogHead(head.origin, head.size, head.root.hex())))


def _note(case: Case, item: Item, data: bytes) -> tuple[Checkpoint | None, str]:
    """(what the note says, who signed it); a fault and no signer unless one whose keys count did."""
    try:
        text = data.decode("utf-8")
        said = checkpoint.peek(text)
    except (CustodyError, UnicodeDecodeError):
        case.fault("malformed", "checkpoint.form", item)
        return None, ""
    for identity in case.identities.values():
        try:
            checkpoint.open_note(text, identity)
        except CustodyError:
            continue
        case.used.add(identity.id)
        return said, identity.id
    case.fault("signature", "checkpoint.signature", item)
    return said, ""


def _read(case: Case, item: Item) -> bytes | None:
    try:
        data = folder.small(item.path, _LARGE)
    except Broken as error:
        case.fault(error.kind, "file.missing" if error.kind == "missing" else "file.unreadable", item)
        return None
    case.files, case.bytes = case.files + 1, case.bytes + len(data)
    return data


def _lines(case: Case, item: Item) -> Lines | None:
    """As `_read`, of a file that is larger than memory should hold."""
    try:
        made = Lines(item.path, _LARGE)
    except Broken as error:
        case.fault(error.kind, "file.missing" if error.kind == "missing" else "file.unreadable", item)
        return None
    case.files, case.bytes = case.files + 1, case.bytes + made.bytes
    return made


def _hashes(case: Case, item: Item, data: bytes) -> list[bytes] | None:
    if _HASHES.fullmatch(data):
        return [bytes.fromhex(data[place : place + 64].decode()) for place in range(0, len(data), 65)]
    lines = data.split(b"\n")
    row = next((row for row, line in enumerate(lines) if not re.fullmatch(rb"[0-9a-f]{64}", line)), 0)
    kind = "altered" if len(lines[row]) == 64 else "malformed"
    case.fault(kind, "ledger.form", item.under("hashes.txt"), row)
    return None


def _sound(lines: Sequence[bytes], number: int, head: Checkpoint | None) -> bool:
    """Whether the checkpoint, or the entry after `number`, builds on it: then the hash beside it was changed."""
    if head is not None and merkle.root([merkle.leaf_hash(line) for line in lines]) == head.root:
        return True
    try:
        following = parse(lines[number + 1])
    except (CustodyError, IndexError):
        return False
    return following["prev"] == merkle.root([merkle.leaf_hash(line) for line in lines[: number + 1]]).hex()


def _looks(lines: Sequence[bytes]) -> dict[str, tuple[int, ...]]:
    """{principal: numbers of the entries that say they looked}."""
    found: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(lines):
        if (b'"reveal' in line or b'"decision"' in line) and _is_look(parse(line)):
            who = _said(line, "principal")
            found[who] = (*found.get(who, ()), number)
    return found


def _is_look(entry: Mapping[str, Json]) -> bool:
    says = entry["says"]
    decided = isinstance(says, Mapping) and "decision" in says
    return entry["kind"] in _LOOKS or (decided and entry["kind"] in _BESIDE)


def _said(line: bytes, word: str) -> str:
    says = parse(line)["says"]
    return str(says.get(word, "")) if isinstance(says, dict) else ""
