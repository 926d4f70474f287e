"""One boundary per pack: an error in one pack refuses that pack, and no other."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import polars as pl

from pipelines.returns.errors import PackFault

LOG = logging.getLogger(__name__)
T = TypeVar("T")


def attempt(number: str, step: Callable[[], T]) -> T | PackFault:
    """Take one step with one pack, by the number of its receipt; return its fault if it fails."""
    try:
        return step()
    except PackFault as fault:
        return fault
    # A panic of the library that reads and judges rows is no Exception.
    except (Exception, pl.exceptions.PanicException) as trouble:
        return unforeseen(number, trouble)


def unforeseen(number: str, trouble: BaseException) -> PackFault:
    """Warn that our program failed on a pack, and return the fault that refuses it.

    The warning says where it failed. It does not show the message of the error, which can hold a
    value.
    """
    last = traceback.extract_tb(trouble.__traceback__)[-1]
    LOG.warning(
        "Receipt %s: the pack could not be judged, so it was refused (%s in %s, line %s).",
        number,
        type(trouble).__name__,
        Path(last.filename).name,
        last.lineno,
    )
    return PackFault("pack_can_be_judged")
