"""A public version with wrong figures that cannot change yet says so, by table, from a record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assets.show_records import recorded
from operations.errors import RecordError, SignOffError
from operations.home.identity import Account
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.releases import naming_errors
from operations.releases import register as releases
from operations.releases.explanations import By
from operations.releases.known_errors import KnownError, known_errors, record
from operations.releases.naming_errors import name_errors
from operations.releases.publishing import publish
from operations.releases.release_records import publication
from operations.releases.release_store import files_in
from operations.releases.typed_words import TypedText
from publications.release.calendar import release_at
from tests.assets.made_releases import QUARTER, edited, released, rewrite
from tests.publications.html_page import name_of, page
from verification.folder import altered, opened

REASON = "Three people of one area were counted twice."
BY = By(
    "A Person",
    "Head of Profession",
    datetime.fromisoformat("2026-12-18T10:00:00+00:00"),
    Account("service", "operating system"),
)
TABLES = ("starts_by_quarter", "starts_by_delivery_area")
TYPED = (TypedText(REASON), *(TypedText(one) for one in ("A Person", "Head of Profession")))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    made = Settings(home=tmp_path, code_version="0123abc")
    keys_of(made)
    return made


def register(settings):
    return settings.home / "registers" / "known_errors" / f"{QUARTER.id}.jsonl"


def error_of(settings, manifest=""):
    """The record of an error in the version that is public."""
    made = publication(settings, QUARTER, 1)
    about = (made.version, manifest or made.manifest_sha256)
    return KnownError(*about, TABLES, *TYPED, "2026-12-18")


def test_every_page_names_the_tables_and_neither_reason_nor_size_nor_person(settings):
    released(settings)
    record(settings, QUARTER, error_of(settings))
    publish(settings, QUARTER, release_at(QUARTER))
    shown = settings.site / QUARTER.id / "v1"
    for place in shown.rglob("*.html"):
        (box,) = page(place.read_bytes()).xpath("//main/aside")
        assert "Some figures in this version are known to be wrong." in name_of(box)
        assert [name_of(line) for line in box.iterfind(".//li")] == [
            "Table 2: Starts by quarter, nation and region",
            "Table 6: Starts by delivery area",
        ]
    site = "".join(place.read_text() for place in settings.site.rglob("*.html"))
    assert REASON not in site
    assert "A Person" not in site
    own = page((settings.site / QUARTER.id / "index.html").read_bytes())
    assert "Some figures are known to be wrong" in name_of(own.get_element_by_id("main"))
    assert files_in(shown) == files_in(settings.releases(QUARTER) / "v1")
    assert altered(opened(shown)) == []
    assert "known wrong in 2026-27 Q2 v1: starts_by_quarter" in recorded(settings)


def test_a_record_of_other_files_says_nothing_of_this_version(settings):
    released(settings)
    record(settings, QUARTER, error_of(settings, manifest="0" * 64))
    publish(settings, QUARTER, release_at(QUARTER))
    front = (settings.site / QUARTER.id / "v1" / "index.html").read_text()
    assert "known to be wrong" not in front


def test_a_record_that_was_edited_stops_the_site(settings):
    released(settings)
    record(settings, QUARTER, error_of(settings))
    (line,) = register(settings).read_text().splitlines()
    rewrite(register(settings), [edited(line, tables=["funding"])])
    with pytest.raises(SignOffError, match=r"Line 1 of registers/known_errors/2026-27Q2.jsonl was"):
        publish(settings, QUARTER, release_at(QUARTER))


def test_nothing_is_said_to_be_wrong_while_no_correction_is_held_back(settings):
    released(settings)
    with pytest.raises(SignOffError, match=r"No correction of 2026-27 Q2 v1 is held back.*correct"):
        name_errors(settings, QUARTER, REASON, BY)
    assert known_errors(settings, QUARTER) == []


def test_a_quarter_without_a_public_version_has_no_figures_that_are_wrong(settings):
    with pytest.raises(SignOffError, match="No version of 2026-27 Q2 is public"):
        name_errors(settings, QUARTER, REASON, BY)


def test_nothing_is_recorded_while_the_clock_is_behind_the_register(settings, monkeypatch):
    released(settings)
    monkeypatch.setattr(naming_errors, "held_relations", lambda *_: {"starts"})
    monkeypatch.setattr(naming_errors, "_tables_of", lambda *_: TABLES)
    monkeypatch.setattr(releases, "true_time", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(RecordError, match="Put the clock right"):
        name_errors(settings, QUARTER, REASON, BY)
    assert known_errors(settings, QUARTER) == []


def test_a_reason_with_a_personal_detail_is_not_recorded(settings):
    released(settings)
    with pytest.raises(SignOffError, match="National Insurance number") as refusal:
        name_errors(settings, QUARTER, "AB 12 34 56 C was counted twice", BY)
    assert "AB 12 34 56 C" not in str(refusal.value)
    assert not register(settings).exists()
