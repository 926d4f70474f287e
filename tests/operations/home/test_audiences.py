"""Each path of a home is open to its audience and to nobody else, whatever the umask."""

import grp
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.desk_places import PLACES
from operations.errors import SettingsError
from operations.home.audiences import AUDIENCES, HOME, audience_of, share
from operations.home.settings import ROOT, Settings
from operations.releases.explanations import subjects
from operations.releases.release_store import manifest_hash
from operations.stores.databases import writing
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.homes import paths_in

QUARTER = Quarter(2025, 1)
EXPLAINED = [
    word for about in subjects(QUARTER) for word in ("--because", f"{about}=The area was asked.")
]
NOON = "2025-08-01T12:00:00+01:00"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


def ctw(home, *words, umask=0o022, **variables):
    """Run the command line as a person does, in a shell with a umask."""
    environment = {**os.environ, "CTW_HOME": str(home), "CTW_CODE_VERSION": "drawn", **variables}
    return subprocess.run(
        [sys.executable, "-m", "assets.cli", *words],
        cwd=ROOT,
        env=environment,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def place():
    """A folder that every user of the machine can enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def packs(place):
    """Packs of one quarter."""
    simulate(QUARTER, 100, 5, place / "packs", first=QUARTER)
    return place / "packs"


def under(umask, home, *words):
    """Run the command line under a umask in this process, which has loaded it: builds take long."""
    before = os.umask(umask)
    try:
        environment = {"CTW_HOME": str(home), "CTW_CODE_VERSION": "drawn"}
        done = CliRunner().invoke(app, list(words), env=environment)
    finally:
        os.umask(before)
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module", params=[0, 0o077], ids=["umask 0", "umask 077"])
def home(request, place, packs):
    """A home in which a quarter was built, signed off and published under a umask.

    Whoever dropped its packs had the umask 022.
    """
    found = place / f"home-{request.param:o}"
    drop = shutil.copytree(packs, found / "landing" / "incoming")
    for path in (found, drop.parent, drop, *drop.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    approval = ("--name", "A Statistician", "--role", "Head of Profession")
    under(request.param, found, "explain", QUARTER.id, *EXPLAINED, *approval)
    under(request.param, found, "build", QUARTER.id)
    manifest = manifest_hash(found / "releases" / QUARTER.id / "v1")
    under(request.param, found, "sign-off", QUARTER.id, "--manifest", manifest, *approval)
    under(request.param, found, "publish", QUARTER.id)
    return found


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_every_path_of_a_built_home_has_the_mode_of_the_table(home):
    assert mode(home) == HOME
    assert list((home / "landing" / "received").rglob("dropped")), "packs that somebody dropped"
    wrong = {}
    for path in paths_in(home):
        widest = audience_of(home, path).mode(path)
        if not path.is_symlink() and mode(path) & ~widest & 0o077:
            wrong[str(path.relative_to(home))] = f"{mode(path):o}, at most {widest:o}"
    assert wrong == {}


def test_every_name_in_a_home_has_an_audience_in_the_table(home):
    assert {path.name for path in home.iterdir()} <= set(AUDIENCES)


def test_the_page_counts_the_audiences_of_files_and_names_those_of_the_desk():
    page = (ROOT / "docs" / "access.md").read_text()
    assert {one.name for one in AUDIENCES.values()} == {"everybody", "analysts", "service"}
    assert "there are three audiences of files, and the desk has its own two, team and viewers" in (
        page
    )
    assert {one for place in PLACES for one in place.audience} == {"team", "viewers"}


def test_the_page_on_access_names_every_path_of_the_table():
    rows = (ROOT / "docs" / "access.md").read_text().splitlines()
    for name, audience in AUDIENCES.items():
        row = next(row for row in rows if row.startswith(f"| {audience.name} |"))
        assert f"`{name}`" in row


def test_the_public_site_is_open_and_the_warehouse_of_analysts_has_no_readers_yet(home):
    for path in (home / "site").resolve().rglob("*"):
        assert mode(path) == (0o755 if path.is_dir() else 0o644)
    files = list((home / "analysts").iterdir())
    assert [(mode(home / "analysts"), mode(file)) for file in files] == [(0o700, 0o400)]


def as_nobody(*command):
    nobody = pwd.getpwnam("nobody")
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return subprocess.run(command, **who, capture_output=True, check=False)


@needs_root
def test_another_user_reads_the_site_and_nothing_else(home):
    assert as_nobody("cat", str(home / "site" / "index.html")).returncode == 0
    private = [p for p in paths_in(home) if p.is_file() and "site" not in str(p.relative_to(home))]
    assert {p.relative_to(home).parts[0] for p in private} >= {"landing", "releases", "drafts"}
    read = 'for file in "$@"; do head -c 1 "$file" >/dev/null && echo "$file"; done; exit 0'
    tried = as_nobody("sh", "-c", read, "sh", *map(str, private))
    assert (tried.returncode, tried.stdout) == (0, b"")
    assert len(tried.stderr.splitlines()) == len(private), "each file was tried and refused"
    assert as_nobody("ls", str(home)).returncode != 0


@needs_root
def test_another_user_writes_nothing(home):
    for path in (home, home / "landing", home / "site_builds", home / "releases"):
        assert as_nobody("touch", str(path / "stranger")).returncode != 0, path


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_the_log_and_the_spill_files_of_an_open_store_are_private(tmp_path, umask):
    before = os.umask(umask)
    try:
        settings = Settings.read({"CTW_HOME": str(tmp_path / "h"), "CTW_CODE_VERSION": "v"})
        with writing(settings.confidential) as database:
            connection = database.connection
            connection.execute("create table small as select 1 as a")
            connection.execute("set memory_limit = '60MB'; set threads = 1")
            connection.execute("begin")
            connection.execute("create table t as select i, i::varchar a from range(3000000) r(i)")
            rows = connection.execute("from t order by a desc, i")
            assert rows.fetchone() is not None
            found = {str(p.relative_to(settings.home)): mode(p) for p in settings.home.rglob("*")}
            connection.execute("rollback")
    finally:
        os.umask(before)
    assert {name.split("/")[0] for name in found} == {
        "confidential.duckdb",
        "confidential.duckdb.wal",
        "locks",
        "confidential.duckdb.tmp",
    }
    assert [name for name in found if "/" in name], "nothing was spilled"
    assert {name: f"{how:o}" for name, how in found.items() if how & 0o077} == {}


def contents(home):
    """Every file of a home with what it holds."""
    return {path: path.read_bytes() for path in paths_in(home) if path.is_file()}


def test_a_home_made_before_is_refused_until_its_command_closes_it(place):
    home = place / "before"
    for name in ("landing", "drafts", "analysts", "site_builds", "a stranger"):
        (home / name).mkdir(parents=True)
        (home / name / "file").write_text(name)
        (home / name).chmod(0o777)
    (home / "confidential.duckdb").write_bytes(b"")
    home.chmod(0o755)
    kept = contents(home)
    refused = ctw(home, "status")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert f"Error: {home} is open to more people" in refused.stderr
    command = refused.stderr.split("Close it with: ")[1]
    subprocess.run(command, shell=True, check=True)
    assert ctw(home, "status").returncode == 0
    assert {path: data for path, data in contents(home).items() if path in kept} == kept
    assert mode(home / "landing") == 0o700
    assert mode(home / "site_builds") == 0o755


@pytest.mark.parametrize("umask", [0, 0o022, 0o077], ids=["umask 0", "umask 022", "umask 077"])
def test_the_first_step_of_the_guide_works_under_any_umask(place, packs, umask):
    """Make the drop folder in a new home by hand, put packs in it, and run the first command."""
    home = place / f"new-{umask:o}"
    step = 'mkdir -p "$0/landing/incoming" && cp -r "$1"/* "$0/landing/incoming"'
    subprocess.run(["sh", "-c", step, str(home), str(packs)], umask=umask, check=True)
    assert mode(home) == 0o777 & ~umask
    done = ctw(home, "status", umask=umask)
    assert done.returncode == 0, done.stderr
    assert mode(home) & ~HOME == 0
    assert mode(home / "landing") == mode(home / "landing" / "incoming") == 0o700
    (home / "landing" / "incoming" / "more").mkdir(0o777)
    assert ctw(home, "status", umask=umask).returncode == 0


def test_a_home_with_anything_but_the_drop_folder_is_not_closed_by_itself(tmp_path):
    for names in (("landing/received",), ("landing/incoming", "releases")):
        home = tmp_path / names[0]
        for name in names:
            (home / name).mkdir(parents=True)
        home.chmod(0o755)
        (home / "landing").chmod(0o755)
        with pytest.raises(SettingsError, match="is open to more people"):
            Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"})
        assert mode(home) == 0o755


@needs_root
@pytest.mark.parametrize("whose", [".", "landing", "releases"])
def test_a_home_of_another_user_is_refused_before_anything_is_made(place, whose):
    home = place / f"of-another-{whose}"
    for name in ("landing/incoming", "releases"):
        (home / name).mkdir(parents=True)
    home.chmod(0o700)
    nobody = pwd.getpwnam("nobody")
    os.chown(home / whose, nobody.pw_uid, nobody.pw_gid)
    before = sorted(home.rglob("*"))
    for words in (("status",), ("build", QUARTER.id), ("rehearse", "--now", NOON)):
        refused = ctw(home, *words)
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
    refused = ctw(home, "status")
    assert f"Error: {home / whose} belongs to the user nobody, and you are" in refused.stderr
    assert "Run as its owner, or set CTW_HOME to a folder of yours." in refused.stderr
    assert sorted(home.rglob("*")) == before


def test_the_folders_above_a_home_stay_as_the_user_makes_them(tmp_path):
    before = os.umask(0o022)
    try:
        Settings.read({"CTW_HOME": str(tmp_path / "a" / "b"), "CTW_CODE_VERSION": "v"})
    finally:
        os.umask(before)
    assert mode(tmp_path / "a") == 0o755
    assert mode(tmp_path / "a" / "b") == HOME


def test_a_group_of_analysts_reads_their_folder(tmp_path):
    group = grp.getgrgid(os.getegid()).gr_name
    file = tmp_path / "analysts" / "warehouse.duckdb"
    file.parent.mkdir()
    file.write_bytes(b"")
    share(tmp_path, file, group)
    assert (mode(file.parent), mode(file)) == (0o750, 0o440)
    assert file.stat().st_gid == os.getegid()


def test_a_group_that_does_not_exist_stops_every_command_at_once(tmp_path):
    for place in (tmp_path / "home", tmp_path / "home" / "registers"):
        place.mkdir(mode=0o700)
    for words in (("status",), ("build", QUARTER.id)):
        refused = ctw(tmp_path / "home", *words, CTW_ANALYST_GROUP="no-such-group")
        assert refused.returncode == 1
        assert "CTW_ANALYST_GROUP is 'no-such-group'" in refused.stderr


@needs_root
def test_a_group_that_this_user_cannot_give_files_to_is_named(place):
    """Run as another user, who is no member of the group of root."""
    home = place / "of-nobody"
    nobody = pwd.getpwnam("nobody")
    (home / "analysts").mkdir(parents=True)
    for path in (home, home / "analysts"):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    os.setegid(nobody.pw_gid)
    os.seteuid(nobody.pw_uid)
    try:
        with pytest.raises(SettingsError, match="not a member"):
            share(home, home / "analysts", grp.getgrgid(0).gr_name)
    finally:
        os.seteuid(0)
        os.setegid(0)


ANOTHER = """
import contextlib, importlib, io, os, pkgutil, pwd, sys
import assets, operations
from assets.cli import app
from assets.desk_places import PLACES
for package in (assets, operations):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
for words in (["--help"], ["explain", "no quarter"]):
    with contextlib.suppress(SystemExit), contextlib.redirect_stderr(io.StringIO()):
        app(words)
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
app(sys.argv[1:])
"""


def as_another(home, *words):
    """Run the command line as a user who does not own the home; its code was loaded before."""
    environment = {**os.environ, "CTW_HOME": str(home), "CTW_CODE_VERSION": "drawn"}
    return subprocess.run(
        [sys.executable, "-c", ANOTHER, *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@needs_root
def test_another_user_is_told_whose_home_it_is_and_which_group_to_ask_for(place):
    home, group = place / "of-root", grp.getgrgid(0).gr_name
    settings = Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"})
    (settings.analysts / "warehouse.duckdb").parent.mkdir(exist_ok=True)
    alone = as_another(home, "status")
    assert alone.returncode == 1
    assert f"Error: Permission denied: {home} belongs to the user root" in alone.stderr
    assert "ask its owner to set CTW_ANALYST_GROUP" in alone.stderr
    share(home, settings.analysts, group)
    shared = as_another(home, "build", QUARTER.id)
    assert f"ask to be a member of the group {group}" in shared.stderr
    home.chmod(0o700)
    closed = as_another(home / "deeper", "explain", QUARTER.id)
    assert closed.stderr.startswith("Error: Permission denied: you are the user nobody")
    shutil.rmtree(home)
