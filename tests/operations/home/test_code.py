"""Which code made a release: without a name for it, a build is a trial that goes nowhere."""

import json
import re

import pytest

from operations.errors import SettingsError, SignOffError
from operations.home.code import check_code, is_known
from operations.home.settings import Settings
from operations.releases.publishing import lay_draft, publish, sign_off
from operations.releases.release_store import folder_of, manifest_hash, sign, write_version
from operations.releases.run_records import Run, record_run
from publications.release.calendar import release_at
from tests.assets.made_releases import QUARTER, WRITTEN, asked, built, files_of
from tests.publications.changes import Change, changed
from tests.publications.release_sample import sample

CODE = sample().code_version


def home_of(path, code):
    return Settings(home=path, code_version=code)


@pytest.mark.parametrize(
    ("code", "known"), [("unknown", False), ("0123abc+changes", False), ("0123abc", True)]
)
def test_a_version_names_code_unless_it_is_unknown_or_has_changes_beside_it(code, known):
    assert is_known(code) is known


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("unknown", "It is not known which code this is.+set CTW_CODE_VERSION"),
        ("0123abc+changes", "changes that are not committed.+git status --ignored.+commit it"),
    ],
)
def test_a_build_that_cannot_say_which_code_it_is_stops_unless_it_is_a_trial(tmp_path, code, said):
    unnamed = home_of(tmp_path, code)
    with pytest.raises(SettingsError, match=said):
        check_code(unnamed)
    check_code(unnamed, allow_unknown=True)
    check_code(home_of(tmp_path, "0123abc"))


def test_a_build_of_a_checkout_that_another_user_owns_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    with pytest.raises(SettingsError, match="as another user owns it.+--add safe.directory"):
        check_code(home_of(tmp_path, "unknown"))


@pytest.mark.parametrize("code", ["unknown", "0123abc+changes"])
def test_a_trial_is_marked_and_neither_signed_off_nor_published(tmp_path, code):
    settings = home_of(tmp_path, CODE)
    manifest = built(settings, code=code)
    draft = lay_draft(settings, QUARTER, 1)
    assert "Trial" in (draft / "index.html").read_text()
    with pytest.raises(SignOffError, match="nobody can say which code that was"):
        sign_off(settings, QUARTER, asked(manifest))
    sign(settings, QUARTER, 1, asked(manifest))
    with pytest.raises(SignOffError, match="nobody can say which code that was"):
        publish(settings, QUARTER, release_at(QUARTER))


def test_a_draft_names_quarter_and_version_and_adds_its_banner_alone(
    tmp_path,
):
    """No heading of the desk is on it, which would name the run."""
    settings = home_of(tmp_path, CODE)
    built(settings)
    draft = (lay_draft(settings, QUARTER, 1) / "index.html").read_text().splitlines()
    signed = (folder_of(settings, QUARTER, 1) / "index.html").read_text().splitlines()
    assert f"Version 1 of {QUARTER.label}" in re.sub(r"<[^>]+>", "", "\n".join(draft))
    added = "\n".join(line for line in draft if line not in signed)
    assert "Draft" in added
    assert "<h1" not in added
    assert set(signed) - set(draft) == set()


def test_a_draft_of_other_code_that_is_not_as_today_is_refused_in_one_sentence(tmp_path):
    settings = home_of(tmp_path, "today")
    built(settings)
    other = changed(files_of(), Change("a word", "quality.html", r"<h1>(Quality)", "Other"))
    write_version(settings, QUARTER, 1, other)
    manifest = manifest_hash(folder_of(settings, QUARTER, 1))
    record_run(settings, QUARTER, 1, Run("drawn", CODE, WRITTEN, manifest))
    with pytest.raises(SignOffError) as refused:
        sign_off(settings, QUARTER, asked(manifest))
    assert str(refused.value) == (
        f"2026-27 Q2 v1 was written by the code {CODE} and is not what the code of today (today) "
        "writes: build it again (ctw build 2026-27Q2), and sign off what you read then."
    )


def test_a_draft_of_other_code_that_is_as_today_is_signed_off(tmp_path):
    settings = home_of(tmp_path, "today")
    manifest = built(settings)
    words = json.loads((folder_of(settings, QUARTER, 1) / "manifest.json").read_bytes())
    assert words["code_version"] == CODE != settings.code_version
    sign_off(settings, QUARTER, asked(manifest))
