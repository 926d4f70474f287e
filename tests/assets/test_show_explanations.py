"""What `ctw explain` answers: what is wanted, what was given, and what was given for nothing."""

import json

import polars as pl
import pytest

from assets.show_explanations import checks_in_words, explained, to_explain
from operations.errors import StoreError
from operations.home.settings import Settings
from operations.releases.explanations import explain
from operations.releases.release_store import write_version
from operations.stores.databases import writing
from pipelines.database import schema_of
from pipelines.quality.suites import OUTCOME
from tests.assets.made_releases import QUARTER, files_of
from tests.explaining import BY

MISSING = {"code": "CTW-EN01", "area": "Area", "status": "not received", "explanation": ""}


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, code_version="v")


def write(settings, *missing, failed=()):
    """Write a version whose quality record names missing areas and checks that did not pass."""
    files = dict(files_of())
    quality = json.loads(files["quality.json"])
    passed = [check | {"passed": check["description"] not in failed} for check in quality["checks"]]
    files["quality.json"] = json.dumps(quality | {"missing": missing, "checks": passed}).encode()
    write_version(settings, QUARTER, 1, files)


def test_of_a_quarter_without_a_version_nothing_is_claimed(settings):
    with pytest.raises(StoreError, match="No version of 2026-27 Q2 was written yet"):
        explained(settings, QUARTER)
    explain(settings, QUARTER, {"CTW-EN02": "It was down."}, BY)
    said = explained(settings, QUARTER)
    assert "lacks nothing" not in said
    assert "Explained for its first build:\n  CTW-EN02: It was down." in said


def test_an_explanation_of_what_is_not_lacking_is_listed_apart(settings):
    write(settings, MISSING)
    explain(settings, QUARTER, {"CTW-EN02": "It was down."}, BY)
    assert explained(settings, QUARTER).splitlines() == [
        "2026-27 Q2 v1 has to explain:",
        "  CTW-EN01: Area (not received): no explanation yet",
        "To give one, in words for the public: ctw explain 2026-27Q2 --name NAME --role ROLE "
        "--because 'CTW-EN01=TEXT'. Then build again, and sign off what you read then: "
        "ctw build 2026-27Q2",
        "v1 does not lack what these explain, so it does not show them:",
        "  CTW-EN02: It was down.",
    ]


def test_a_version_that_lacks_nothing_says_so(settings):
    write(settings)
    assert explained(settings, QUARTER) == ("2026-27 Q2 v1 lacks nothing that has to be explained.")


def test_of_a_check_it_says_where_those_who_may_see_it_read_what_was_observed(settings):
    described = json.loads(files_of()["quality.json"])["checks"][0]["description"]
    write(settings, failed={described})
    said = explained(settings, QUARTER)
    assert f"confidential, and in {settings.home}/data_docs/2026-27Q2/index.html" in said


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["CTW-EN01"], "Explain    1 area or check, before sign-off"),
        (["CTW-EN01", "CTW-EN02"], "Explain    2 areas and checks, before sign-off"),
    ],
)
def test_the_status_counts_what_has_to_be_explained(settings, codes, said):
    write(settings, *(MISSING | {"code": code} for code in codes))
    (line,) = to_explain(settings, QUARTER, 1)
    assert line.startswith(said)


def test_of_a_missing_area_nothing_was_observed(settings):
    write(settings, MISSING)
    assert "confidential" not in explained(settings, QUARTER)


def test_every_unmet_check_is_counted_and_only_public_ones_are_to_be_explained(settings):
    judged = pl.DataFrame(
        {"passed": [True, False, False, False], "is_public": [True, True, False, False]}
    ).with_columns(suite=pl.lit("Returns"), description=pl.lit("All."), severity=pl.lit("warn"))
    rows = judged.with_columns(is_judged=True)
    frame = pl.DataFrame(rows.to_dicts(), schema=OUTCOME)
    with writing(settings.confidential) as database:
        database.put(schema_of("quality", QUARTER), "checks", frame)
    said = checks_in_words(settings, QUARTER)
    assert "3 of 4 plausibility checks are not met: 1 public, to be explained" in said
    assert "and 2 confidential, for statisticians alone" in said
    assert said.endswith(f"/desk/{QUARTER.id}/docs/")
