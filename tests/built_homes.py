"""Homes that take whole builds to make: made once in a run of the tests, and copied for each file.

They are made through the product's own path. A test file gets a copy of its own, which it may
change; that a copied home works as the first one is part of what it tests.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

AT_WORK = "PYTEST_XDIST_WORKER"
"""Set in each of the processes among which the files of a run are shared out."""


@contextmanager
def copied(
    factory: pytest.TempPathFactory,
    name: str,
    environment: Mapping[str, str],
    make: Callable[[Path], None],
) -> Iterator[Path]:
    """Give a copy of the home of this name, and set `CTW_HOME` to it, with an environment.

    The first file that asks for it has it made by `make`, in that environment too; others wait for
    it. One that could not be made is made anew by the next that asks.
    """
    base = factory.getbasetemp()
    whole = (base.parent if AT_WORK in os.environ else base) / name
    with whole.with_suffix(".lock").open("w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for variable, value in environment.items():
            patch.setenv(variable, value)
        if not whole.is_dir():
            fresh = factory.mktemp(name)
            patch.setenv("CTW_HOME", str(fresh))
            make(fresh)
            fresh.rename(whole)
    home = shutil.copytree(whole, factory.mktemp(name) / "home", symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in {**environment, "CTW_HOME": str(home)}.items():
            patch.setenv(variable, value)
        yield home
