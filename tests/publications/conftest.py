"""One release for all tests of publications, rendered once."""

from __future__ import annotations

import pytest

from publications.folder import render
from publications.pages.site import site_pages
from publications.words import words_in
from tests.publications.release_sample import editions, sample


@pytest.fixture(scope="session")
def release():
    return sample()


@pytest.fixture(scope="session")
def files(release):
    return render(release)


@pytest.fixture(scope="session")
def site():
    """The site's own pages: a release on time, and one that was late and corrected since."""
    return site_pages(editions(), words_in())
