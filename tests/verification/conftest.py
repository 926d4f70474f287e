"""Verdicts on drawn releases."""

from __future__ import annotations

import pytest

from tests.verification.drawn import world, write
from verification import verify


@pytest.fixture
def reported(tmp_path):
    """Write a drawn release and return what the verification says of it."""

    def examine(tables, *before, **options):
        now = write(tmp_path / "now", tables, **options)
        old = [
            write(tmp_path / f"old {number}", one, period="2026-27Q1")
            for number, one in enumerate(before)
        ]
        return [finding.message for finding in verify(now, *old).findings]

    return examine


@pytest.fixture
def tables():
    return world()
