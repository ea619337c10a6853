"""Write the committed vectors: `good/`, one whole hand-over, and `cases.json`, one named defect each, as edits of it.

`answers/` are answers to the recall that are signed and wrong, each named by its defect. Run once, when the specification changes: signatures and keys are random, so every run differs. An edit is one of
flip (file, byte), swap, copy, drop (file, rows: of lines, or of `size` bytes from `from`), remove (file), add (file),
move (from, to), put (file, from beside `good/`). `rebag` makes both manifests anew after the edits, as an attacker would.
"""

import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from build import Handover, Party
from recalling import ANSWER, WRONG, recall, signed_answer

HERE = Path(__file__).parent
SEG, LEAVES, PAGES = "package/data/segments/seg-1.seg", "package/data/leaves.jsonl", "release-0001/pages.bin"
RECORD, HEAD, PAGE = 144, 41, 32796


def case(
    name: str, kind: str, file: str, edits: list[dict[str, object]], *, row: int | None = None, **more: object
) -> dict[str, object]:
    """One defect: what is done, and the class, file and row to be named."""
    return {"name": name, "edits": edits, "expect": {"class": kind, "file": file, "row": row}, **more}


def rows(op: str, file: str, *which: int) -> dict[str, object]:
    """An edit of records, pages or lines."""
    size, start = {SEG: (RECORD, HEAD), PAGES: (PAGE, 0)}.get(file, (0, 0))
    return {"op": op, "file": file, "rows": list(which), "size": size, "from": start}


def cases() -> list[dict[str, object]]:
    """All of them."""
    found = [case("good", "", "", [])]
    for rebag in (False, True):
        end = "-manifests-made-anew" if rebag else ""
        for file, what in ((SEG, "record"), (LEAVES, "leaf")):
            found += [
                case(f"{what}-swapped{end}", "swapped", file, [rows("swap", file, 1, 3)], row=1, rebag=rebag),
                case(f"{what}-duplicated{end}", "duplicated", file, [rows("copy", file, 1)], row=2, rebag=rebag),
                case(f"{what}-missing{end}", "missing", file, [rows("drop", file, 2)], row=2, rebag=rebag),
            ]
        flip = {"op": "flip", "file": SEG, "byte": HEAD + 2 * RECORD + 100}
        found.append(case(f"record-altered{end}", "altered", SEG, [flip], row=2, rebag=rebag))
        found.append(
            case(
                f"leaf-altered{end}",
                "altered",
                LEAVES,
                [{"op": "flip", "file": LEAVES, "byte": 10}],
                row=0,
                rebag=rebag,
            )
        )
    for file, byte in (
        ("package/bagit.txt", 3),
        ("package/bag-info.txt", 5),
        ("package/data/datapackage.json", 300),
        ("package/data/proof", 40),
        ("package/data/statements/gate.json", 60),
        ("release-0001/manifest.json", 90),
        ("release-0001/enc", 500),
        ("release-0001/silent", 1300),
    ):
        found.append(
            case(f"altered-{file.rpartition('/')[2]}", "altered", file, [{"op": "flip", "file": file, "byte": byte}])
        )
    found += [
        case("page-altered", "altered", PAGES, [{"op": "flip", "file": PAGES, "byte": PAGE + 9}], row=1),
        case("pages-swapped", "swapped", PAGES, [rows("swap", PAGES, 0, 1)], row=0),
        case(
            "receipt-signature",
            "signature",
            "received.dsse.json",
            [{"op": "flip", "file": "received.dsse.json", "byte": -300}],
        ),
        case(
            "certificate-signature",
            "signature",
            "destroyed.dsse.json",
            [{"op": "flip", "file": "destroyed.dsse.json", "byte": -300}],
        ),
        case("file-missing", "missing", LEAVES, [{"op": "remove", "file": LEAVES}]),
        case("file-extra", "extra", "package/data/more.txt", [{"op": "add", "file": "package/data/more.txt"}]),
        case(
            "unsigned-package",
            "missing",
            "package/shipped.dsse.json",
            [{"op": "remove", "file": "package/shipped.dsse.json"}],
        ),
        case(
            "release-renumbered",
            "replayed",
            "release-0003/manifest.json",
            [{"op": "move", "from": "release-0001", "to": "release-0003"}],
        ),
        case(
            "recall-altered",
            "altered",
            "release-0002/manifest.json",
            [{"op": "flip", "file": "release-0002/manifest.json", "byte": 200}],
        ),
        case("recall-with-pages", "extra", "release-0002/pages.bin", [{"op": "add", "file": "release-0002/pages.bin"}]),
        case("recall-with-a-key", "extra", "release-0002/enc", [{"op": "add", "file": "release-0002/enc"}]),
        case("silent-missing", "missing", "release-0001/silent", [{"op": "remove", "file": "release-0001/silent"}]),
        case("recall-with-silent", "extra", "release-0002/silent", [{"op": "add", "file": "release-0002/silent"}]),
        case("recalled-altered", "signature", ANSWER, [{"op": "flip", "file": ANSWER, "byte": 300}]),
        *(
            case(f"recalled-{what}", kind, ANSWER, [{"op": "put", "file": ANSWER, "from": f"answers/{what}.dsse.json"}])
            for what, (kind, _) in WRONG.items()
        ),
        case(
            "ledger-entry-missing",
            "missing",
            "ledgers/seller/entries.jsonl",
            [rows("drop", "ledgers/seller/entries.jsonl", 1)],
            row=1,
        ),
        case(
            "signer-not-pinned",
            "signature",
            "release-0001/released.dsse.json",
            [],
            trust=["stranger.json", "good/cards/buyer.json"],
        ),
    ]
    return found


def main() -> None:
    """Write everything anew."""
    shutil.rmtree(HERE / "good", ignore_errors=True)
    made = Handover(HERE / "good", customers=3)
    made.cards()
    made.pack()
    made.release(silent=(0, 2))
    made.receive()
    order = recall(made, (1, 2))
    (HERE / "answers").mkdir(exist_ok=True)
    for what, (_, change) in WRONG.items():
        signed = signed_answer(made, order, **change(made))
        (HERE / "answers" / f"{what}.dsse.json").write_bytes(signed)
    made.put(ANSWER, signed_answer(made, order, enter=True))
    made.destroy()
    made.ledgers()
    (HERE / "stranger.json").write_bytes(json.dumps(Party("stranger").card.to_json(), ensure_ascii=False).encode())
    (HERE / "deal-key.hex").write_text(made.key.private().hex() + "\n")
    (HERE / "deks.json").write_text(
        json.dumps({f"{one}.{slot}": dek.hex() for (one, slot), dek in made.deks.items()}, indent=1) + "\n"
    )
    (HERE / "cases.json").write_text(json.dumps(cases(), indent=1) + "\n")


if __name__ == "__main__":
    main()
