"""Releases that were built one after the other: what builds at once are compared with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.home.settings import Settings
from operations.releases.release_store import files_in, folder_of

KEYS = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of builds at once",
    "CTW_RECORD_KEY_SECRET": "a record key secret of builds at once",
}


def home_in(folder: Path, packs: Path, code: str) -> Settings:
    """Make a home with these packs in its drop folder."""
    settings = Settings(home=folder, code_version=code)
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(packs, settings.incoming)
    return settings


def built_one_by_one(settings: Settings, quarters) -> dict:
    """Build quarters in their order with one command after the other; return the files of each."""
    own = {**KEYS, "CTW_CODE_VERSION": settings.code_version, "CTW_HOME": str(settings.home)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in own.items():
            patch.setenv(name, value)
        for quarter in quarters:
            built = CliRunner().invoke(app, ["build", quarter.id])
            assert built.exit_code == 0, built.output
    return {quarter: files_in(folder_of(settings, quarter, 1)) for quarter in quarters}
