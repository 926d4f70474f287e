"""Every shell block of a page is run as a newcomer types it, or says why it is not.

The bare machine has neither `ctw` nor `python` of this project: what the pages say makes them so.
The commands of blocks that are not run are read by the real command line, options and all.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import typer

from assets.cli import app
from operations.home.settings import ROOT, Settings
from operations.releases.release_store import manifest_hash
from schemas.quarter import Quarter
from tests.explaining import explain_all
from tests.pages_as_typed import blocks, pages

RUN_ELSEWHERE = {"docs/add-a-field.md": "tests/test_add_a_field.py"}
README_TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PATH_LINE = re.search(r'`(export PATH="\$PWD/\.venv/bin:\$PATH")`', README_TEXT)
BARE = "/usr/bin:/bin"
SIGNED = Quarter(2025, 4)
EVERY = [block for page in pages() for block in blocks(page)]
NOT_RUN = [block for block in EVERY if block.reason]


class Newcomer:
    """Somebody in a checkout: what they type runs in one shell after the other, in this folder.

    The environment is that of the tests, so the home that a checkout has is named. Absolute folders
    of a page lie below `machine`.
    """

    def __init__(self, folder: Path):
        self.machine, self.checkout = folder / "machine", folder / "checkout"
        (self.checkout / ".venv").mkdir(parents=True)
        for part in ("bin", "lib", "pyvenv.cfg"):
            (self.checkout / ".venv" / part).symlink_to(Path(sys.prefix) / part)
        for name in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.checkout)
        (self.checkout / ".venv" / ".ready").touch()
        self.home = self.checkout / "var"
        kept = {name: os.environ[name] for name in ("CTW_CHECKOUT", "LANG") if name in os.environ}
        self.variables = {
            **kept,
            "PATH": BARE,
            "HOME": str(folder),
            "CTW_HOME": str(self.home),
            "CTW_CODE_VERSION": "typed",
            "PARTICIPANTS": "200",
            "QUARTER": SIGNED.id,
        }

    def types(self, text: str) -> str:
        """Type a block, or stop at the first command of it that fails; return what was printed."""
        for place in ("/tmp/rehearsal", "/srv/", "/backups/", "/safe/"):
            text = text.replace(place, f"{self.machine}{place}")
        first = f"set -e\n{PATH_LINE[1]}\n"
        done = subprocess.run(
            ["bash", "-c", first + text],
            cwd=self.checkout,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def fresh(tmp_path):
    return Newcomer(tmp_path)


def test_a_bare_machine_has_no_ctw_until_the_line_of_the_readme_is_typed(fresh):
    found = "command -v ctw; command -v python"
    before = subprocess.run(
        ["bash", "-c", "command -v ctw"], env={"PATH": BARE}, capture_output=True, check=False
    )
    assert before.returncode != 0
    own = fresh.checkout / ".venv" / "bin"
    assert fresh.types(found).split() == [f"{own}/ctw", f"{own}/python"]
    assert fresh.types("ctw --version").startswith("ctw ")
    assert fresh.types("python -c 'import assets; print(assets.__file__)'").strip() == str(
        ROOT / "assets" / "__init__.py"
    )


def test_every_block_is_run_by_a_test_or_says_why_it_is_not():
    run = {block.name for block in EVERY if not block.reason and block.page not in RUN_ELSEWHERE}
    assert run == {*README, *REHEARSED, *SAVED, *RETURNED}
    assert len(NOT_RUN) > 2
    for block in NOT_RUN:
        assert len(block.reason.split()) > 4, block.name
    for page, test in RUN_ELSEWHERE.items():
        assert Path(page).name in (ROOT / test).read_text()


@pytest.mark.parametrize("block", NOT_RUN, ids=lambda block: block.name)
def test_the_tests_that_a_block_names_for_itself_are_there(block):
    named = re.findall(r"tests/[\w/]+\.py", block.reason)
    assert all((ROOT / name).is_file() for name in named)


COMMANDS = [(block.name, words) for block in EVERY for words in block.commands()]


@pytest.mark.parametrize(("name", "words"), COMMANDS)
def test_every_command_of_a_page_is_one_that_the_command_line_takes(name, words):
    given = [re.sub(r"\.\.\.", "words", word) for word in words]
    command = typer.main.get_command(app)
    own = command.commands.get(given[0])
    assert own is not None or given == ["--version"], f"{name}: {given[0]}"
    context = click.Context(command)
    assert own.make_context(given[0], given[1:], parent=context)


README = ("README.md 1", "README.md 3", "README.md 4")
REHEARSED = ("docs/make-a-release.md 3",)
SAVED = ("docs/access.md 4", "docs/access.md 5")
RETURNED = ("docs/returns.md 1", "docs/returns.md 2", "docs/returns.md 3")
SENT = """
ctw simulate --to 2026-27Q2 --participants 50 --out packs
cp -r packs/CTW-EN01_2026-27Q[12]_v1 .
cp -r CTW-EN01_2026-27Q2_v1 CTW-EN01_2026-27Q2_v2
sed -i 's/"submission_sequence": 1/"submission_sequence": 2/' CTW-EN01_2026-27Q2_v2/manifest.json
"""
"""How an area comes to have the packs of the page, one of them sent again."""


def text_of(name):
    """The text of a block by its name."""
    return next(block.text for block in EVERY if block.name == name)


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """Somebody who has typed the first block of the README, for fewer people and quarters."""
    made = Newcomer(tmp_path_factory.mktemp("typed"))
    made.said = made.types(text_of("README.md 1"))
    return made


@pytest.mark.slow
def test_the_start_of_the_readme_makes_a_draft_and_says_where_it_is(newcomer):
    [place] = re.findall(rf"(\S+/{SIGNED.id}/v1)", newcomer.said)[:1]
    assert "Manifest" in newcomer.said
    assert (Path(place) / "index.html").is_file()


@pytest.fixture(scope="module")
def published(newcomer):
    """The same person, who has published a quarter with the commands of the README.

    The hash of the page is an example: a newcomer types that of their own draft in its place.
    """
    build, *rest = text_of("README.md 3").splitlines(keepends=True)
    settings = Settings.read(newcomer.variables)
    explain_all(settings, SIGNED)
    newcomer.types(build)
    manifest = manifest_hash(newcomer.home / "releases" / SIGNED.id / "v1")[:16]
    newcomer.said = newcomer.types("".join(rest).replace("3f0c4c4a0a5b9d1e", manifest))
    assert manifest in newcomer.said
    return newcomer


@pytest.mark.slow
def test_an_earlier_quarter_goes_all_the_way_with_the_commands_of_the_readme(published):
    assert "Signed off by A Statistician, Head of Profession" in published.said
    assert (published.home / "site" / SIGNED.id / "v1" / "index.html").is_file()


@pytest.mark.slow
def test_areas_get_what_the_page_says_by_its_command_once_a_quarter_is_public(published):
    """The quarter of the page is an example too: a newcomer names the one that is public."""
    [named] = re.findall(r"\d{4}-\d{2}Q\d", text_of(RETURNED[1]))
    said = published.types(text_of(RETURNED[1]).replace(named, SIGNED.id))
    [number, folder] = re.search(r"Feedback to (\d+) areas on .* is in (\S+)", said).groups()
    made = [place for place in Path(folder).iterdir() if place.is_dir()]
    assert len(made) == int(number) > 1
    for place in made:
        assert {path.suffix for path in place.iterdir()} >= {".html", ".csv"}


@pytest.mark.slow
def test_own_packs_are_built_in_a_home_of_their_own(newcomer):
    said = newcomer.types(text_of("README.md 4"))
    assert str(newcomer.checkout / "own") in said
    assert (newcomer.checkout / "own" / "landing" / "reports").is_dir()


def test_an_area_checks_a_pack_beside_earlier_ones_with_the_command_of_the_page(fresh):
    said = fresh.types(SENT + text_of(RETURNED[0]))
    assert "CTW-EN01_2026-27Q2_v2: The pack would be accepted" in said
    assert (fresh.checkout / "answer" / "report.html").is_file()


def test_a_home_without_old_returns_loses_none_by_the_commands_of_the_page(fresh):
    fresh.home.mkdir()
    said = fresh.types(text_of(RETURNED[2]))
    assert "No raw return is kept." in said
    assert "Nothing was removed" in said


def test_a_rehearsal_is_made_and_used_with_the_commands_of_the_page(fresh):
    said = fresh.types(text_of(REHEARSED[0]) + "ctw status\n")
    assert "09:30 on 17 December 2026" in said
    assert "Rehearsal  it is taken to be" in said


@pytest.mark.slow
def test_a_home_is_saved_and_put_back_with_the_commands_of_the_page(newcomer):
    newcomer.types(text_of(SAVED[0]))
    said = newcomer.types(text_of(SAVED[1]))
    assert f"{SIGNED.label}  v1" in said
    assert (newcomer.machine / "srv" / "connect-to-work" / "keys").is_dir()
