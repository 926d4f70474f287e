"""Progress of long work, for whoever listens: the command line shows it, a test need not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, int, int], None]
_listeners: list[Listener] = []


def report(step: str, done: int = 0, total: int = 0) -> None:
    """Tell that `done` of `total` parts of a step are done (`total` 0 when it is not known)."""
    for listener in _listeners:
        listener(step, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have `listener` hear of all progress inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
