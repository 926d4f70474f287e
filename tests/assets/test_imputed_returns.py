"""A quarter with missing returns that are imputed, from packs to release: marked [e], said why."""

import csv
import io
import json
import re

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.home.settings import Settings
from operations.releases.explanations import explain, subjects
from operations.releases.release_store import files_in
from tests.assets.test_missing_returns import (
    ENVIRONMENT,
    EW,
    QUARTER,
    REASON,
    found,
    packs_in,
    treat,
)
from tests.explaining import BY, TEXT
from verification import verify

MISSING = ("CTW-EN01", "CTW-EN02", "CTW-EN03")


@pytest.fixture(scope="module")
def drafts(tmp_path_factory):
    """The files of two drafts: one carried forward, then one estimated."""
    home = tmp_path_factory.mktemp("imputed")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "CTW_HOME": str(home)}.items():
            patch.setenv(name, value)
        packs = packs_in(home / "packs", MISSING)
        explain(Settings.read(), QUARTER, dict.fromkeys(subjects(QUARTER), TEXT), BY)
        stopped = CliRunner().invoke(app, ["build", QUARTER.id, "--landing", str(packs)])
        assert stopped.exit_code == 1, "it waits for a choice, before it protects anything"
        made = {}
        for method in ("carry_forward", "estimate"):
            treat(method)
            built = CliRunner().invoke(app, ["build", QUARTER.id, "--landing", str(packs)])
            assert built.exit_code == 0, built.output
            made[method] = files_in(Settings.read().releases(QUARTER) / "v1")
        yield made


@pytest.fixture(scope="module", params=["carry_forward", "estimate"])
def files(request, drafts):
    return drafts[request.param]


def test_an_area_without_a_return_has_an_estimate_and_so_has_every_sum_that_holds_it(files):
    for place in (*MISSING, EW):
        for quarter in (QUARTER.id, "total"):
            value, marker = found(files, "06", "starts", delivery_area=place, quarter=quarter)
            assert (bool(value), marker) == (True, "e"), (place, quarter)
    before = found(files, "06", "starts", delivery_area=EW, quarter=QUARTER.previous.id)
    assert before[1] == ""


def test_a_figure_that_is_carried_forward_is_the_published_one_of_the_quarter_before(drafts):
    for area in MISSING:
        then, now = (
            int(found(drafts["carry_forward"], "06", "starts", delivery_area=area, quarter=q)[0])
            for q in (QUARTER.previous.id, QUARTER.id)
        )
        assert now == then


def test_an_estimate_follows_the_growth_of_the_other_areas(drafts):
    files = drafts["estimate"]

    def starts(area, quarter):
        return found(files, "06", "starts", delivery_area=area, quarter=quarter)

    path = next(p for p in files if "-table-06-" in p and p.endswith(".csv"))
    codes = {row["delivery_area_code"] for row in csv.DictReader(io.StringIO(files[path].decode()))}
    others = [c for c in codes if c.startswith("CTW-") and c not in MISSING]
    pairs = [(starts(c, QUARTER.previous.id), starts(c, QUARTER.id)) for c in others]
    both = [(int(then[0]), int(now[0])) for then, now in pairs if then[0] and now[0]]
    growth = sum(now for _, now in both) / sum(then for then, _ in both)
    for area in MISSING:
        then, now = (int(starts(area, q)[0]) for q in (QUARTER.previous.id, QUARTER.id))
        assert now == pytest.approx(then * growth, abs=2.5)


def test_a_table_by_anything_else_leaves_the_areas_out(files):
    whole = found(files, "09", "starts", delivery_area=EW, sex="total", age_band="total")
    assert (bool(whole[0]), whole[1]) == (True, "i")


def test_an_estimate_states_no_range(files):
    for path in (p for p in files if "-table-" in p and p.endswith(".csv")):
        for row in csv.DictReader(io.StringIO(files[path].decode())):
            if row["marker"] == "e":
                assert (row["lower"], row["upper"]) == ("", "")


def test_an_allocation_of_a_year_is_complete_when_the_area_reported_a_quarter_of_it(files):
    value, marker = found(files, "24", "funding_allocated", delivery_area=EW, quarter="2025-26")
    assert (bool(value), marker) == (True, "")


def test_the_notes_name_the_areas_and_the_quality_page_says_who_chose_and_why(files):
    page = files["index.html"].decode()
    assert re.search(
        r"include one or more of West London; [^.]* hold estimates in place of returns", page
    )
    chosen = json.loads(files["quality.json"])["treatment"]
    assert (chosen["name"], chosen["role"]) == ("A Statistician", "Head of Profession")
    quality = files["quality.html"].decode()
    assert REASON in quality
    assert "stands in for the one that is missing, marked [e]" in quality


def test_the_bulletin_counts_the_estimated_returns_and_compares_like_for_like(files):
    text = re.sub(
        r"<(svg|table|script|style).*?</\1>", "", files["index.html"].decode(), flags=re.S
    )
    text = " ".join(re.sub("<[^>]+>", "", text).split())
    assert "with estimates in place of the latest return of 3 of the" in text
    assert re.search(r"like for like, in the \d+ areas with a figure from returns for both", text)
    assert not re.search(r"started, (an increase|a decrease) of", text)


def test_the_release_verifies(files, tmp_path):
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert list(verify(tmp_path).findings) == []
