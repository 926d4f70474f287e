"""Folders that their sender shut are opened by their owner, kept private, and removed whole."""

import os
import shutil
import stat
from pathlib import Path
from tempfile import mkdtemp

import pytest

from operations.home.trees import bytes_in, make_private, remove

NOBODY = 65534


@pytest.fixture
def folder():
    """A folder of a user who is not the superuser, who acts while the test runs."""
    place = Path(mkdtemp())
    is_superuser = os.geteuid() == 0
    if is_superuser:
        os.chown(place, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield place
    finally:
        if is_superuser:
            os.seteuid(0)
        shutil.rmtree(place, ignore_errors=True)


def shut(place, modes):
    """Folders one in another, with a file in the last, and their modes from the first."""
    paths = [place.joinpath(*(f"d{n}" for n in range(at + 1))) for at in range(len(modes))]
    paths[-1].mkdir(parents=True)
    (paths[-1] / "events.csv").write_text("12345")
    for path, mode in zip(reversed(paths), reversed(modes), strict=True):
        path.chmod(mode)
    return paths


SHUT = [(0o700, 0o000), (0o755, 0o000, 0o000), (0o500, 0o400, 0o100), (0o000, 0o700)]


@pytest.mark.parametrize("modes", SHUT)
def test_a_folder_that_was_shut_is_removed_with_all_that_is_in_it(folder, modes):
    first = shut(folder, modes)[0]
    remove(first)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("modes", SHUT)
def test_the_owner_can_enter_what_was_made_private_and_nobody_else_can(folder, modes):
    paths = shut(folder, modes)
    make_private(paths[0])
    assert bytes_in(paths[0]) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o700}


def test_a_folder_of_somebody_else_stays_as_it_is(folder):
    if os.geteuid() == NOBODY:
        os.seteuid(0)
        (folder / "theirs").mkdir(mode=0o700)
        os.seteuid(NOBODY)
    else:
        pytest.skip("only the superuser can make a folder of somebody else")
    make_private(folder / "theirs")
    assert (folder / "theirs").is_dir()
    with pytest.raises(OSError, match="theirs"):
        remove(folder / "theirs")
