"""Receive a pack and read its files once, to see whether they can be read within limits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipelines.returns.packs.opened import in_template_letters
from pipelines.returns.packs.receive import Receipt, receive
from pipelines.returns.readers import reader_of
from schemas.returns import PACK


def receive_on_trial(path: Path, tried: Collection[str] = ()) -> Receipt:
    """Return the receipt of what was dropped, once every file of the template in it was read.

    Files of packs whose hash is among `tried` were read before, and are not read again. What is
    wrong with a file is no matter here: it is found again, and answered, when the pack is judged.
    Only a lack of memory is raised. This is called in a process that may end on what it reads.
    """
    receipt = receive(path)
    if receipt.sha256 not in tried:
        with _answered_later():
            _read(receipt)
    return receipt


def _read(receipt: Receipt) -> None:
    """Read the manifest of a pack, count its rows, and read every return in it."""
    files, _ = in_template_letters(receipt.contents, PACK)
    reader = reader_of(files)
    for step in (reader.manifest, reader.notes, reader.count, reader.missing):
        with _answered_later():
            step(files, PACK)
    for declared in PACK.files:
        with _answered_later():
            reader.read(files, declared)


@contextmanager
def _answered_later() -> Iterator[None]:
    """Pass over all faults but a lack of memory."""
    try:
        yield
    except MemoryError:
        raise
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - judging answers it
        return
