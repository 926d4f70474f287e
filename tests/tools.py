"""Programs that some tests need besides Python, and what happens when one is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PACKAGES = {
    "chromium": "chromium",
    "nginx": "nginx-light",
    "openssl": "openssl",
    "soffice": "libreoffice-calc-nogui",
}
SERVERS = "/usr/sbin"
"""Where Debian puts nginx, which is not on everybody's PATH."""


def needed(program: str) -> Path:
    """Return where a program is; skip the test when it is missing, naming its Debian package.

    With CTW_REQUIRE_TOOLS=1 a missing program fails the test.
    """
    found = shutil.which(program) or shutil.which(program, path=SERVERS)
    if found:
        return Path(found)
    message = f"{program} is not installed: apt-get install {PACKAGES[program]}"
    if os.environ.get("CTW_REQUIRE_TOOLS") == "1":
        pytest.fail(message)
    pytest.skip(message)
