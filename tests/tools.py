"""Programs that some tests need besides Python, and what happens when one is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PACKAGES = {"chromium": "chromium", "soffice": "libreoffice-calc-nogui"}


def needed(program: str) -> Path:
    """Return where a program is; skip the test when it is missing, naming its Debian package.

    With CTW_REQUIRE_TOOLS=1 a missing program fails the test.
    """
    found = shutil.which(program)
    if found:
        return Path(found)
    message = f"{program} is not installed: apt-get install {PACKAGES[program]}"
    if os.environ.get("CTW_REQUIRE_TOOLS") == "1":
        pytest.fail(message)
    pytest.skip(message)
