"""One release folder: the three signed hashes, the manifest, the pages one by one, the share, the proof."""

import hashlib
from collections.abc import Mapping

from custody.base.errors import Broken, CustodyError
from custody.package import folder, release
from custody.package.release import Manifest, digest
from custody.package.statements import ReleasedStatement
from custody.services.verify.case import Case, ReleaseFound, Signed
from custody.services.verify.inputs import Item
from custody.services.verify.logs import check_proof


def check_release(case: Case, item: Item) -> None:
    """Check one release; one whose manifest is what was signed joins the case."""
    named = _named(item)
    for name in (release.MANIFEST, release.ENVELOPE):
        if name not in named:
            case.fault("missing", "file.missing", item.under(name))
    signed = case.open(item.under(release.ENVELOPE)) if release.ENVELOPE in named else None
    says = signed.read.says if signed is not None else None
    if signed is not None and not isinstance(says, ReleasedStatement):
        case.fault("schema", "release.statement", item.under(release.ENVELOPE))
    if release.MANIFEST not in named:
        return
    data = _data(case, item.under(release.MANIFEST))
    if data is None:
        return
    subjects = signed.read.subjects if signed is not None else {}
    if signed is not None and subjects.get(release.MANIFEST) != hashlib.sha256(data).hexdigest():
        case.fault("altered", "file.altered", item.under(release.MANIFEST))
        return
    try:
        manifest = release.decode(data)
    except CustodyError:
        case.fault("schema", "release.manifest", item.under(release.MANIFEST))
        return
    _files(case, item, manifest, subjects, named)
    if signed is not None and isinstance(says, ReleasedStatement):
        _agree(case, item, manifest, signed, says, found=digest(data))
        if release.PROOF in named:
            check_proof(case, item.under(release.PROOF), signed.digest, signed.signer)
        case.releases.append(ReleaseFound(item, manifest, digest(data), signed))


def _named(item: Item) -> frozenset[str]:
    try:
        return frozenset(one.name for one in item.path.iterdir())
    except OSError:
        return frozenset()


def _files(case: Case, item: Item, manifest: Manifest, subjects: Mapping[str, str], named: frozenset[str]) -> None:
    needed = (release.ENC, release.PAGES)
    _silent(case, item, manifest, named)
    if manifest.kind == "recall":
        for name in sorted(named.intersection(needed)):
            case.fault("extra", "file.extra", item.under(name))
        return
    for name in needed:
        if name not in named:
            case.fault("missing", "file.missing", item.under(name))
    if release.ENC in named:
        enc = _data(case, item.under(release.ENC)) or b""
        changed = subjects and hashlib.sha256(enc).hexdigest() != subjects.get(release.ENC)
        if len(enc) != release.ENC_BYTES or changed:
            case.fault("altered", "file.altered", item.under(release.ENC))
    if release.PAGES in named:
        _pages(case, item.under(release.PAGES), manifest, subjects)
    share = _data(case, item.under(release.SHARE)) if release.SHARE in named else None
    if share is not None and digest(share) != manifest.closing:
        case.fault("altered", "release.share", item.under(release.SHARE))


def _silent(case: Case, item: Item, manifest: Manifest, named: frozenset[str]) -> None:
    """Whom nobody may contact: nobody but the buyer can open it; that it is what the manifest names everybody can see."""
    if (manifest.silent is None) != (release.SILENT not in named):
        found = "extra" if manifest.silent is None else "missing"
        case.fault(found, f"file.{found}", item.under(release.SILENT))
    elif manifest.silent is not None:
        data = _data(case, item.under(release.SILENT))
        if data is not None and digest(data) != manifest.silent:
            case.fault("altered", "file.altered", item.under(release.SILENT))


def _pages(case: Case, item: Item, manifest: Manifest, subjects: Mapping[str, str]) -> None:
    listed = [one.sha256 for one in manifest.pages]
    found: list[str] = []
    try:
        with folder.opened(item.path) as source:
            while (page := source.read(release.SEALED_PAGE)) and len(found) <= len(listed):
                found.append(hashlib.sha256(page).hexdigest())
                case.bytes += len(page)
    except Broken as error:
        case.fault(error.kind, "file.unreadable", item)
        return
    case.files += 1
    wrong = [row for row, (one, other) in enumerate(zip(found, listed, strict=False)) if one != other]
    if len(wrong) > 1 and sorted(found) == sorted(listed):
        kind = "swapped" if len(wrong) == 2 else "reordered"
        wrong_kind = dict.fromkeys(wrong, kind)
    else:
        wrong_kind = {row: "duplicated" if found[row] in listed else "altered" for row in wrong}
    for row, kind in wrong_kind.items():
        case.fault(kind, "release.page", item, row, row * release.SEALED_PAGE)
    if len(found) != len(listed):
        short = len(found) < len(listed)
        case.fault("missing" if short else "extra", "release.pages", item, min(len(found), len(listed)))
    whole = hashlib.sha256()
    if not wrong and len(found) == len(listed) and subjects:
        with folder.opened(item.path) as source:
            while block := source.read(1 << 20):
                whole.update(block)
        if whole.hexdigest() != subjects.get(release.PAGES):
            case.fault("altered", "file.altered", item)


def _agree(
    case: Case, item: Item, manifest: Manifest, signed: Signed, says: ReleasedStatement, *, found: str
) -> None:  # fmt: skip
    told = (says.deal, says.n, says.kind, says.manifest, says.package, says.seller, says.buyer, says.closing)
    meant = (manifest.deal, manifest.n, manifest.kind, found, manifest.package.id, manifest.seller, manifest.buyer)
    if told != (*meant, manifest.closing):
        case.fault("schema", "release.statement", item.under(release.ENVELOPE))
    if signed.signer != manifest.seller:
        case.fault("signature", "release.signer", item.under(release.ENVELOPE))
    case.heads.append((item.under(release.MANIFEST).label, manifest.checkpoint))


def _data(case: Case, item: Item) -> bytes | None:
    try:
        data = folder.small(item.path)
    except Broken as error:
        case.fault(error.kind, "file.unreadable", item)
        return None
    case.files, case.bytes = case.files + 1, case.bytes + len(data)
    return data
