"""The register of releases: what was written is believed, and nothing else is."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from operations.errors import RecordError
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.releases import register
from operations.releases.register import lines_of
from operations.releases.register_repair import restore
from operations.releases.release_records import publications, sign, sign_offs
from operations.releases.release_store import is_frozen, mark_published, write_version
from operations.releases.run_records import Run, record_run, run_of
from operations.releases.traces import check_records
from publications.release.calendar import release_at
from schemas.quarter import Quarter
from tests.assets.made_releases import asked, edited, register_lines, rewrite

BEFORE, QUARTER = Quarter(2026, 1), Quarter(2026, 2)
FILES = {"manifest.json": b'{"populations": {}}'}


@pytest.fixture
def settings(tmp_path):
    """A home with two versions that are signed off and published."""
    made = Settings(home=tmp_path, code_version="drawn")
    keys_of(made)
    for quarter in (BEFORE, QUARTER):
        write_version(made, quarter, 1, FILES)
        sign(made, quarter, 1, asked("0" * 64))
        mark_published(made, quarter, 1, release_at(quarter))
    return made


def place(settings, name=register.NAME):
    return settings.home / name


def refused(settings):
    with pytest.raises(RecordError) as fault:
        publications(settings)
    return str(fault.value)


def test_every_line_holds_the_true_time_and_what_it_is_about(settings):
    first = json.loads(register_lines(settings)[0])
    assert (first["act"], first["quarter"], first["version"]) == ("sign-off", "2026-27Q1", 1)
    assert first["recorded_at"] > "2026"
    assert first["signed_at"] == "2026-12-17T09:00:00+00:00"
    assert [p.label for p in publications(settings)] == ["2026-27 Q2 v1", "2026-27 Q1 v1"]


def test_a_line_that_was_written_by_hand_is_refused_by_name(settings):
    lines = register_lines(settings)
    before = register.digest(lines[-1])
    forged = edited(lines[-1], number=5, before=before, version=2)
    rewrite(place(settings), [*lines, forged])
    assert "Line 5 of registers/releases.jsonl (publication of 2026-27 Q2 v2) was not" in refused(
        settings
    )


@pytest.mark.parametrize(
    "words",
    [
        {"manifest_sha256": "f" * 64},
        {"published_at": "2026-06-18T09:30:00+01:00"},
        {"recorded_at": "2026-06-18T09:30:00+01:00"},
        {"quarter": "2025-26Q4"},
        {"version": 2},
    ],
)
def test_a_line_that_was_edited_back_dated_or_turned_to_another_version_is_refused(settings, words):
    lines = register_lines(settings)
    rewrite(place(settings), [*lines[:3], edited(lines[3], **words)])
    assert "Line 4 of registers/releases.jsonl (publication of" in refused(settings)


def test_a_line_that_was_replayed_or_moved_is_refused(settings):
    lines = register_lines(settings)
    rewrite(place(settings), [*lines, lines[1]])
    assert "Line 5 of registers/releases.jsonl (publication of 2026-27 Q1 v1) is not the" in (
        refused(settings)
    )
    rewrite(place(settings), [lines[1], lines[0], *lines[2:]])
    assert "Line 1 of" in refused(settings)


@pytest.mark.parametrize("gone", [0, 1, 2, 3])
def test_a_line_that_was_removed_is_refused(settings, gone):
    lines = register_lines(settings)
    rewrite(place(settings), lines[:gone] + lines[gone + 1 :])
    assert "registers/releases.jsonl" in refused(settings)


def test_a_last_line_that_was_removed_with_its_copy_beside_the_version_is_refused(settings):
    rewrite(place(settings), register_lines(settings)[:3])
    (settings.releases(QUARTER) / "v1.records.jsonl").unlink()
    assert "has lost a line (publication of 2026-27 Q2 v1): registers/releases.last.json" in (
        refused(settings)
    )


def test_a_last_line_that_was_removed_with_the_copy_of_the_last_line_is_refused(settings):
    rewrite(place(settings), register_lines(settings)[:3])
    place(settings, register.LAST).unlink()
    assert "registers/releases.last.json is lost" in refused(settings)


@pytest.mark.parametrize("content", ["", "{", "{}\n", "\xff\n"])
def test_a_register_that_is_empty_or_cut_is_refused_and_can_be_put_back(settings, content):
    lines = register_lines(settings)
    place(settings).write_text(content, encoding="latin-1")
    assert "registers/releases.jsonl" in refused(settings)
    assert restore(settings) == 4
    assert register_lines(settings) == lines
    assert len(publications(settings)) == 2


def test_a_lost_register_is_refused_protects_every_version_and_can_be_put_back(settings):
    lines = register_lines(settings)
    shutil.rmtree(settings.home / "registers")
    assert "has lost a line (sign-off of 2026-27 Q1 v1)" in refused(settings)
    with pytest.raises(RecordError):
        write_version(settings, QUARTER, 1, {"manifest.json": b"{}"})
    assert restore(settings) == 4
    assert register_lines(settings) == lines


def test_what_no_copy_is_left_of_is_not_put_back(settings):
    shutil.rmtree(settings.home / "registers")
    (settings.releases(BEFORE) / "v1.records.jsonl").unlink()
    with pytest.raises(RecordError, match="Line 1 of .* cannot be put back"):
        restore(settings)


@pytest.mark.parametrize("content", ["", "{", '{"approvals": []}\n'])
def test_a_damaged_copy_stops_its_own_quarter_alone_and_can_be_put_back(settings, content):
    copy = settings.releases(QUARTER) / "v1.records.jsonl"
    whole = copy.read_text()
    copy.write_text(content)
    assert len(publications(settings)) == 2
    check_records(settings, BEFORE)
    with pytest.raises(RecordError, match="2026-27Q2/v1.records.jsonl does not agree"):
        check_records(settings, QUARTER)
    restore(settings)
    assert copy.read_text() == whole
    check_records(settings, QUARTER)


def test_what_is_put_back_keeps_what_lay_there(settings):
    place(settings).write_text("by hand\n")
    restore(settings)
    kept = list((settings.home / "registers" / "damaged").iterdir())
    assert [file.read_text() for file in kept] == ["by hand\n"]


def test_a_copy_in_the_place_of_another_version_is_refused(settings):
    copy = settings.releases(BEFORE) / "v1.records.jsonl"
    shutil.copy(copy, settings.releases(BEFORE) / "v2.records.jsonl")
    with pytest.raises(RecordError, match="v2.records.jsonl does not agree"):
        check_records(settings, BEFORE)
    assert is_frozen(settings, BEFORE, 2)


def test_a_crash_before_the_copies_were_written_needs_no_help(settings):
    """Lose what is written after the line itself: the next record completes it."""
    (settings.releases(QUARTER) / "v1.records.jsonl").unlink()
    place(settings, register.LAST).write_text(register_lines(settings)[2] + "\n")
    check_records(settings, QUARTER)
    sign(settings, QUARTER, 1, asked("1" * 64))
    copy = settings.releases(QUARTER) / "v1.records.jsonl"
    assert copy.read_text().splitlines() == register_lines(settings)[2:]


def test_a_clock_that_went_backwards_writes_nothing(settings):
    lines = register_lines(settings)
    words = register.unsealed(settings, lines[-1])
    words["recorded_at"] = "2999-01-01T00:00:00+00:00"
    del words["seal"]
    ahead = Settings(home=settings.home / "ahead", code_version="drawn")
    shutil.copytree(settings.keys, ahead.keys)
    words |= {"number": 1, "before": register.NONE_BEFORE}
    register.write(ahead, [register.sealed(ahead, words)])
    with pytest.raises(RecordError, match="The clock says .* Put the clock right"):
        sign(ahead, QUARTER, 1, asked("1" * 64))
    assert len(register_lines(ahead)) == 1


def test_eight_sign_offs_at_once_keep_eight(settings):
    names = [f"Person {number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: sign(settings, QUARTER, 1, asked("1", name=name)), names))
    assert {a.name for a in sign_offs(settings, QUARTER, 1)} == {"A Person", *names}


def test_a_register_of_another_home_is_refused(settings, tmp_path_factory):
    other = Settings(home=tmp_path_factory.mktemp("other"), code_version="drawn")
    keys_of(other)
    shutil.copytree(settings.home / "registers", other.home / "registers")
    assert "was not written by this system" in refused(other)


def test_the_record_of_a_run_is_no_line_of_the_register_and_the_other_way(settings):
    """Both are sealed with one key; each says of which kind it is."""
    record_run(settings, QUARTER, 1, Run("a", "b", "2026-06-01T12:00:00+01:00", "0" * 64))
    run = settings.releases(QUARTER) / "v1.run.json"
    line = lines_of(place(settings))[-1]
    assert run_of(settings, QUARTER, 1) is not None
    place(settings).write_text(place(settings).read_text() + run.read_text())
    assert "was not written by this system" in refused(settings)
    run.write_text(f"{line}\n")
    assert run_of(settings, QUARTER, 1) is None
