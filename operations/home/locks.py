"""Locks between processes: the kernel frees each when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import glob
import math
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from errno import EISDIR, ELOOP, ENOTDIR, ENXIO
from itertools import count
from pathlib import Path
from typing import IO

from operations.errors import BusyError, SettingsError
from operations.home.clock import LONDON
from operations.home.trees import kind_of
from schemas.texts import counted

SPEAKS_AFTER = 5.0
LOOKS_EVERY = 0.05
NOTE = ".reader-"
_AS_IT_IS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link in the place of a lock leads to a file that is not ours to empty; a pipe would block."""
# How long to wait, in seconds, where `$CTW_WAIT_<NAME>` does not say otherwise.
PATIENCE = {"build": 3600.0, "store": 60.0, "release": 60.0}

Say = Callable[[str], None]
NAMED_AT_MOST = 3
"""How many of those who share a lock are named; of more, their number is said."""
NO_PROGRAMS = {"", "-c", "-m", "__main__.py"}
"""What Python has for the name of a program that was not started as a file of its own."""
_names: list[str] = []
_reads = count()
_shared: ContextVar[frozenset[Path]] = ContextVar("_shared", default=frozenset())


@dataclass
class Together:
    """The time that is common to all waits of a block: when it ends, and the seconds waited."""

    ends: float
    waited: float = 0.0


_together: ContextVar[Together | None] = ContextVar("_together", default=None)


def patience(name: str) -> float:
    """Return how many seconds to wait for a `build`, a `store` or a `release`.

    Within `waiting_together` it is what is left of that.
    """
    together = _together.get()
    seconds = _patience(name)
    return seconds if together is None else max(0.0, min(seconds, together.ends - time.monotonic()))


@contextmanager
def waiting_together(name: str, share: float = 1.0) -> Iterator[None]:
    """Wait once for all that the block opens: a command that reads much never waits anew for each.

    It waits for a `share` of the time for that name, and no longer than a block around it. What is
    still in use when the time is over raises `BusyError` at once.
    """
    ends, around = time.monotonic() + share * _patience(name), _together.get()
    own = Together(ends) if around is None else Together(min(ends, around.ends), around.waited)
    held = _together.set(own)
    try:
        yield
    finally:
        _together.reset(held)
        if around is not None:
            around.waited = own.waited


def _patience(name: str) -> float:
    given = os.environ.get(f"CTW_WAIT_{name.upper()}")
    try:
        seconds = float(given) if given else PATIENCE[name]
    except ValueError:
        seconds = -1
    if not 0 <= seconds < math.inf:
        raise SettingsError(
            f"CTW_WAIT_{name.upper()} is {given!r}; write a number of seconds, such as 60."
        )
    return seconds


def to_terminal(words: str) -> None:
    """Say something to the person at the terminal, on the error stream."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def lock_in(home: Path, name: str) -> Path:
    """Name the file that whoever writes to the stores (`build`) or the releases holds locked."""
    return home / "locks" / {"build": "build.lock", "release": "releases.lock"}[name]


@contextmanager
def named(name: str) -> Iterator[None]:
    """Name this process for those who wait for it."""
    _names.append(name)
    try:
        yield
    finally:
        _names.remove(name)


class Wait:
    """One bounded wait for `what`: it names the holder after 5 seconds, and ends with an error.

    Another holder is named when it takes over.
    """

    def __init__(self, what: str, seconds: float, say: Say = to_terminal) -> None:
        self.what, self.seconds, self.say = what, seconds, say
        self.began = time.monotonic()
        self.named, self.spoke_at = "", self.began
        self.looked_at = self.began
        self.before: float | None = None

    @property
    def _whole(self) -> str:
        return counted(round(self.seconds), "second", "seconds")

    def pause(self, holder: str) -> None:
        """Sleep a moment because of `holder`; raises `BusyError` when the time is over."""
        before, waited = self._count(), self.looked_at - self.began
        if waited >= self.seconds:
            so_long = _in_words(before + waited)
            what = f" in all, and {self.what} is" if before else f" for {self.what},"
            raise BusyError(
                f"Waited {so_long}{what} still in use by {holder}. "
                "Let that end, or end it, and run this again."
            )
        if holder != self.named and time.monotonic() - self.spoke_at >= SPEAKS_AFTER:
            self.named, self.spoke_at = holder, time.monotonic()
            self.say(
                f"Waiting for {self.what}, in use by {holder}. This goes on by itself when that "
                f"ends, and stops with an error after {self._whole}."
            )
        time.sleep(LOOKS_EVERY)

    def _count(self) -> float:
        """Count the time since the last look; return what the block around had waited before."""
        now, together = time.monotonic(), _together.get()
        since, self.looked_at = now - self.looked_at, now
        if together is None:
            return 0.0
        self.before = together.waited if self.before is None else self.before
        together.waited += since
        return self.before


def _in_words(seconds: float) -> str:
    """Write a time in whole seconds, or in tenths below one."""
    number = f"{int(seconds)}" if seconds >= 1 else f"{seconds:.1f}".removesuffix(".0")
    return "1 second" if number == "1" else f"{number} seconds"


@contextmanager
def holding(file: Path, wait: Wait, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of a file while the block runs, alone or with others who share it.

    A holder that is alone writes its name into the file, and one that shares into a note beside it.
    Once a holder waits to be alone, nobody new shares: it waits for those who read now and not for
    those who come. Where this process cannot write, as on a read-only copy, there is nothing to
    wait for: who shares goes on without a lock. Raises
    `BusyError` when `wait` is over.
    """
    if not shared:
        with _alone(file, wait, turn=_turn_of(file)):
            yield
    elif _can_be_written(file):
        with _together_with_others(file, wait):
            yield
    else:
        yield


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Be the only process in such a block with the same file, which lies beside what it guards.

    Raises `BusyError`, naming the holder, after a minute or `$CTW_WAIT_RELEASE` seconds.
    """
    with _alone(file, Wait(f"the records in {file.parent}", patience("release"))):
        yield


def _turn_of(file: Path) -> Path:
    """Name the file that is locked by who waits to hold the lock of another alone."""
    return file.with_name(f"{file.name}.turn")


@contextmanager
def _alone(file: Path, wait: Wait, turn: Path | None = None) -> Iterator[None]:
    with _opened(file) as handle:
        with ExitStack() as waiting:
            if turn is not None:
                waiting.enter_context(_alone(turn, wait))
            while not _taken(handle, shared=False):
                wait.pause(holder(file))
        if turn is not None:
            _remove_notes_of_the_dead(file)
        _write(handle, _own_name())
        try:
            yield
        finally:
            _write(handle, "")


@contextmanager
def _together_with_others(file: Path, wait: Wait) -> Iterator[None]:
    """Share a lock; who shares it already goes on, although somebody waits to be alone."""
    held, turn = _shared.get(), _turn_of(file)
    passes = file in held or not _can_be_written(turn)
    with _opened(file) as handle:
        while True:
            before = file if passes or not is_held(turn) else turn
            if before is file and _taken(handle, shared=True):
                break
            wait.pause(holder(before))
        _write(handle, "")
        own = _shared.set(held | {file})
        try:
            with ExitStack() as noted:
                if file not in held:
                    noted.enter_context(_noted(file))
                yield
        finally:
            _shared.reset(own)


@contextmanager
def _noted(file: Path) -> Iterator[None]:
    """Note the name of this process beside a lock that it shares, for those who wait for it.

    The note is locked while its process lives, and nobody waits for a note. Where none can be made,
    the block runs without.
    """
    note = file.with_name(f"{file.name}{NOTE}{os.getpid()}-{next(_reads)}")
    with ExitStack() as made:
        with suppress(OSError):
            made.enter_context(claim(note, _own_name()))
            made.callback(note.unlink, missing_ok=True)
        yield


def _notes(file: Path) -> list[Path]:
    return sorted(file.parent.glob(f"{glob.escape(file.name)}{NOTE}*"))


def _remove_notes_of_the_dead(file: Path) -> None:
    for note in _notes(file):
        if not is_held(note):
            note.unlink(missing_ok=True)


def _can_be_written(file: Path) -> bool:
    """Whether this process may write a file, or make it."""
    there = next(path for path in (file, *file.parents) if path.exists())
    return os.access(there, os.W_OK)


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock of a file, alone; not when there is no file."""
    try:
        with _plain(file, os.O_RDONLY, "rb") as handle:
            return not _taken(handle, shared=True)
    except FileNotFoundError:
        return False


def claim(file: Path, holder_name: str = "") -> IO[bytes]:
    """Lock a new file before it has its name, so that nobody finds it unlocked.

    It holds the name of its holder. The lock lasts until the handle is closed or this process ends.
    """
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    handle = _opened(fresh)
    _taken(handle, shared=False)
    _write(handle, holder_name)
    fresh.replace(file)
    return handle


def _opened(file: Path) -> IO[bytes]:
    """Open a file to lock it; raises `SettingsError` where something else lies in its place."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _plain(file, os.O_RDWR | os.O_CREAT, "r+b")
    except (FileExistsError, NotADirectoryError):
        raise _in_the_way(file.parent, "the folder of its locks") from None


def _plain(file: Path, flags: int, mode: str) -> IO[bytes]:
    """Open a plain file; raises `SettingsError` for a link, a folder or a pipe in its place."""
    try:
        handle = os.open(file, flags | _AS_IT_IS, 0o600)
    except OSError as fault:
        if fault.errno not in (ELOOP, EISDIR, ENOTDIR, ENXIO):
            raise
        raise _in_the_way(file, "the file of a lock") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _in_the_way(file, "the file of a lock")
    return os.fdopen(handle, mode, buffering=0)


def _in_the_way(path: Path, wanted: str) -> SettingsError:
    """Say what lies where a lock, or the folder of locks, has its place."""
    return SettingsError(
        f"{path} is {kind_of(path)}, and this system keeps {wanted} there. Move it "
        "elsewhere and run this again: locks hold no data, and are made anew."
    )


def _taken(handle: IO[bytes], *, shared: bool) -> bool:
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _own_name() -> str:
    program = Path(sys.argv[0]).name
    name = _names[-1] if _names else "" if program in NO_PROGRAMS else program
    return f"{name} (process {os.getpid()})" if name else f"process {os.getpid()}"


def _write(handle: IO[bytes], name: str) -> None:
    """Replace the name in a lock file; a sharing holder removes the name of one that died."""
    if name or os.fstat(handle.fileno()).st_size:
        handle.truncate(0)
        handle.seek(0)
        handle.write(name.encode())


def holder(file: Path) -> str:
    """Name who holds the lock of a file, alone or with others, and since when."""
    alone = _named_in(file)
    if alone:
        return alone
    readers = [name for note in _notes(file) if is_held(note) and (name := _named_in(note))]
    more = len(readers) - NAMED_AT_MOST
    shown = readers[:NAMED_AT_MOST] + ([f"{more} more who read it"] if more > 0 else [])
    return " and by ".join(shown) or "others who read it"


def _named_in(file: Path) -> str:
    """Return the name in a lock file or a note, and since when it is there; "" without one."""
    try:
        name = file.read_text(encoding="utf-8", errors="replace")
        since = datetime.fromtimestamp(file.stat().st_mtime, LONDON)
    except FileNotFoundError:  # it was done at this moment
        return ""
    return f"{name}, since {since:%H:%M:%S on %-d %B %Y}" if name else ""
