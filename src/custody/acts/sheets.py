"""Recovery sheets as they come back, in files or typed: a wrong one is named (spec/vault.md §12)."""

from collections.abc import Sequence

from custody.base.errors import CustodyError, Malformed
from custody.vault import shares, sheet


def read_sheets(texts: Sequence[tuple[str, str]]) -> list[shares.Share]:
    """The shares on (name, text) sheets; a mistyped one, and one that is not of the others' set, is named.

    Raises Malformed `shares.sheet`, `shares.form`, `shares.mixed`.
    """
    read = [read_one(name, text) for name, text in texts]
    sets = [(one.k, one.n, one.generation, one.set_id, one.digest) for one in read]
    most = max(sets, key=sets.count, default=None)
    for number, (name, _) in enumerate(texts):
        if sets[number] != most:
            raise Malformed("shares.mixed", "This recovery sheet is not of the same printing as the others.",
                            where={"sheet": name, "generation": read[number].generation},
                            next="Leave it out, or look for the one printed with the others.")  # fmt: skip
        if read[number].x in {one.x for one in read[:number]}:
            raise Malformed("shares.twice", "This recovery sheet was given twice.", where={"sheet": name},
                            next="Ask another holder for theirs.")  # fmt: skip
    return read


def several(texts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(name, text) of each sheet: a holder's file has one for each generation that a backup may stand under."""
    found: list[tuple[str, str]] = []
    for name, text in texts:
        every = [one for one in typed(text) if any(sheet.is_line(line) for line in one[1].splitlines())]
        found += (
            [(f"{name} ({number})", one) for number, (_, one) in enumerate(every, 1)]
            if len(every) > 1
            else [(name, text)]
        )
    return found


def read_one(name: str, text: str) -> shares.Share:
    """The share on one sheet. Raises Malformed `shares.sheet`, `shares.form` with the sheet's name."""
    try:
        return sheet.read(text)
    except CustodyError as error:
        error.where["sheet"] = name
        raise


def typed(text: str) -> list[tuple[str, str]]:
    """Sheets as a person types them one after another: each is its five lines, with anything between."""
    lines = [line for line in text.splitlines() if line.strip()]
    found: list[tuple[str, str]] = []
    block: list[str] = []
    for line in lines:
        block.append(line)
        if sum(1 for one in block if sheet.is_line(one)) == sheet.LINES:
            found.append((f"typed {len(found) + 1}", "\n".join(block)))
            block = []
    return [*found, (f"typed {len(found) + 1}", "\n".join(block))] if block else found
