"""Receive a pack and read its files once, to see whether they can be read within limits."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipelines.returns.errors import PackFault
from pipelines.returns.packs.opened import in_template_letters
from pipelines.returns.packs.receive import Receipt, receive
from pipelines.returns.readers import reader_of
from schemas.returns import PACK


def receive_on_trial(path: Path) -> Receipt:
    """Return the receipt of what was dropped, once every file of the template in it was read.

    What is wrong with a file is no matter here: it is found again, and answered, when the pack is
    judged. This is called in a process that may end on what it reads.
    """
    receipt = receive(path)
    with suppress(PackFault):
        files, _ = in_template_letters(receipt.contents, PACK)
        reader = reader_of(files)
        for declared in PACK.files:
            if declared.file in files:
                with suppress(PackFault):
                    reader.read(files, declared)
    return receipt
