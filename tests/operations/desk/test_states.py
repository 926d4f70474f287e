"""What the desk says of versions on their way to the public, and what waits for a person."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets import agenda
from assets.agenda import scheduled
from assets.build_runs import BuildRuns
from assets.desk import deadlines
from assets.show import statuses, waiting_line
from assets.ways import page_of
from operations.desk.forms import forms_on
from operations.desk.front import Line, decisions_on, gather_front
from operations.desk.outlook import BuildRun, Outlook
from operations.desk.pages import front_page, heat_map_page, quarter_page
from operations.desk.rendering import Frame, shown
from operations.desk.returns import AreaReturn, Returns
from operations.desk.version import Subject, newest_subject
from operations.errors import SignOffError
from operations.home.audiences import enter
from operations.home.clock import LONDON
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.releases.explanations import check_explained, explain, unexplained
from operations.releases.release_store import (
    SignOff,
    files_in,
    folder_of,
    manifest_hash,
    mark_published,
    release_time,
    sign,
    write_version,
)
from operations.releases.run_records import Run, record_run
from schemas.quarter import PROGRAMME_START, Quarter
from tests.explaining import BY, TEXT

GOLDEN = Path(__file__).parents[2] / "golden" / "release"
QUARTER = Quarter.parse(json.loads((GOLDEN / "manifest.json").read_bytes())["period"]["id"])
BEFORE, DUE = QUARTER.previous, release_time(GOLDEN)
LAST_EVENING = datetime.combine(QUARTER.end, time(23, 59), LONDON)


@pytest.fixture
def settings(tmp_path):
    made = Settings(home=tmp_path / "home", code_version="drawn")
    enter(made.home)
    return made


def built(settings, quarter=QUARTER, version=1):
    """Write the golden release as a version, and its run, as a build does."""
    keys_of(settings)
    write_version(settings, quarter, version, files_in(GOLDEN))
    manifest = manifest_hash(folder_of(settings, quarter, version))
    record_run(settings, quarter, version, Run("drawn", "drawn", DUE.isoformat(), manifest))
    return manifest


def front(settings, at=DUE):
    with dg.DagsterInstance.ephemeral() as held:
        going = frozenset((one.quarter, one.version) for one in scheduled(settings))
        outlook = Outlook(at, BuildRuns(held), tuple(deadlines(at)), going)
        return gather_front(settings, outlook)


def decisions(settings):
    return [(one.quarter, one.what, one.version) for one in front(settings).decisions]


def signed(settings, manifest, at):
    """Record an approval, as sign-off does when it has checked the files."""
    approval = SignOff("A Person", "Head of Profession", "Read", at.isoformat(), manifest)
    sign(settings, QUARTER, 1, approval)


def test_a_draft_waits_for_sign_off(settings):
    built(settings)
    [line] = front(settings).lines
    assert (line.version.state, line.version.written_by.run_id) == ("draft", "drawn")
    assert decisions(settings) == [(QUARTER, "sign off", 1)]


def test_what_waits_before_sign_off_is_what_sign_off_refuses(settings):
    """The quarter is explained step by step, and the first page and the refusal go together."""
    place = folder_of(settings, QUARTER, 1)
    files = files_in(GOLDEN)
    quality = json.loads(files["quality.json"])
    lines = [{"code": "CTW-EN01", "area": "Area", "status": "not received", "explanation": ""}]
    keys_of(settings)
    fresh = json.dumps(quality | {"missing": lines}).encode()
    write_version(settings, QUARTER, 1, {**files, "quality.json": fresh})
    record_run(settings, QUARTER, 1, Run("drawn", "drawn", DUE.isoformat(), manifest_hash(place)))
    wanted, _ = unexplained(settings, QUARTER, 1)
    for number, one in enumerate(wanted):
        [waits] = front(settings).decisions
        assert (waits.what, waits.count) == ("explain", len(wanted) - number)
        with pytest.raises(SignOffError, match="Give one for each"):
            check_explained(settings, QUARTER, 1)
        explain(settings, QUARTER, {one.about: TEXT}, BY)
    [waits] = front(settings).decisions
    assert (waits.what, waits.count) == ("show", len(wanted))
    with pytest.raises(SignOffError, match="\nBuild again"):
        check_explained(settings, QUARTER, 1)
    page = front_page(Frame(DUE), front(settings)).decode()
    assert f'href="/desk/{QUARTER.id}/#forms"' in page
    assert "given after it was built; build it again, so that the quality page shows" in page


def test_a_version_signed_before_its_time_waits_for_nobody(settings):
    signed(settings, built(settings), DUE - timedelta(hours=1))
    [line] = front(settings).lines
    assert line.version.state == "scheduled"
    assert decisions(settings) == []


def test_a_version_signed_after_its_time_waits_for_publication(settings):
    signed(settings, built(settings), DUE + timedelta(hours=1))
    [line] = front(settings).lines
    assert line.version.state == "signed"
    assert decisions(settings) == [(QUARTER, "publish", 1)]


def test_a_published_version_waits_for_nobody_and_its_time_is_shown(settings):
    signed(settings, built(settings), DUE)
    mark_published(settings, QUARTER, 1, DUE + timedelta(minutes=3))
    [line] = front(settings).lines
    assert line.version.state == "published"
    assert line.version.published == DUE + timedelta(minutes=3)
    assert decisions(settings) == []


def test_a_draft_of_an_earlier_quarter_than_readers_have_waits_for_nobody(settings):
    built(settings, BEFORE)
    signed(settings, built(settings), DUE)
    mark_published(settings, QUARTER, 1, DUE)
    newest, older = front(settings).lines
    assert (newest.quarter, older.quarter) == (QUARTER, BEFORE)
    assert "may not go out" in older.version.overtaken
    assert decisions(settings) == []


def test_files_that_differ_from_those_that_were_signed_are_a_draft_with_a_fault(settings):
    signed(settings, built(settings), DUE)
    place = settings.releases(QUARTER) / "v1" / "manifest.json"
    place.write_bytes(place.read_bytes().replace(b'"version"', b'"version" ', 1))
    [line] = front(settings).lines
    assert line.version.state == "draft"
    assert "was signed off with the manifest" in line.version.fault


def test_a_damaged_register_is_said_in_the_line_of_the_quarter(settings):
    signed(settings, built(settings), DUE + timedelta(hours=1))
    register = settings.home / "registers" / "releases.jsonl"
    register.write_text(register.read_text().replace("A Person", "B Person"))
    with dg.DagsterInstance.ephemeral() as held:
        [line] = gather_front(settings, Outlook(DUE, BuildRuns(held))).lines
    assert line.version is None
    assert "was not written by this system, or was changed since" in line.fault


def test_a_damaged_record_of_quality_is_said_in_the_line_of_the_quarter(settings):
    built(settings)
    (settings.releases(QUARTER) / "v1" / "quality.json").write_text("{")
    [line] = front(settings).lines
    assert line.version is None
    assert f"The file quality.json of {QUARTER.label} v1 cannot be read" in line.fault


def test_the_deadlines_are_those_of_the_calendar_the_next_first(settings):
    told = front(settings, DUE - timedelta(minutes=1)).deadlines
    assert (told[0].quarter, told[0].what, told[0].at) == (QUARTER, "release", DUE)
    assert front(settings, DUE).deadlines[0].at > DUE
    assert [one.at for one in told] == sorted(one.at for one in told)


def forms(settings):
    """The forms on the page of the quarter, with what is filled in there."""
    [line] = front(settings).lines
    return dict(
        forms_on(line, line.version, lambda _, quarter, given: (quarter, given), DUE.date())
    )


def test_the_page_of_a_quarter_leads_to_the_forms_that_fit_its_state(settings):
    manifest = built(settings)
    asked = forms(settings)
    assert {"build", "explain", "sign-off"} <= asked.keys()
    assert not asked.keys() & {"publish", "correct", "known-wrong"}
    assert asked["sign-off"] == (QUARTER, {"manifest": manifest[:16]})
    signed(settings, manifest, DUE)
    assert forms(settings)["publish"] == (QUARTER, {"version": 1})
    mark_published(settings, QUARTER, 1, DUE)
    assert forms(settings).keys() == {"build", "correct", "known-wrong"}


@pytest.mark.parametrize(("state", "is_asked"), [("missing", True), ("on time", False)])
def test_a_quarter_with_missing_returns_leads_to_the_form_of_the_treatment(state, is_asked):
    area = AreaReturn("CTW-EN01", "West London", "A body", QUARTER, state)
    line = Line(QUARTER, (area,), None, None)
    shown = dict(forms_on(line, None, page_of, DUE.date()))
    assert ("treat" in shown) == is_asked
    if is_asked:
        address = quarter_page(Frame(DUE), Subject(QUARTER, None, ""), line, None, page_of).decode()
        assert "/jobs/treat_missing/playground/setup?" in address


@pytest.mark.parametrize("days", [0, 1])
def test_a_quarter_that_is_not_over_has_no_form_and_waits_for_nobody(days):
    run = BuildRun("0" * 36, QUARTER, "failed")
    line, at = Line(QUARTER, (), None, run), LAST_EVENING + timedelta(days=days)
    page = quarter_page(Frame(at), Subject(QUARTER, None, ""), line, None, page_of).decode()
    assert ("/playground/setup?" in page) == bool(days)
    assert ("so its returns do not exist yet. Build a quarter that is over." in page) != bool(days)
    assert ("A build writes one" in page) == bool(days)
    assert [one.what for one in decisions_on(line, at)] == ["mend"] * days


def test_a_quarter_before_the_programme_has_no_form():
    early = PROGRAMME_START.previous
    assert forms_on(Line(early, (), None, None), None, page_of, DUE.date()) == []


@pytest.mark.parametrize(
    ("before_due", "says", "waits"),
    [
        (True, "Version 1 is signed off and not public. It goes out by itself at", []),
        (False, "Version 1 is signed off and not public. To publish it:", [("publish", 1)]),
    ],
)
def test_a_signed_version_beside_a_newer_draft_is_said_to_go_out_or_to_wait(
    settings, before_due, says, waits, monkeypatch
):
    monkeypatch.setattr(agenda, "now", lambda _: DUE)
    at = DUE - timedelta(days=1) if before_due else DUE + timedelta(days=1)
    signed(settings, built(settings), at)
    built(settings, version=2)
    found = front(settings)
    line = next(line for line in found.lines if line.quarter == QUARTER)
    page = quarter_page(Frame(DUE), Subject(QUARTER, line.version, ""), line, line.version)
    assert says in page.decode()
    assert [(one.what, one.version) for one in found.decisions] == [*waits, ("sign off", 2)]
    assert ("by itself" in statuses(settings)) == before_due
    (summary,) = waiting_line(settings, QUARTER, 2)
    assert ("goes out by itself" in summary, "ctw publish" in summary) == (
        before_due,
        not before_due,
    )


@pytest.mark.parametrize(
    ("state", "says"),
    [("succeeded", "version 1, run abcdef12"), ("waiting", "version 1, run abcdef12 (Waiting)")],
)
def test_a_heading_says_of_a_run_that_it_may_not_have_made_what_is_shown(settings, state, says):
    class Newest:
        def latest(self, quarter=None):
            return BuildRun("abcdef12-0", quarter, state)

    built(settings)
    subject = newest_subject(settings, QUARTER, Outlook(DUE, Newest()))
    assert shown(subject) == f"{QUARTER.label}, {says}"


@pytest.mark.parametrize(
    ("state", "questions", "said"),
    [
        ("late", 3, "3 questions to areas are open"),
        ("on time", 1, "1 question to an area is open"),
        ("on time", 0, ""),
        ("rejected", 3, ""),
    ],
)
def test_questions_that_areas_have_not_answered_are_in_sight(state, questions, said):
    area = AreaReturn(
        "CTW-EN01", "West London", "A body", QUARTER, state, days_late=2, queries=questions
    )
    line = Line(QUARTER, (area,), None, None)
    shown = quarter_page(Frame(DUE), Subject(QUARTER, None, ""), line, None).decode()
    heat = heat_map_page(Frame(DUE), Returns((QUARTER,), ((area,),), (0,)), None).decode()
    assert ("to an area is open" in shown or "to areas are open" in shown) == bool(said)
    assert said in shown
    assert ("open</td>" in heat) == bool(said)


def test_a_version_that_was_missed_waits_for_a_person(settings, monkeypatch):
    signed(settings, built(settings), DUE - timedelta(days=1))
    for minutes, waits in ((0, []), (14, []), (15, [("publish", 1)])):
        at = DUE + timedelta(minutes=minutes)
        monkeypatch.setattr(agenda, "now", lambda _, at=at: at)
        assert (agenda.goes_at(settings, QUARTER, 1) is None) == bool(waits)
        found = front(settings, at)
        assert [(one.what, one.version) for one in found.decisions] == waits


def test_a_version_that_publication_would_refuse_is_not_said_to_go_out(settings):
    signed(settings, built(settings), DUE - timedelta(days=1))
    assert [one.version for one in scheduled(settings)] == [1]
    file = folder_of(settings, QUARTER, 1) / "index.html"
    file.write_bytes(file.read_bytes() + b" ")
    assert scheduled(settings) == []
