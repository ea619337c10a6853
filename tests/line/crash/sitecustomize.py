"""Kills this process at its n-th point (tests/points.py), or counts them; only the process that is named.

Python imports this file at start-up when its folder is on the path. CRASH_HALF names the half (the folder its command
line forbids is the other's; `each` counts both; `this` is every process), CRASH_AT the n, CRASH_COUNT a file for the count.
With CRASH_HOW=stop it only stops there, until somebody lets it go on. The process's own end is its last point: everything is done, and nobody was told.
With CRASH_PART it is the next point of that part of a destruction, whose parts are a page each then.
"""

import atexit
import importlib.util
import os
import signal
import sys
from pathlib import Path

OTHER = {"seller": "buyer", "buyer": "seller"}
half, at, count = (
    os.environ.get("CRASH_HALF", ""),
    int(os.environ.get("CRASH_AT", "0")),
    os.environ.get("CRASH_COUNT", ""),
)
words = sys.orig_argv
mine = next((one for one, other in OTHER.items() if "batch" in words and words[-1].endswith(other)), "")
if half == "this" or (mine and half in {mine, "each"}):
    met, how = [0], signal.SIGSTOP if os.environ.get("CRASH_HOW") == "stop" else signal.SIGKILL

    def point(_name: str) -> None:
        met[0] += 1
        if met[0] == at:
            os.kill(os.getpid(), how)

    def ended() -> None:
        point("end")
        if count:
            Path(f"{count}-{mine}" if half == "each" else count).write_text(str(met[0]), encoding="utf-8")

    spec = importlib.util.spec_from_file_location("custody_test_points", Path(__file__).parents[2] / "points.py")
    assert spec is not None
    assert spec.loader is not None
    points = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(points)
    points.everywhere(point)
    atexit.register(ended)
    if part := int(os.environ.get("CRASH_PART", "-1")) + 1:
        from custody.acts import doomed

        doomed.STRETCH, stretch = 1, doomed._stretch

        def killed(desk: object, work: object, number: int, pages: object) -> None:
            if number == part - 1:
                met[0] = at - 1
            stretch(desk, work, number, pages)

        doomed._stretch = killed
