"""A home of releases in which nothing was made yet."""

import pytest

from operations.home.keys import keys_of
from operations.home.settings import Settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    made = Settings(home=tmp_path, code_version="drawn")
    keys_of(made)
    return made
