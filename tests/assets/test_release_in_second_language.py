"""A whole build in a second language, from return packs to a published release that is verified."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from operations.home.settings import ROOT, Settings
from operations.releases.release_store import manifest_hash
from tests.assets.test_revisions_between_quarters import ENVIRONMENT, SECOND, two_quarters
from tests.built_homes import copied
from tests.publications.release_sample import sample
from tests.publications.second_language import LETTERS, write
from tests.publications.visible_text import visible

ROOMS = (
    *("reference", "schemas", "disclosure", "pipelines", "publications", "operations", "assets"),
    "verification",
)
PERSON = ("--name", "A Person", "--role", "Head of Profession")


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    """A copy of the code to which somebody has added the catalogue of a language."""
    folder = tmp_path_factory.mktemp("second_language")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    catalogue = folder / "publications" / "words" / "xx"
    catalogue.mkdir()
    write(catalogue, sample())
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with a public release in English, and the packs of the next quarter."""
    with copied(tmp_path_factory, "two_quarters", ENVIRONMENT, two_quarters) as folder:
        yield folder


RUN = """
import json
import sys

from assets.cli import app

for words in json.loads(sys.argv[1]):
    app(words, standalone_mode=False)
"""


def ctw(code, *commands):
    """Run commands of the copied code in the second language, and return what they say."""
    words = (sys.executable, "-c", RUN, json.dumps(commands))
    environment = {**os.environ, "CTW_LANGUAGE": "xx"}
    done = subprocess.run(
        words, cwd=code, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_quarter_is_built_published_and_verified_in_a_second_language(code, home):
    ctw(code, ("build", SECOND.id, "--landing", str(home / "packs")))
    public, read = home / "site" / SECOND.id / "v1", Settings.read().releases(SECOND) / "v1"
    said = ctw(
        code,
        ("sign-off", SECOND.id, "--manifest", manifest_hash(read), *PERSON),
        ("publish", SECOND.id),
        ("verify", str(public)),
    )
    assert "The independent verifier: no findings" in said
    bulletin = visible("index.html", (public / "index.html").read_bytes())
    assert any("Starts".translate(LETTERS) in text for text in bulletin)
    assert not any("Starts" in text for text in bulletin)
