"""One release for all tests of publications, rendered once."""

from __future__ import annotations

import pytest

from publications.folder import render
from tests.publications.release_sample import sample


@pytest.fixture(scope="session")
def release():
    return sample()


@pytest.fixture(scope="session")
def files(release):
    return render(release)
