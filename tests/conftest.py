"""What holds for all tests: their order, and that they say themselves which code they run.

The rooms and files that take longest come first, so that no worker waits at the end. Tests run in
a checkout that is being changed, or where there is no git, so the version that they state in
`CTW_CODE_VERSION` is believed beside it: `tests` unless they state another. No drawn example has a
deadline, since a busy machine is no fault of the product. Garbage is looked for as seldom as the
product does, from the first test that is collected on.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

import assets  # noqa: F401 for how seldom it looks for garbage

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
os.environ |= {"CTW_CHECKOUT": "ignored", "CTW_CODE_VERSION": "tests"}
LONGEST = (
    "ui",
    "golden",
    "assets/test_corrections.py",
    "test_add_a_field.py",
    "test_pages_as_typed.py",
    "pipelines/statistics/test_behind.py",
    "assets",
    "operations",
    "publications/test_any_method.py",
    "publications/test_any_table.py",
    "publications/gates/test_declared_forms.py",
)
"""The rooms and single files that take longest, the first first: paths below `tests`."""


@pytest.fixture(autouse=True, scope="module")
def own_environment():
    """Undo at the end of a file what its tests set: a run of the product names its home there."""
    before = dict(os.environ)
    yield
    for name in [*os.environ]:
        if name not in before and name != "PYTEST_CURRENT_TEST":
            del os.environ[name]
    os.environ.update(
        {name: text for name, text in before.items() if name != "PYTEST_CURRENT_TEST"}
    )


def pytest_collection_modifyitems(items):
    items.sort(key=place)


def place(item):
    """The place of a test: that of the first of `LONGEST` that holds it, else after all of them."""
    own = item.path.relative_to(Path(__file__).parent)
    holding = (at for at, name in enumerate(LONGEST) if own.is_relative_to(name))
    return next(holding, len(LONGEST))
