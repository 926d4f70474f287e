"""Somebody who can write to a backup, and has no keys, cannot choose what a restore does."""

import json
import shutil
import stat

import pytest

from operations.backup.contents import file_hashes
from tests.operations.saved_home import altered, ctw, saved_in


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A home with a public release, its backup, and the backup of its keys."""
    return saved_in(tmp_path_factory.mktemp("saved"))


def everything(folder):
    """Every path below a folder, with its kind, mode and content."""
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.lstat().st_mode),
            path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes(),
        )
        for path in folder.rglob("*")
    }


def listed_anew(copy):
    """Write the list of a changed backup as somebody without the keys can: it fits the files."""
    words = json.loads((copy / "backup.json").read_text())
    words["files"] = file_hashes(copy / "data")
    (copy / "backup.json").write_text(json.dumps(words))


def refused(saved, home, copy):
    said = ctw(home, "restore", str(copy), "--keys", str(saved / "elsewhere"), ends=1)
    assert list(home.iterdir()) == []
    return said


def test_a_restore_changes_nothing_in_the_backup_nor_in_the_keys(saved, tmp_path):
    places = saved / "backup", saved / "elsewhere"
    before = [everything(place) for place in places]
    ctw(tmp_path / "home", "restore", str(places[0]), "--keys", str(places[1]))
    assert [everything(place) for place in places] == before


def test_data_that_is_a_link_is_refused_and_what_it_leads_to_stays(saved, tmp_path):
    copy, before = tmp_path / "copy", everything(saved / "backup")
    copy.mkdir()
    shutil.copy(saved / "backup" / "backup.json", copy)
    (copy / "data").symlink_to(saved / "backup" / "data")
    assert "data is a link or no folder" in refused(saved, tmp_path / "home", copy)
    assert everything(saved / "backup") == before


def test_a_home_in_the_backup_is_refused(saved, tmp_path):
    copy = altered(saved / "backup", tmp_path, lambda copy: None)
    assert "lies in the backup" in refused(saved, copy / "home", copy)


def change_a_page(copy):
    page = next((copy / "data" / "releases").rglob("index.html"))
    page.chmod(0o600)
    page.write_text("another")


FORGED = {
    "a page": change_a_page,
    "keys elsewhere": lambda copy: (copy / "data/keys").symlink_to("/tmp"),
    "a landing elsewhere": lambda copy: (copy / "data/more").symlink_to("/tmp"),
    "locks": lambda copy: (copy / "data/locks").mkdir() or (copy / "data/locks/x").write_text(""),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_changed_backup_whose_list_fits_it_is_refused_for_its_seal(saved, tmp_path, change):
    copy = altered(saved / "backup", tmp_path, change)
    listed_anew(copy)
    assert "was changed since ctw backup made it" in refused(saved, tmp_path / "home", copy)


@pytest.mark.parametrize("word", ["made_at", "code_version", "keys"])
def test_every_word_of_the_list_is_sealed(saved, tmp_path, word):
    copy = altered(saved / "backup", tmp_path, lambda copy: None)
    words = json.loads((copy / "backup.json").read_text())
    words[word] = {} if word == "keys" else "\x1b[2J"
    (copy / "backup.json").write_text(json.dumps(words))
    said = refused(saved, tmp_path / "home", copy)
    assert "was changed since ctw backup made it" in said
    assert "\x1b" not in said


def test_an_extra_file_is_named_without_signs_that_steer_the_terminal(saved, tmp_path):
    copy = altered(saved / "backup", tmp_path, lambda c: (c / "data/a\x1b[2Jb").write_text(""))
    said = refused(saved, tmp_path / "home", copy)
    assert "a\\x1b[2Jb is missing, altered or extra" in said
    assert "\x1b" not in said


def test_a_wrong_key_is_named_where_it_was_given(saved, tmp_path):
    keys, home = tmp_path / "keys", tmp_path / "home"
    shutil.copytree(saved / "elsewhere", keys)
    (keys / "pseudonym_key").write_text("0" * 64)
    said = ctw(home, "restore", str(saved / "backup"), "--keys", str(keys), ends=1)
    assert f"{keys / 'pseudonym_key'} is not the key that this backup was made with" in said
    assert ".restored" not in said
    assert list(home.iterdir()) == []


def test_a_key_of_the_environment_that_is_another_one_is_refused(saved, tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_REGISTER_KEY", "1" * 64)
    said = refused(saved, tmp_path / "home", saved / "backup")
    assert "CTW_REGISTER_KEY is set to another key" in said


def test_a_home_with_a_link_to_data_elsewhere_is_not_saved_without_them(saved, tmp_path):
    home = tmp_path / "home"
    ctw(home, "restore", str(saved / "backup"), "--keys", str(saved / "elsewhere"))
    (home / "releases").rename(tmp_path / "releases")
    (home / "releases").symlink_to(tmp_path / "releases")
    said = ctw(home, "backup", str(tmp_path / "backup"), ends=1)
    assert f"{home / 'releases'} is a link" in said
    assert not (tmp_path / "backup").exists()


def test_data_are_not_saved_into_a_folder_of_keys(saved, tmp_path):
    ctw(saved / "home", "backup", "--keys", str(tmp_path / "keys"))
    for place in ("data", "a/data"):
        said = ctw(saved / "home", "backup", str(tmp_path / "keys" / place), ends=1)
        assert "lies in a folder of keys" in said
    assert len(list((tmp_path / "keys").iterdir())) == 3
