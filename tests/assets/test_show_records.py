"""Every record that people make is listed, and the status of a quarter says what was decided."""

from dataclasses import replace
from datetime import datetime

import pytest

from assets.show import statuses
from assets.show_records import recorded
from operations.home.settings import Settings
from operations.releases.corrections import ask
from operations.releases.explanations import explain
from operations.releases.known_errors import KnownError, record
from operations.releases.quarter_records import TREATMENTS
from operations.releases.release_records import sign
from operations.releases.release_store import mark_published, write_version
from operations.releases.treatments import choose
from publications.release.calendar import release_at
from schemas.quarter import Quarter
from tests.assets.made_releases import QUARTER, asked
from tests.explaining import BY
from tests.operations.releases.test_known_errors import TYPED

FILES = {"manifest.json": b'{"populations": {}}'}
EARLIER = Quarter(2026, 1)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A home in which a version is public, and every kind of decision was taken."""
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    made = Settings(home=tmp_path, code_version="drawn")
    choose(made, QUARTER, "carry_forward", ("CTW-EN02", "CTW-EN01"), "They were late.", BY)
    choose(made, QUARTER, "estimate", ("CTW-EN01",), "One sent it since.", replace(BY, name="Bo"))
    explain(made, QUARTER, {"CTW-EN01": "It was closed."}, BY)
    explain(made, EARLIER, {"CTW-EN02": "It was flooded."}, BY)
    write_version(made, QUARTER, 1, FILES)
    sign(made, QUARTER, 1, asked("0" * 64))
    mark_published(made, QUARTER, 1, release_at(QUARTER))
    ask(made, QUARTER, "minor", "An area claimed twice.", BY)
    return made


def test_every_kind_of_record_is_listed_with_who_and_why(settings):
    listed = recorded(settings)
    for words in (
        "sign-off of 2026-27 Q2 v1 by A Person, Head of Profession",
        "publication of 2026-27 Q2 v1",
        "treatment of missing returns of 2026-27 Q2: carry forward for CTW-EN01, CTW-EN02, chosen "
        "by A Statistician, Head of Profession: They were late.",
        "estimate for CTW-EN01, chosen by Bo, Head of Profession: One sent it since.",
        "correction of 2026-27 Q2 v1, minor, asked for by A Statistician, Head of Profession: An "
        "area claimed twice.",
        "explanation of CTW-EN01 for 2026-27 Q2, given by A Statistician",
        "explanation of CTW-EN02 for 2026-27 Q1, given by A Statistician, Head of Profession: It "
        "was flooded.",
    ):
        assert words in listed


def test_the_status_says_what_was_decided_of_each_quarter(settings):
    said = statuses(settings)
    assert "missing returns of CTW-EN01: estimate, chosen by Bo" in said
    assert "1 correction asked for, the last one minor, of v1" in said
    assert said.count("1 explanation given") == 2
    assert "There is no release of 2026-27 Q1 yet" in said


def test_the_status_counts_in_plain_words(settings):
    explain(settings, EARLIER, {"CTW-EN03": "It was flooded too."}, BY)
    ask(settings, QUARTER, "minor", "Another area claimed twice.", BY)
    said = statuses(settings)
    assert "2 explanations given" in said
    assert "2 corrections asked for" in said


def test_decisions_are_in_the_order_of_time_whatever_their_offset(settings):
    early = datetime.fromisoformat("2030-06-01T10:30:00+01:00")
    late = datetime.fromisoformat("2030-06-01T10:00:00+00:00")
    explain(settings, QUARTER, {"CTW-EN03": "The later one."}, replace(BY, at=late))
    explain(settings, QUARTER, {"CTW-EN04": "The earlier one."}, replace(BY, at=early))
    listed = recorded(settings)
    assert listed.index("The earlier one.") < listed.index("The later one.")


def test_known_errors_are_part_of_the_status(settings):
    error = KnownError(1, "0" * 64, ("starts_by_quarter",), *TYPED, "2026-12-18T10:00:00+00:00")
    record(settings, QUARTER, error)
    assert "v1 has wrong figures in one or more of starts_by_quarter" in statuses(settings)


def test_records_that_are_not_whole_are_named_in_the_status(settings):
    place = TREATMENTS.place(settings, QUARTER)
    place.write_text(place.read_text().replace("estimate", "leave_out"))
    assert "Line 2 of registers/treatments/2026-27Q2.jsonl" in statuses(settings)


def test_a_home_without_records_says_so(tmp_path):
    empty = Settings(home=tmp_path, code_version="drawn")
    assert recorded(empty) == "Nothing was decided, signed off or published yet."
