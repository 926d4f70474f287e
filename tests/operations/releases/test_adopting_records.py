"""Records from before there was a register: taken over by name, once, or refused."""

import json
import shutil

import pytest

from operations.errors import RecordError, SignOffError
from operations.home.settings import Settings
from operations.releases.adopt import adopt
from operations.releases.publishing import publish
from operations.releases.register import read
from operations.releases.release_records import publications
from operations.releases.release_store import files_in, folder_of
from publications.release.calendar import release_at
from tests.assets.made_releases import QUARTER, asked, built, released

PUBLISHED_AT = "2026-12-17T09:31:00+00:00"


@pytest.fixture
def settings(tmp_path):
    """A home as it was before the register, with one version published."""
    made = Settings(home=tmp_path, code_version="drawn")
    words = {k: v for k, v in vars(asked(built(made))).items() if k != "reason"}
    folder = made.releases(QUARTER)
    (folder / "v1.sign-off.json").write_text(json.dumps({"approvals": [words]}))
    (folder / "v1.published.json").write_text(json.dumps({"published_at": PUBLISHED_AT}))
    shutil.copytree(folder_of(made, QUARTER, 1), tmp_path / "site_builds" / "000001" / QUARTER.id)
    made.site.symlink_to("site_builds/000001")
    return made


@pytest.mark.parametrize("has_site", [True, False])
def test_nothing_is_built_or_published_on_records_that_were_not_taken_over(settings, has_site):
    if not has_site:
        settings.site.unlink()
    with pytest.raises(RecordError, match="ctw adopt-records"):
        publications(settings)
    with pytest.raises(RecordError, match="ctw adopt-records"):
        publish(settings, QUARTER, release_at(QUARTER))


def test_records_are_taken_over_with_the_name_of_who_answers_and_nothing_is_lost(settings):
    kinds = ("v1.sign-off.json", "v1.published.json")
    old = {name: (settings.releases(QUARTER) / name).read_text() for name in kinds}
    assert adopt(settings, "A Person") == 1
    (made,) = publications(settings)
    assert made.published_at.isoformat() == PUBLISHED_AT
    assert {words["adopted_by"] for words in read(settings)} == {"A Person"}
    kept = settings.home / "registers" / "adopted" / QUARTER.id
    assert {p.name: p.read_text() for p in kept.iterdir()} == old
    publish(settings, QUARTER, release_at(QUARTER))
    assert files_in(settings.site / QUARTER.id / "v1") == files_in(folder_of(settings, QUARTER, 1))


def test_what_is_not_as_it_was_signed_is_not_taken_over(settings):
    (folder_of(settings, QUARTER, 1) / "index.html").write_text("another")
    with pytest.raises(SignOffError, match="index.html was altered"):
        adopt(settings, "A Person")
    assert read(settings) == []


@pytest.mark.parametrize("name", ["v1.sign-off.json", "v1.published.json"])
@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_damaged_record_is_named(settings, name, content):
    (settings.releases(QUARTER) / name).write_text(content)
    with pytest.raises(RecordError, match=f"{name} cannot be read"):
        adopt(settings, "A Person")


def test_a_home_with_a_register_takes_nothing_over(tmp_path):
    settings = Settings(home=tmp_path, code_version="drawn")
    released(settings)
    file = settings.releases(QUARTER) / "v1.sign-off.json"
    file.write_text(json.dumps({"approvals": []}))
    with pytest.raises(RecordError, match="holds records of its own already"):
        adopt(settings, "A Person")
