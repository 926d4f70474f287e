"""Homes of earlier and later versions: brought up, or refused in one sentence; nothing is lost."""

import json
import os

import pytest

from operations.errors import SettingsError
from operations.home import layout
from operations.home.layout import FILE, LAYOUT
from operations.home.settings import Settings


@pytest.fixture
def home(tmp_path):
    """A home of the first layout, with scratch of a version under way and a kept release."""
    old = tmp_path / "home"
    parts = [f"parts/2025-26Q2/{name}" for name in ("edition", "bulletin", "folder")]
    for path in (*parts, "releases/2025-26Q2/v1"):
        (old / path).mkdir(parents=True)
        (old / path / "0000").write_text("kept")
    for one in (old, *old.iterdir()):
        one.chmod(0o700)
    return old


def read(home):
    return Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"})


def test_a_home_of_the_first_layout_is_brought_up_and_keeps_what_is_in_it(home):
    read(home)
    left = {str(p.relative_to(home)) for p in home.rglob("*") if p.is_file()}
    assert left == {FILE, "parts/2025-26Q2/folder/0000", "releases/2025-26Q2/v1/0000"}
    assert json.loads((home / FILE).read_text()) == {"layout": LAYOUT}
    assert (home / FILE).stat().st_mode & 0o777 == 0o600


def test_a_home_of_this_layout_is_left_as_it_is(home):
    read(home)
    (home / "parts/2025-26Q2/edition").mkdir()
    read(home)
    assert (home / "parts/2025-26Q2/edition").is_dir()


def test_an_empty_home_gets_no_note(tmp_path):
    read(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_home_of_a_later_version_is_refused_and_nothing_is_changed(home):
    (home / FILE).write_text(json.dumps({"layout": LAYOUT + 1}))
    (home / FILE).chmod(0o600)
    with pytest.raises(SettingsError, match="last used by a later version") as refused:
        read(home)
    assert f"its layout is {LAYOUT + 1}; this version knows {LAYOUT}" in str(refused.value)
    assert (home / "parts/2025-26Q2/edition/0000").is_file()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"layout": "2"}', '{"layout": 0}', '{"layout": true}', "[" * 9999]
)
def test_a_note_that_says_nothing_is_refused_and_says_what_to_write(home, text):
    (home / FILE).write_text(text)
    (home / FILE).chmod(0o600)
    with pytest.raises(SettingsError, match="does not say which layout") as refused:
        read(home)
    assert f'write {{"layout": {LAYOUT}}}' in str(refused.value)
    assert (home / FILE).read_text() == text


@pytest.mark.parametrize("made", [lambda note: note.mkdir(), lambda note: note.symlink_to("no")])
def test_what_lies_in_the_place_of_the_note_is_refused(home, made):
    made(home / FILE)
    with pytest.raises(SettingsError, match="does not say which layout"):
        read(home)
    assert (home / "parts/2025-26Q2/edition/0000").is_file()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("parts", "a symbolic link"),
        ("parts/2025-26Q2", "a symbolic link"),
        ("parts/2025-26Q2/edition", "a symbolic link"),
        ("parts/2025-26Q2/bulletin", "a symbolic link"),
        ("parts/2025-26Q2/edition", "a symbolic link that leads nowhere"),
        ("parts", "a plain file"),
        ("parts/2025-26Q2", "a plain file"),
        ("parts/2025-26Q2/edition", "a plain file"),
        ("parts/2025-26Q2/edition", "neither a file nor a folder"),
    ],
)
def test_what_lies_in_the_place_of_scratch_is_named_and_nothing_is_lost(home, tmp_path, name, kind):
    aside = (home / name).rename(tmp_path / "aside")
    if "link" in kind:
        (home / name).symlink_to("no" if "nowhere" in kind else aside)
    elif kind == "a plain file":
        (home / name).write_text("of somebody")
        (home / name).chmod(0o600)
    else:
        os.mkfifo(home / name, 0o600)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SettingsError) as refused:
        read(home)
    assert str(refused.value).startswith(f"{home / name} is {kind}, and earlier versions of this")
    assert "Move it out of the home and run this again." in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before
    (home / name).unlink()
    read(home)
    assert json.loads((home / FILE).read_text()) == {"layout": LAYOUT}


def test_a_migration_that_fails_leaves_the_note_as_it_was(home, monkeypatch):
    def fails(home):
        raise OSError("the disk is full")

    monkeypatch.setattr(layout, "MIGRATIONS", (fails,))
    with pytest.raises(OSError, match="the disk is full"):
        layout.bring_up(home)
    assert not (home / FILE).exists()
