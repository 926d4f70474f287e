"""Kill a process just before each thing that it does to the disk, and record what it flushes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

EVENTS = {"open", "os.rename", "os.mkdir", "os.chmod", "os.remove"}


def killed_at(number: int, below: Path, work: Callable[[], object]) -> bool:
    """Do `work` in a child that is killed before its nth act below a folder; say if it was."""
    child = os.fork()
    if child == 0:
        _die_at(number, below)
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return os.WIFSIGNALED(status)


def _die_at(number: int, below: Path) -> None:
    seen = 0

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event in EVENTS and str(args[0]).startswith(f"{below}/"):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def killed_everywhere(make: Callable[[int], tuple[Path, Callable[[], object]]]) -> Iterator[Path]:
    """Kill the work that `make` gives at each of its acts in turn; yield what each kill left."""
    number = 1
    while True:
        below, work = make(number)
        was_killed = killed_at(number, below, work)
        yield below
        if not was_killed:
            return
        number += 1


class Flushed:
    """Stands for `os.fsync` and `os.replace`: does what they do, and lists it in order."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, str]] = []
        self.fsync_of, self.replace_of = os.fsync, os.replace

    def fsync(self, handle: int) -> None:
        self.acts.append(("flush", str(Path(f"/proc/self/fd/{handle}").readlink())))
        self.fsync_of(handle)

    def replace(self, source: Path, target: Path) -> None:
        self.acts.append((str(source), str(target)))
        self.replace_of(source, target)

    def is_on_the_disk(self, file: Path) -> bool:
        """Whether a file was flushed before it got its name, and its folder afterwards."""
        at, source = next((n, s) for n, (s, t) in enumerate(self.acts) if t == str(file))
        before, after = self.acts[:at], self.acts[at:]
        return ("flush", source) in before and ("flush", str(file.parent)) in after
