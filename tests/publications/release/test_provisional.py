"""Figures of events that areas record late are `[p]` until later returns have settled them."""

from __future__ import annotations

import csv
import io
import json

import pytest

from operations.home.durable import replace_folder
from publications.commentary.compose import compose
from publications.data.open_data import as_csv, as_json
from publications.data.published import Published
from publications.data.revised import with_revisions
from publications.folder import render
from publications.gates.expected import expected_of
from publications.gates.reading import rows_of, sheets
from publications.gates.screener import GATES, screen_files, screen_folder
from publications.pages.corrections import changes
from publications.populations import HIGHER_OUTCOMES, JOB_STARTS, LOWER_OUTCOMES, POPULATIONS
from publications.release.provisional import unsettled
from publications.release.table import Figure
from publications.release.tabulate import divided
from publications.tables import TABLES
from publications.wording.naming import csv_path, sheet_name
from publications.words import words_in
from schemas.dimension import BY_QUARTER, DELIVERY_AREA, NATION, QUARTER, Breakdown
from schemas.measure import Measure, Rate
from schemas.quarter import Quarter
from schemas.settling import JOBS, OUTCOMES
from schemas.table import StatisticalTable
from tests.publications.changes import sealed
from tests.publications.release_sample import sample, treated, with_figure
from verification import verify

pytestmark = pytest.mark.slow

WORDS = words_in()
EW = "K04000001"
PERIODS = Breakdown(QUARTER)
JOBS_BY_PERIOD = StatisticalTable(
    number=91,
    id="jobs_by_period",
    title="Job starts and outcomes by period",
    measures=(
        Measure(JOB_STARTS, "job_starts", "Job starts"),
        Measure(HIGHER_OUTCOMES, "higher_outcomes", "Higher threshold outcomes"),
        Rate("outcomes_per_job", "Outcomes per 100 jobs", "higher_outcomes", "job_starts"),
    ),
    by=(NATION, PERIODS),
)
JOBS_TO_DATE = StatisticalTable(
    number=92,
    id="jobs_to_date",
    title="Job starts to date",
    measures=(Measure(JOB_STARTS, "job_starts", "Job starts"),),
    by=(NATION,),
)
JOBS_BY_AREA = StatisticalTable(
    number=93,
    id="jobs_by_area",
    title="Job starts by delivery area",
    measures=(Measure(JOB_STARTS, "job_starts", "Job starts"),),
    by=(DELIVERY_AREA, BY_QUARTER),
)
DECLARED = (*TABLES, JOBS_BY_PERIOD, JOBS_TO_DATE, JOBS_BY_AREA)


@pytest.fixture(scope="module")
def release():
    return sample(tables=DECLARED)


@pytest.fixture(scope="module")
def files(release):
    return render(release)


def markers(release, measure, table="jobs_by_period", area=EW):
    """The marks beside the figures of a measure, by the code of their period."""
    found = release.table(table)
    place = [column.id for column in found.measures].index(measure)
    return {
        row.codes[1]: row.figures[place].marker
        for row in found.rows
        if row.codes[0] == area and row.figures[place].value is not None
    }


def test_the_latest_quarters_and_what_contains_them_are_not_settled():
    def codes(quarter, after):
        upto = Quarter.parse(quarter)
        return unsettled(QUARTER.codes(upto), upto, after)

    assert codes("2026-27Q2", 0) == set()
    assert codes("2026-27Q2", 1) == {"2026-27Q2", "2026-27", "total"}
    assert codes("2026-27Q2", 2) == {"2026-27Q2", "2026-27Q1", "2026-27", "total"}
    assert codes("2026-27Q1", 2) == {"2026-27Q1", "2025-26Q4", "2026-27", "2025-26", "total"}
    assert codes("2025-26Q1", 9) == {"2025-26Q1", "2025-26", "total"}


def test_populations_settle_after_the_quarters_that_are_declared_for_their_events():
    assert JOB_STARTS.settles_after == JOBS.quarters == 1
    assert LOWER_OUTCOMES.settles_after == HIGHER_OUTCOMES.settles_after == OUTCOMES.quarters == 2
    late = {JOB_STARTS, LOWER_OUTCOMES, HIGHER_OUTCOMES}
    assert {population for population in POPULATIONS if population.settles_after} == late
    assert {JOBS.mark, OUTCOMES.mark} == {"I"}, "nobody has verified these with DWP"


def test_figures_of_periods_that_are_not_settled_are_provisional_and_no_others(release):
    year_before = {f"2025-26Q{number}": "" for number in (1, 2, 3, 4)} | {"2025-26": ""}
    open_now = {"2026-27Q2": "p", "2026-27": "p", "total": "p"}
    jobs = markers(release, "job_starts")
    assert jobs == year_before | {"2026-27Q1": ""} | open_now
    outcomes = year_before | {"2026-27Q1": "p"} | open_now
    assert markers(release, "higher_outcomes") == outcomes
    assert markers(release, "outcomes_per_job").items() <= outcomes.items(), "as its numerator"
    assert set(markers(release, "starts", "starts_by_quarter").values()) <= {""}


def test_a_table_without_periods_shows_the_programme_to_date(release):
    assert {f.marker for row in release.table("jobs_to_date").rows for f in row.figures} == {"p"}


def test_the_next_release_has_no_mark_on_figures_that_settled(release):
    later = sample("2026-27Q3", tables=DECLARED)
    before, now = (markers(one, "job_starts") for one in (release, later))
    assert (before["2026-27Q2"], now["2026-27Q2"], now["2026-27Q3"]) == ("p", "", "p")
    before, now = (markers(one, "higher_outcomes") for one in (release, later))
    assert (before["2026-27Q1"], now["2026-27Q1"], now["2026-27Q2"]) == ("p", "", "p")
    last = markers(sample("2027-28Q1", tables=DECLARED), "higher_outcomes")
    assert (last["2026-27"], last["2026-27Q4"], last["2026-27Q3"]) == ("p", "p", "")


def test_incomplete_and_estimated_figures_keep_their_mark(tmp_path):
    drawn = sample(tables=DECLARED, missing=("CTW-EN01",))
    assert markers(drawn, "job_starts")["2026-27Q2"] == "i"
    assert markers(drawn, "job_starts", area="W92000004")["2026-27Q2"] == "p"
    estimated = treated(drawn, "carry_forward")
    assert markers(estimated, "job_starts", "jobs_by_area")["2026-27Q2"] == "e"
    assert markers(estimated, "job_starts", "jobs_by_area", "W92000004")["2026-27Q2"] == "p"
    files = render(estimated)
    assert screen_folder(files) == []
    assert found_by_verifier(files, tmp_path / "estimated") == []


def test_a_mark_in_place_of_a_figure_stays(release):
    place = {"delivery_area": EW, "quarter": "2026-27Q2"}
    for letter in "cxz":
        drawn = with_figure(release, "jobs_by_period", "job_starts", Figure(None, letter), **place)
        found = drawn.table("jobs_by_period").figure("job_starts", **place)
        assert found == Figure(None, letter)


def test_a_rate_of_a_provisional_figure_is_provisional_unless_one_is_an_estimate():
    rate = Rate("r", "R", "over", "under")
    for over, under, expected in [("p", "", "p"), ("", "p", "p"), ("p", "e", "e"), ("", "", "")]:
        assert divided(rate, Figure(5, over), Figure(10, under), 1).marker == expected


@pytest.fixture(scope="module")
def revised(release):
    """The release after one that shows two figures otherwise, of which one is provisional still."""
    before = sample("2026-27Q1", tables=DECLARED)
    for measure in ("job_starts", "higher_outcomes"):
        place = {"delivery_area": EW, "quarter": "2026-27Q1"}
        before = with_figure(before, "jobs_by_period", measure, Figure(4_995), **place)
    return with_revisions(release, [Published(before.quarter, 1, render(before))], "Drawn.")


def test_a_provisional_figure_that_was_revised_is_marked_revised(revised):
    assert markers(revised, "job_starts")["2026-27Q1"] == "r"
    assert markers(revised, "higher_outcomes")["2026-27Q1"] == "r"
    assert markers(revised, "higher_outcomes")["2026-27Q2"] == "p"
    assert screen_folder(render(revised)) == []


def test_a_revised_figure_cannot_pass_for_provisional(revised):
    altered = with_marks(revised, render(revised), "higher_outcomes", "2026-27Q1", "p")
    assert any("was revised and is not marked [r]" in problem for problem in screen_files(altered))


def with_marks(release, files, measure, period, marker, *, beside=True):
    """The files with another mark beside, or in place of, figures of a measure and period."""
    path = csv_path(release.quarter, release.table("jobs_by_period"))
    rows = list(csv.DictReader(io.StringIO(files[path].decode())))
    for row in rows:
        is_own = (row["measure"], row["quarter_code"]) == (measure, period)
        if is_own and bool(row["value"]) == beside:
            row["marker"] = marker
    return sealed({**files, path: as_csv(list(rows[0]), [list(row.values()) for row in rows])})


def stated(files, **settling):
    """The files with another rule in the manifest, as a release writes it."""
    manifest = json.loads(files["manifest.json"])
    for name, after in settling.items():
        manifest["populations"][name]["settles_after"] = after
    return {**files, "manifest.json": as_json(manifest)}


def test_a_correction_that_changes_this_mark_alone_corrects_no_figure(release, files):
    altered = with_marks(release, files, "job_starts", "2026-27Q2", "r")
    assert changes(files, altered, WORDS) == []
    altered = with_marks(release, files, "job_starts", "2026-27Q2", "e")
    assert len(changes(files, altered, WORDS)) == 3, "England and Wales, England, Wales"


def found_by_gate(files):
    gates = ("provisional_figures_are_marked", "notes_say_until_when")
    return [p for p in screen_files(files, {name: GATES[name] for name in gates}) if p]


def found_by_verifier(files, folder):
    replace_folder(folder, files)
    return [f.message for f in verify(folder).findings if "provisional" in f.message]


def test_gate_and_verifier_find_nothing_where_the_rule_is_kept(files, tmp_path):
    assert screen_folder(files) == []
    replace_folder(tmp_path / "kept", files)
    assert [finding.message for finding in verify(tmp_path / "kept").findings] == []


@pytest.mark.parametrize(
    ("measure", "period", "marker", "by_gate", "by_verifier"),
    [
        ("job_starts", "2026-27Q2", "", "is provisional and not", "is provisional and is not"),
        ("job_starts", "2026-27Q1", "p", "its period is settled", "is not provisional"),
        ("job_starts", "2026-27", "", "is provisional and not", "is provisional and is not"),
        ("job_starts", "2025-26", "p", "its period is settled", "is not provisional"),
        ("higher_outcomes", "total", "", "is provisional and not", "is provisional and is not"),
        ("higher_outcomes", "2026-27Q1", "", "is provisional and not", "is provisional and is"),
        ("outcomes_per_job", "2026-27Q1", "", "is provisional and not", "is provisional and is"),
        ("outcomes_per_job", "2025-26Q4", "p", "its period is settled", "is not provisional"),
    ],
)
def test_gate_and_verifier_find_a_mark_that_is_missing_and_one_too_many(
    release, files, tmp_path, measure, period, marker, by_gate, by_verifier
):
    altered = with_marks(release, files, measure, period, marker)
    problems, findings = found_by_gate(altered), found_by_verifier(altered, tmp_path / "altered")
    assert {by_gate in problem for problem in problems} == {True}, problems
    assert {by_verifier in message for message in findings} == {True}, findings


def test_a_mark_in_place_of_a_figure_cannot_be_provisional(release, tmp_path):
    place = {"delivery_area": EW, "quarter": "2026-27Q2"}
    drawn = with_figure(release, "jobs_by_period", "job_starts", Figure(None, "c"), **place)
    altered = with_marks(drawn, render(drawn), "job_starts", "2026-27Q2", "p", beside=False)
    [problem] = found_by_gate(altered)
    assert problem.endswith("is marked [p] and has no figure.")
    assert any("is not provisional" in m for m in found_by_verifier(altered, tmp_path / "altered"))


def test_another_rule_in_the_manifest_does_not_agree_with_the_marks(release, files, tmp_path):
    for number, (after, word) in enumerate([(0, "settled"), (2, "provisional and not"), (-1, "0")]):
        altered = stated(files, job_starts=after)
        assert any(word in problem for problem in found_by_gate(altered))
        assert found_by_verifier(altered, tmp_path / str(number))
        problems = GATES["same_as_release"](expected_of(release), altered)
        assert any("settles_after" in problem for problem in problems)


def test_the_notes_of_a_table_say_the_rule_of_the_manifest(files):
    altered = stated(files, job_starts=2)
    said = [
        p for p in found_by_gate(altered) if p.startswith("manifest.json: table 1 does not say")
    ]
    assert [line.partition(": Figures of ")[2].partition(" for ")[0] for line in said] == [
        "job starts, lower threshold outcomes and higher threshold outcomes"
    ]


@pytest.mark.parametrize("after", ["1", None, True, [1]])
def test_a_rule_that_cannot_be_read_stops_neither_gate_nor_verifier(files, tmp_path, after):
    altered = stated(files, job_starts=after)
    assert screen_files(altered)
    assert found_by_verifier(altered, tmp_path / "altered")


def test_a_release_of_an_earlier_form_has_no_rule_and_no_provisional_figure(files):
    manifest = json.loads(files["manifest.json"])
    for population in manifest["populations"].values():
        del population["settles_after"]
    problems = found_by_gate({**files, "manifest.json": as_json(manifest)})
    assert {"its period is settled" in problem for problem in problems} == {True}


def test_readers_are_told_what_the_mark_means_and_until_when_it_stands(release, files):
    table = release.table("jobs_by_period")
    texts = [str(row[0]) for row in sheets(files, release.quarter)[sheet_name(table)] if row]
    assert any(text.startswith("[p] means provisional: ") for text in texts)
    notes = json.loads(files["manifest.json"])["tables"][-3]["notes"]
    assert [note for note in notes if "provisional" in note] == [
        "Figures of job starts for the latest quarter, and for periods that include it, are marked "
        "as provisional, because areas record these events late. The figure of a quarter loses "
        "the mark in the next release, and that of a longer period once it holds no such quarter; "
        "all can still be revised after that.",
        "Figures of higher threshold outcomes for the latest 2 quarters, and for periods that "
        "include one of them, are marked as provisional, because areas record these events late. "
        "The figure of a quarter loses the mark 2 quarters later, and that of a longer period "
        "once it holds no such quarter; all can still be revised after that.",
    ]
    plain = json.loads(files["manifest.json"])["tables"][5]
    assert not any("provisional" in note for note in plain["notes"])


def test_a_sentence_cites_a_provisional_figure_with_its_mark(release):
    [said] = [s.text for s in compose(release).sentences if s.id == "outcomes_jobs"]
    assert '</data> <abbr title="provisional">[p]</abbr> job starts' in said


def test_a_provisional_figure_has_its_range(release, files):
    path = csv_path(release.quarter, release.table("jobs_to_date"))
    assert all(row["marker"] == "p" and row["lower"] for row in rows_of(files, path))
