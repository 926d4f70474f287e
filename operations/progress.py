"""What long work reports while it runs: progress, and warnings for the log of the run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, int, int], None]
_listeners: list[Listener] = []


def report(step: str, done: int = 0, total: int = 0) -> None:
    """Report that `done` of `total` parts of a step are done (`total` 0 when not known)."""
    for listener in _listeners:
        listener(step, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send all progress inside the block to `listener`."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


class _Passing(logging.Handler):
    """Passes what is logged on to another log."""

    def __init__(self, log: logging.Logger) -> None:
        super().__init__(logging.WARNING)
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        self.log.log(record.levelno, record.getMessage())


@contextmanager
def warnings_to(log: logging.Logger) -> Iterator[None]:
    """Write warnings of pipelines inside the block to the log of a run."""
    source, passing = logging.getLogger("pipelines"), _Passing(log)
    source.addHandler(passing)
    try:
        yield
    finally:
        source.removeHandler(passing)
