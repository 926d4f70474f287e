"""A figure that leaves out an area is marked everywhere, named, and compared with no other."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from publications.commentary.compose import compose
from publications.data.manifest import sealed
from publications.errors import WordingError
from publications.folder import render
from publications.gates.reading import header, header_position, rows_of, sheets
from publications.gates.screener import GATES, screen, screen_files
from publications.pages.charts import drawn
from publications.release.model import Quality
from publications.release.table import Figure, Gap
from publications.release.tabulate import divided
from publications.wording.naming import csv_path, metadata_path, sheet_name
from publications.words import words_in
from schemas.table import Rate
from tests.publications.release_sample import sample

pytestmark = pytest.mark.slow

EW, ENGLAND, LONDON, NORTH_EAST = "K04000001", "E92000001", "E12000007", "E12000001"
NORTH_WEST = "E12000002"
WEST_LONDON, DEVON = "CTW-EN01", "CTW-EN23"
NOW, BEFORE = "2026-27Q2", "2026-27Q1"


@pytest.fixture(scope="module")
def lacking():
    return sample(missing=(WEST_LONDON, DEVON))


@pytest.fixture(scope="module")
def lacking_files(lacking):
    return render(lacking)


def texts(release):
    return {s.id: re.sub("<[^>]+>", "", str(s.text)) for s in compose(release).sentences}


def markers(release, table, measure, **codes):
    """The marker of a measure at each area, in one period."""
    found = release.table(table)
    place = [c.id for c in found.dimensions].index("delivery_area")
    return {
        row.codes[place]: found.figure(measure, **codes, delivery_area=row.codes[place]).marker
        for row in found.rows
    }


def test_every_gate_passes_a_release_with_missing_returns(lacking, lacking_files):
    assert not any(screen(lacking, lacking_files).values())
    assert screen_files(lacking_files) == []


def test_a_description_of_a_chart_that_leaves_out_an_incomplete_bar_is_found(
    lacking, lacking_files
):
    path = "charts/figure-3.svg"
    drawing = lacking_files[path].decode()
    described = re.search(r"bars\. (.+?) leaves? out areas", drawing)[1]
    altered = {**lacking_files, path: drawing.replace(described, "Wales").encode()}
    assert "description" in str(screen(lacking, altered)["same_in_charts"])


def test_every_sum_over_a_missing_area_is_marked_and_no_other(lacking):
    now = markers(lacking, "starts_by_delivery_area", "starts", quarter=NOW)
    assert (now[WEST_LONDON], now[DEVON]) == ("x", "x")
    assert (now[LONDON], now[ENGLAND], now[EW]) == ("i", "i", "i")
    assert (now[NORTH_EAST], now["W92000004"], now["CTW-EN07"]) == ("", "", "")
    to_date = markers(lacking, "starts_by_delivery_area", "starts", quarter="total")
    assert (to_date[WEST_LONDON], to_date[LONDON], to_date[EW]) == ("i", "i", "i")
    assert (to_date[NORTH_EAST], to_date["CTW-EN07"]) == ("", "")
    before = markers(lacking, "starts_by_delivery_area", "starts", quarter=BEFORE)
    assert set(before.values()) == {""}


def test_a_year_and_a_crossed_figure_leave_the_area_out_too(lacking):
    year = markers(lacking, "funding", "funding_claimed", quarter="2026-27")
    assert (year[WEST_LONDON], year[EW], year[NORTH_WEST]) == ("i", "i", "")
    assert markers(lacking, "funding", "funding_claimed", quarter="2025-26")[EW] == ""
    crossed = lacking.table("starts_by_condition").figure(
        "starts", delivery_area=EW, condition_primary="MENTAL", disability_ea2010="Y"
    )
    assert crossed.marker == "i"
    assert {dict(part)["delivery_area"] for part in crossed.lacks} == {WEST_LONDON, DEVON}


def test_facts_of_the_register_are_complete_without_returns(lacking):
    assert markers(lacking, "rollout", "planned_starts")[EW] in ("", "e")
    assert lacking.table("key_figures").figure("areas_open", delivery_area=EW, quarter=NOW) == (
        sample().table("key_figures").figure("areas_open", delivery_area=EW, quarter=NOW)
    )


def test_every_figure_of_a_population_is_marked_also_where_no_table_shows_its_areas(lacking):
    for measure in ("referrals", "caseload", "job_starts", "higher_outcomes"):
        figure = lacking.table("key_figures").figure(measure, delivery_area=EW, quarter=NOW)
        assert figure.marker == "i", measure


def test_the_release_with_missing_returns_passes_every_gate(lacking, lacking_files):
    assert screen(lacking, lacking_files) == {name: [] for name in GATES}


def test_every_format_shows_the_mark_and_names_the_areas(lacking, lacking_files):
    table = lacking.table("starts_by_delivery_area")
    rows = rows_of(lacking_files, csv_path(lacking.quarter, table))
    london = {row["quarter_code"]: row for row in rows if row["delivery_area_code"] == LONDON}
    assert (london[NOW]["marker"], bool(london[NOW]["value"])) == ("i", True)
    assert london[BEFORE]["marker"] == ""
    sheet = sheets(lacking_files, lacking.quarter)[sheet_name(table)]
    column = header(sheet).index("2026-27 Q2: shorthand")
    assert next(row for row in sheet[header_position(sheet) :] if row[1] == LONDON)[column] == "[i]"
    named = "West London (2026-27 Q2); Devon, Plymouth and Torbay (2026-27 Q2)."
    assert any(named in str(row[0]) for row in sheet[: header_position(sheet)])
    notes = json.loads(lacking_files[metadata_path(lacking.quarter, table)])["notes"]
    assert any(named in note["text"] for note in notes)
    page = lacking_files["index.html"].decode()
    assert re.search(r'<td class="numeric" data-cell="[\d,]+">[\d,]+ \[i\]</td>', page)
    assert "leave out one or more of West London; Devon, Plymouth and Torbay." in page
    chart = next(chart for chart in drawn(lacking) if chart.key == "regions")
    content = lacking_files[f"charts/figure-{chart.number}.csv"].decode()
    bars = {row["area"]: row["marker"] for row in csv.DictReader(io.StringIO(content))}
    assert (bars["London"], bars["North East"]) == ("i", "")


CHANGES = r"increase|decrease|unchanged|above the number|below the number|about the number"


def test_a_change_is_said_only_of_the_areas_with_figures_at_both_times(lacking):
    text = {n: t for n, t in texts(lacking).items() if not n.startswith("uncertainty")}
    assert re.search(CHANGES, " ".join(texts(sample()).values()))
    changes = {name: one for name, one in text.items() if re.search(CHANGES, one)}
    assert changes.keys() == {
        *("starts_in_quarter", "starts_trend", "rollout_plan"),
        *("gp_surgeries_change", "mental_health_change", "settings_all"),
    }
    for one in changes.values():
        before, like, after = re.split(r"([Ll]ike for like, in the )", one, maxsplit=1)
        assert not re.search(CHANGES, before)
        assert like
        assert re.match(r"\d+ areas (with|that can be compared with) ", after)
    assert "the most" not in text["areas_ranked"]


def test_a_sentence_with_an_incomplete_figure_says_how_many_areas_it_counts(lacking):
    text = texts(lacking)
    assert (
        "people started in the 43 of the 45 delivery areas that were open and sent a return that "
        "could be used; like for like, in the 47 areas with a figure from returns for both quarters"
    ) in text["starts_in_quarter"]
    for sentence in compose(lacking).sentences:
        if any(number.lacks for _, number in sentence.numbers):
            assert any(n.operation.startswith("count ") for _, n in sentence.numbers), sentence.id


def test_with_one_return_missing_the_grammar_is_right():
    text = texts(sample(missing=(DEVON,)))
    assert (
        "latest return of 1 of the 45 delivery areas that were open was not"
        in (text["starts_to_date"])
    )
    assert "44 of the 45 delivery areas" in text["caseload"]


def test_complete_returns_leave_no_mark_and_no_such_words(release, files):
    assert not any("i" in table.markers for table in release.tables)
    assert "[i]" not in files["index.html"].decode()


def test_every_incomplete_text_says_how_many_returns_are_missing():
    counted = ("responding()", "missing_returns()", "lacking()")
    for key, text in words_in().texts.items():
        if key.endswith(".incomplete") and key.startswith("commentary.sentences."):
            assert any(phrase in text for phrase in counted), key


def test_an_incomplete_text_that_does_not_say_so_is_refused(lacking):
    written = {"commentary.sentences.caseload.incomplete": "{{ caseload }} people."}
    words = replace(lacking.words, texts={**lacking.words.texts, **written})
    with pytest.raises(WordingError, match="caseload does not say how many returns are missing"):
        compose(replace(lacking, words=words))


def test_a_sentence_gives_way_where_the_missing_part_is_no_missing_return(release):
    part = (("delivery_area", DEVON), ("quarter", NOW))
    gap = Gap("health_settings", "settings_embedded", part)
    unknown = replace(release, quality=replace(release.quality, gaps=(gap,)))
    text = texts(unknown)
    assert "settings_all" not in text
    assert "in the 47 areas" in text["gp_surgeries_change"]
    assert text["starts_in_quarter"] == texts(release)["starts_in_quarter"]


def test_a_chart_compares_only_bars_that_leave_out_the_same_areas(lacking):
    charts = {chart.key: chart for chart in drawn(lacking)}
    assert "The largest is" not in charts["regions"].description
    assert "London and South West leave out areas" in charts["regions"].description
    assert "2026-27 Q2 leaves out areas" in charts["starts"].description
    assert "Every bar leaves out the same areas. The largest is" in (
        charts["referral_routes"].description
    )
    labels = [bar.label for bar in charts["regions"].bars]
    assert labels.index("North East") < labels.index("London") < labels.index("South East")


def test_that_parts_are_missing_weighs_more_than_that_a_figure_is_estimated(release):
    gap = Gap("plans", "planned_starts", (("delivery_area", "CTW-EN03"),))
    unknown = replace(release, quality=Quality(release.quality.returns, (), gaps=(gap,)))
    assert markers(release, "rollout", "planned_starts")[EW] == "e"
    marks = markers(unknown, "rollout", "planned_starts")
    assert (marks[EW], marks["E12000006"]) == ("i", "e")


RATE = Rate("r", "R", "a", "b", per=1, decimals=0, unit="pounds")
LACKS = frozenset({(("delivery_area", DEVON), ("quarter", NOW))})


def test_a_rate_divides_only_figures_that_leave_out_the_same_areas():
    over, under = Figure(900, "i", LACKS), Figure(90, "i", LACKS)
    made = divided(RATE, over, under, 30)
    assert (made.value, made.marker, made.lacks) == (Decimal(10), "i", LACKS)
    assert divided(RATE, over, Figure(90), 30) == Figure(None, "x")
    assert divided(RATE, Figure(900), Figure(90), 30) == Figure(Decimal(10))


def test_a_sum_that_is_not_marked_is_found_in_the_files(lacking, lacking_files):
    path = csv_path(lacking.quarter, lacking.table("starts_by_delivery_area"))
    lines = lacking_files[path].decode().split("\n")
    place = next(i for i, line in enumerate(lines) if line.startswith(LONDON) and NOW in line)
    lines[place] = lines[place].replace(",i,", ",,")
    rest = {
        name: content
        for name, content in lacking_files.items()
        if name not in ("manifest.json", "SHA256SUMS")
    } | {path: "\n".join(lines).encode()}
    problems = screen(lacking, rest | sealed(lacking, rest))
    assert problems["incomplete_sums_are_marked"] == [
        f"{path}: line {place + 1} sums a part that is not available and is not marked [i]."
    ]
