"""A child process in which packs are first opened: what it cannot read ends it, not the build.

Judging reads them again in the build, without limits of its own.

The child knows no key: its environment holds the path of the program and no more. One child opens
pack after pack until one ends it; the next pack gets another.
"""

from __future__ import annotations

import atexit
import os
import pickle
import resource
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pipelines.returns import Receipt, refused_receipt
from pipelines.returns.packs.trial import receive_on_trial


@dataclass(frozen=True)
class ChildLimits:
    """What a child may take for one pack: memory beyond the program's own, and time."""

    memory_bytes: int = 500_000_000
    seconds: float = 60.0


LIMITS = ChildLimits()


class Child:
    """One child process and the pipes to it."""

    def __init__(self, limits: ChildLimits) -> None:
        self.limits = limits
        self.owner = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "operations.landing.child", str(limits.memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        )

    def open(self, path: Path, tried: frozenset[str] = frozenset()) -> Receipt | None:
        """Return the receipt of a pack; None when the child ended on it or took too long."""
        timer = threading.Timer(self.limits.seconds, self._process.kill)
        timer.start()
        try:
            pickle.dump((path, tried), cast("IO[bytes]", self._process.stdin))
            cast("IO[bytes]", self._process.stdin).flush()
            # What comes back was made by our own program.
            return cast("Receipt", pickle.load(cast("IO[bytes]", self._process.stdout)))  # noqa: S301
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        finally:
            timer.cancel()

    @property
    def is_alive(self) -> bool:
        """Whether the child can take another pack."""
        return self.owner == os.getpid() and self._process.poll() is None

    def end(self) -> None:
        """End the child and wait for its end."""
        if self.owner == os.getpid():
            self._process.kill()
            self._process.wait()


_CHILDREN: dict[ChildLimits, Child] = {}
_ONE_AT_A_TIME = threading.Lock()


def receive_in_child(
    path: Path, limits: ChildLimits = LIMITS, tried: frozenset[str] = frozenset()
) -> Receipt:
    """Open a pack in a child process and return its receipt; one it ends on is refused by it.

    The files of packs whose hash is among `tried` are not read on trial again.
    """
    with _ONE_AT_A_TIME:
        child = _CHILDREN.get(limits)
        if child is None or not child.is_alive:
            child = _CHILDREN[limits] = Child(limits)
        receipt = child.open(path.absolute(), tried)
        if receipt is not None:
            return receipt
        child.end()
    found = (
        f"The program that reads it took more than {limits.memory_bytes // 1_000_000:,} MB or "
        f"{limits.seconds:g} seconds, or ended on it."
    )
    return refused_receipt(path, "pack_is_within_limits", found)


@atexit.register
def _end_children() -> None:
    for child in _CHILDREN.values():
        child.end()


def _serve(memory_bytes: int) -> None:
    """Open the packs whose paths come in, until no more come."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints does not speak into the answers
    most = _data_bytes() + memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    while True:
        try:
            path, tried = pickle.load(sys.stdin.buffer)  # noqa: S301 - sent by our own program
        except EOFError:
            return
        pickle.dump(receive_on_trial(path, tried), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _data_bytes() -> int:
    """Return how much memory this process has taken, as the limit counts it; 0 where unknown."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmData"].split()[0]) * 1024


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
