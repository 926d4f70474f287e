"""The start of `ctw-check.pyz`, where it is `__main__.py`: unpack, and run the command.

It uses the standard library alone, so that it can say what is missing.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import tempfile
import zipfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

NEEDS = "needs.json"
CANNOT = 3


def start(archive: Path) -> int:
    """Unpack the archive to a temporary folder, run the command in it, and return its status."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
        needed: dict[str, str] = json.loads((Path(folder) / NEEDS).read_text(encoding="utf-8"))
        missing = [need for module, need in needed.items() if find_spec(module) is None]
        refusal = _refusal(missing)
        if refusal:
            sys.stderr.write(f"Error: {refusal}\n")
            return CANNOT
        sys.path[0] = folder
        status: int = import_module("operations.checking.command").main(sys.argv[1:])
        return status


def _refusal(missing: list[str]) -> str:
    """Say why the command cannot run here; blank when it can."""
    if os.name != "posix":
        return "ctw-check runs on Linux and macOS. On Windows, use the Windows Subsystem for Linux."
    if sys.version_info < (3, 11):  # noqa: UP036 - an area may have any Python
        return f"ctw-check needs Python 3.11 or later; this is {sys.version.split()[0]}."
    if missing:
        wanted = " ".join(shlex.quote(need) for need in missing)
        return f"ctw-check needs packages that are not here: python -m pip install {wanted}"
    return ""


if __name__ == "__main__":
    raise SystemExit(start(Path(__file__).parent))
