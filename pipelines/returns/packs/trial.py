"""Receive a pack and read its files once, to see whether they can be read within limits."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.packs.opened import in_template_letters
from pipelines.returns.packs.receive import Receipt, receive
from pipelines.returns.readers import reader_of
from schemas.returns import PACK


def receive_on_trial(path: Path, known: Collection[str] = ()) -> Receipt:
    """Return the receipt of what was dropped, once every file of the template in it was read.

    Files whose hash is among `known` were read before, and are not read again. What is wrong with a
    file is no matter here: it is found again, and answered, when the pack is judged. Only a lack of
    memory is raised. This is called in a process that may end on what it reads.
    """
    receipt = receive(path)
    if receipt.sha256 not in known:
        with suppress(PackFault):
            _read(receipt)
    return receipt


def _read(receipt: Receipt) -> None:
    """Read every file of the template in a pack."""
    files, _ = in_template_letters(receipt.contents, PACK)
    reader = reader_of(files)
    for declared in PACK.files:
        if declared.file not in files:
            continue
        try:
            reader.read(files, declared)
        except MemoryError:
            raise
        except (Exception, pl.exceptions.PanicException):  # noqa: BLE001, S112 judging answers it
            continue
