"""Every delivered cell beside the bytes of its source."""

from pathlib import Path

from tests.line.independent import Source, compare


def everything(where: Path, sources: dict[str, Source], summary: dict) -> int:
    """Every table of `sources` is accounted for and equal where it was delivered; returns how many cells were compared."""
    accounted = {one["name"]: one for one in summary["tables"]}
    assert set(sources) == set(accounted)
    cells = 0
    for name, source in sources.items():
        told = accounted[name]
        assert told["rows"] == source.met, name
        assert told["rows"] == told["delivered"] + told["withheld"] + told["quarantined"], name
        if told["delivered"]:
            compared, differences = compare(source, where / "buyer" / "exports" / "customers.sqlite", name)
            assert differences == [], name
            assert compared >= told["delivered"], name
            cells += compared
    return cells
