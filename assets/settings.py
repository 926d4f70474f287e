"""Machine settings, read from the environment once; every path of the state is named here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assets.audiences import enter
from assets.errors import SettingsError
from schemas.quarter import Quarter

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """Where the state lives (`$CTW_HOME`, by default `var/`) and which code makes the release.

    `clock`, when set, is the time to take for now (ISO 8601 with offset): for rehearsals only.
    `analyst_group`, when set, is the group of the machine that reads `analysts/`.
    """

    home: Path
    code_version: str
    clock: str = ""
    analyst_group: str = ""

    @property
    def incoming(self) -> Path:
        """Where areas' packs are dropped."""
        return self.home / "landing" / "incoming"

    @property
    def received(self) -> Path:
        """The packs as they were received, never changed afterwards."""
        return self.home / "landing" / "received"

    @property
    def reports(self) -> Path:
        """The validation reports that go back to the areas."""
        return self.home / "landing" / "reports"

    @property
    def confidential(self) -> Path:
        """The private database: returns, warehouse and true cells."""
        return self.home / "confidential.duckdb"

    @property
    def analysts(self) -> Path:
        """The warehouse of each quarter as analysts read it: one read-only file a quarter."""
        return self.home / "analysts"

    @property
    def protected(self) -> Path:
        """The database of protected cells: all that publications can read."""
        return self.home / "protected.duckdb"

    @property
    def keys(self) -> Path:
        """The secrets, one file each, readable by their owner only."""
        return self.home / "keys"

    @property
    def data_docs(self) -> Path:
        """The plausibility results in detail: internal, confidential."""
        return self.home / "data_docs"

    @property
    def certificates(self) -> Path:
        """The certificates of suppressed populations: internal, confidential."""
        return self.home / "certificates"

    def attack(self, quarter: Quarter) -> Path:
        """Name the file of what the attack on a quarter's release found: confidential."""
        return self.home / "attack" / f"{quarter.id}.txt"

    @property
    def site(self) -> Path:
        """What the public sees: a link that is switched in one step."""
        return self.home / "site"

    def releases(self, quarter: Quarter) -> Path:
        """Name the folder of the versions of one quarter's release."""
        return self.home / "releases" / quarter.id

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings, and keep from now on private what this process writes.

        Raises `SettingsError` when the home cannot be made or is open to others.
        """
        found = os.environ if environment is None else environment
        home = Path(found.get("CTW_HOME") or ROOT / "var").expanduser().resolve()
        try:
            enter(home)
        except OSError as error:
            raise SettingsError(
                f"CTW_HOME is {home}, which cannot be made ({error.strerror}). "
                "Set it to a folder that you can write to."
            ) from error
        version = found.get("CTW_CODE_VERSION") or code_version()
        return cls(
            home=home,
            code_version=version,
            clock=found.get("CTW_NOW", ""),
            analyst_group=found.get("CTW_ANALYST_GROUP", ""),
        )


def code_version() -> str:
    """Name the code by its commit, with `+changes` when files differ from it; else `unknown`."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return "unknown"
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return f"{commit}+changes" if changed else commit or "unknown"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
