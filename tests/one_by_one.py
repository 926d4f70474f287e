"""Releases that were built one after the other: what builds at once are compared with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.home.settings import Settings
from operations.releases.release_store import files_in, folder_of
from pipelines.synthetic import simulate
from schemas.quarter import Quarter, quarters
from tests.built_homes import copied

CODE = "drawn"
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of builds at once",
    "CTW_RECORD_KEY_SECRET": "a record key secret of builds at once",
    "CTW_CODE_VERSION": CODE,
}
FIRST, LAST = Quarter(2025, 1), Quarter(2025, 3)
QUARTERS = quarters(FIRST, LAST)


def make_packs(folder: Path) -> None:
    """Make the packs of a very small world, the same each time."""
    simulate(LAST, 100, 5, folder)


def home_in(folder: Path, packs: Path) -> Settings:
    """Make a home with these packs in its drop folder."""
    settings = Settings(home=folder, code_version=CODE)
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(packs, settings.incoming)
    return settings


def releases_one_by_one(factory: pytest.TempPathFactory) -> dict[Quarter, dict[str, bytes]]:
    """Return the files of each release of a home in which one quarter after the other was built."""
    with copied(factory, "one_by_one", ENVIRONMENT, _build_each) as home:
        settings = Settings(home=home, code_version=CODE)
        return {quarter: files_in(folder_of(settings, quarter, 1)) for quarter in QUARTERS}


def _build_each(home: Path) -> None:
    make_packs(home / "landing" / "incoming")
    for quarter in QUARTERS:
        built = CliRunner().invoke(app, ["build", quarter.id])
        assert built.exit_code == 0, built.output
