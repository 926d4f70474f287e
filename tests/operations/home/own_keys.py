"""A home whose keys were made there, and in which two quarters were built: for tests of keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.built_homes import copied

FIRST = Quarter(2025, 1)
CODE = {"CTW_CODE_VERSION": "drawn"}


def ctw(home, *words, **variables):
    """Run the command line on a home."""
    environment = {"CTW_HOME": str(home), **CODE, **variables}
    return CliRunner().invoke(app, list(words), env=environment)


@contextmanager
def with_own_keys(factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with such a `home` and its `packs`; the environment names no home."""
    with (
        copied(factory, "own_keys", CODE, _two_quarters) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.delenv("CTW_HOME")
        yield folder


def _two_quarters(folder: Path) -> None:
    simulate(FIRST.next, 100, 5, folder / "packs", first=FIRST)
    for quarter in (FIRST, FIRST.next):
        done = ctw(folder / "home", "build", quarter.id, "--landing", str(folder / "packs"))
        assert done.exit_code == 0, done.output
