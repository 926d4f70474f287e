"""A path of a home that more people can reach than its audience is found, and can be closed."""

import os
import pwd
import shlex
import stat
import subprocess

import pytest

from operations.errors import SettingsError
from operations.home.audiences import HOME, audience_of
from operations.home.settings import Settings
from tests.homes import paths_in


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def nested(tmp_path):
    """A home with files two folders down, for each audience, all with the modes of the table."""
    found = tmp_path / "home"
    for name in ("site_builds", "analysts", "releases"):
        (found / name / "a b" / "deeper").mkdir(parents=True)
        for folder in (found / name, found / name / "a b"):
            (folder / "file").write_text(name)
    (found / "site").symlink_to("site_builds/a b")
    for path in paths_in(found):
        if not path.is_symlink():
            path.chmod(audience_of(found, path).mode(path))
    found.chmod(HOME)
    return found


def modes(home):
    return {path: mode(path) for path in (home, *paths_in(home)) if not path.is_symlink()}


def refusal(home):
    """What is said of a home; empty when it is entered."""
    try:
        Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"})
    except SettingsError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("opened", "named"),
    [
        ({"site_builds/a b/file": 0o666}, ["site_builds/a b/file"]),
        ({"site_builds/a b": 0o777, "site_builds/a b/file": 0o666}, ["site_builds/a b"]),
        ({"site_builds/a b/deeper": 0o757}, ["site_builds/a b/deeper"]),
        ({"analysts/a b/file": 0o444}, ["analysts/a b/file"]),
        (
            {"analysts/a b/deeper": 0o751, "site_builds/file": 0o664},
            ["analysts/a b/deeper", "site_builds/file"],
        ),
    ],
)
def test_what_is_too_open_below_an_open_folder_is_found_and_exactly_that_is_closed(
    nested, opened, named
):
    assert refusal(nested) == ""
    before = modes(nested)
    for path, how in opened.items():
        (nested / path).chmod(how)
    said = refusal(nested)
    assert f"{nested / named[0]} is open to more people" in said
    command = said.split("Close it with: ")[1]
    closed = [shlex.split(part)[-1] for part in command.split(" && ")]
    assert closed == [str(nested / path) for path in named]
    subprocess.run(command, shell=True, check=True)
    assert refusal(nested) == ""
    assert modes(nested) == before


@pytest.mark.parametrize("closed", ["releases", "site_builds/a b", "analysts"])
def test_what_lies_in_a_folder_that_others_cannot_enter_is_shielded(nested, closed):
    (nested / closed).chmod(0o700)
    folder = nested / closed if "/" in closed else nested / closed / "a b"
    (folder / "file").chmod(0o666)
    (folder / "deeper").chmod(0o777)
    assert refusal(nested) == ""
    (nested / closed).chmod(0o711)
    assert refusal(nested) != ""


def test_many_open_files_of_a_folder_are_closed_by_one_short_command(nested):
    for number in range(200):
        (nested / "site_builds" / "a b" / f"{number}").write_text("")
        (nested / "site_builds" / "a b" / f"{number}").chmod(0o666)
    command = refusal(nested).split("Close it with: ")[1]
    assert command == f"chmod -R go-w {nested / 'site_builds'}"
    subprocess.run(command, shell=True, check=True)
    assert refusal(nested) == ""


def test_a_link_is_open_as_what_it_leads_to_and_one_to_nothing_is_not(nested, tmp_path):
    (nested / "site_builds" / "a b" / "a link").symlink_to("/dev/null")
    for name, target in (("nothing", "nowhere"), ("round", "round")):
        (nested / name).symlink_to(target)
    assert refusal(nested) == ""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere").chmod(0o755)
    (nested / "drafts").symlink_to(tmp_path / "elsewhere")
    assert f"{nested / 'drafts'} is open to more people" in refusal(nested)


@pytest.mark.parametrize(
    ("name", "how", "is_open"),
    [
        ("landing", 0o710, True),
        ("landing", 0o700, False),
        ("keys", 0o701, True),
        ("analysts", 0o750, False),
        ("analysts", 0o770, True),
        ("analysts", 0o755, True),
        ("site_builds", 0o755, False),
        ("site_builds", 0o757, True),
        ("unheard-of", 0o755, True),
    ],
)
def test_one_open_folder_is_named(tmp_path, name, how, is_open):
    home = tmp_path / "home"
    for there in ("locks", name):
        (home / there).mkdir(mode=0o700, parents=True)
    home.chmod(HOME)
    (home / name).chmod(how)
    found = {"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"}
    if is_open:
        with pytest.raises(SettingsError, match=f"{home / name} is open to more people"):
            Settings.read(found)
    else:
        assert Settings.read(found).home == home


def test_a_home_that_nobody_else_can_enter_is_closed_whatever_lies_in_it(tmp_path):
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing").chmod(0o755)
    tmp_path.chmod(0o700)
    assert Settings.read({"CTW_HOME": str(tmp_path), "CTW_CODE_VERSION": "v"}).home == tmp_path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("name", ["keys", "registers", "unheard-of"])
def test_a_link_to_what_belongs_to_another_user_is_refused(tmp_path, name):
    home, target = tmp_path / "home", tmp_path / "of another"
    for path in (home, target):
        path.mkdir()
        path.chmod(0o700)
    (home / name).symlink_to(target)
    assert refusal(home) == ""
    os.chown(target, pwd.getpwnam("nobody").pw_uid, -1)
    assert refusal(home).startswith(
        f"{home / name} leads to {target}, which belongs to the user nobody, and you are the user"
    )
