"""Which code this is: what git says of a checkout, else what the installation says of itself."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

UNKNOWN, CHANGES = "unknown", "+changes"
ROOMS = (
    "assets",
    "disclosure",
    "operations",
    "pipelines",
    "publications",
    "reference",
    "schemas",
    "verification",
)
READ = frozenset({".py", ".toml", ".sql", ".csv", ".html", ".css", ".json", ".md", ".txt"})
"""What the product reads from its rooms: modules, declarations and texts, found by their folder."""
COMMIT = re.compile(r"[0-9a-f]{7,40}")


def code_in(root: Path, environment: Mapping[str, str]) -> str:
    """Name the code in a folder: `unknown` when nobody can say.

    In a checkout it is the commit, with `+changes` when files differ from it or were added to the
    rooms. What `CTW_CODE_VERSION` says counts where there is no checkout. The tests of this
    project, whose code is being changed, have it believed beside one: `CTW_CHECKOUT=ignored`; then
    it cannot look like a commit.
    """
    stated = environment.get("CTW_CODE_VERSION", "").strip()
    stated = stated if any(sign.isalnum() for sign in stated) else ""
    is_ignored = environment.get("CTW_CHECKOUT") == "ignored" and not COMMIT.fullmatch(stated)
    if (root / ".git").exists() and not (stated and is_ignored):
        return _of_checkout(root)
    return stated or UNKNOWN


def why_unnamed(root: Path) -> str:
    """Say in a sentence why git names no commit of a folder; "" without git, or when it does."""
    if not (root / ".git").exists() or shutil.which("git") is None:
        return ""
    asked = _asked(root, "rev-parse", "--short=12", "HEAD")
    if not asked.returncode:
        return ""
    if "safe.directory" in asked.stderr:
        return (
            f"Git does not trust the checkout {root}, as another user owns it. As the user who "
            f"runs ctw: git config --global --add safe.directory {shlex.quote(str(root))}"
        )
    return f"Of the checkout {root} git says: {asked.stderr.strip().partition(chr(10))[0]}."


def _of_checkout(root: Path) -> str:
    if shutil.which("git") is None:
        return UNKNOWN
    commit = _git(root, "rev-parse", "--short=12", "HEAD")
    changed = _git(root, "status", "--porcelain", "--untracked-files=no") or _added(root)
    return f"{commit}{CHANGES}" if commit and changed else commit or UNKNOWN


def _added(root: Path) -> list[str]:
    """List what lies in the rooms and git does not know, ignored files included."""
    found = _git(root, "ls-files", "--others", "-z", "--", *ROOMS).split("\0")
    return [path for path in found if Path(path).suffix in READ]


def _git(root: Path, *words: str) -> str:
    return _asked(root, *words).stdout.strip()


def _asked(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Ask git, which answers in English."""
    spoken = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(
        ["git", *words], cwd=root, capture_output=True, text=True, check=False, env=spoken
    )
