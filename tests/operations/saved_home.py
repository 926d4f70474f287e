"""A home that was saved by the command line, for tests of backups and their way back."""

import shutil
import sqlite3
from contextlib import closing

from typer.testing import CliRunner

from assets.cli import app
from operations.home.settings import Settings
from tests.assets.made_releases import released

WORLD = ("rehearse", "--now", "2026-12-17T09:30:00+00:00", "--home")


def ctw(home, *words, ends=0):
    """Run a command in a home; return what it printed."""
    done = CliRunner().invoke(app, list(words), env={"CTW_HOME": str(home)})
    assert done.exit_code == ends, done.output
    return done.output


def saved_in(place):
    """Make a home with a public release below a folder, its `backup`, and its keys `elsewhere`."""
    home = place / "home"
    ctw(home, *WORLD, str(home))
    settings = Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"})
    released(settings)
    (home / "dagster").mkdir()
    with closing(sqlite3.connect(home / "dagster" / "runs.db")) as runs:
        runs.execute("pragma journal_mode = wal")
        runs.execute("create table runs as select 'a run' as name")
        runs.commit()  # and stays open, as in a UI that runs
        ctw(home, "backup", str(place / "backup"))
    ctw(home, "backup", "--keys", str(place / "elsewhere"))
    return place


def altered(backup, tmp_path, change):
    """Copy a backup and change the copy."""
    copy = tmp_path / "copy"
    shutil.copytree(backup, copy, symlinks=True)
    change(copy)
    return copy
