"""Every date that a release states is one of its records, and its calendar agrees with itself."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.verification.drawn import seal, sha256, write
from verification import verify

AT, NEXT = "2026-12-17T09:30:00+00:00", "2027-03-18T09:30:00+00:00"
SUMMER = "2027-06-17T09:30:00+01:00"
EVENT = "BEGIN:VEVENT\nDTSTART:{}\nEND:VEVENT\n"


def entry(at, shown):
    return {"release_at": at, "display_date": shown}


CALENDAR = [
    entry(AT, "17 December 2026 9:30am"),
    entry(SUMMER, "17 June 2027 9:30am"),
]
MOMENTS = ("20261217T093000Z", "20270617T083000Z")


@pytest.fixture
def findings_of(tmp_path, tables):
    """What is found in a release with these files, planned for 17 December 2026."""
    folder = write(tmp_path, tables)

    def examine(*, calendar=CALENDAR, moments=MOMENTS, period=None, **files):
        (folder / "calendar.json").write_text(json.dumps({"announcements": calendar}))
        (folder / "calendar.ics").write_text("".join(EVENT.format(at) for at in moments))
        for name, content in files.items():
            path = folder / name.replace("__", ".").replace("_", "-")
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        seal(folder)
        state(folder, {"release_at": AT, "next_release": NEXT}, period or {})
        return [finding.message for finding in verify(folder).findings]

    return examine


def state(folder, dates, period):
    """Write dates into the manifest, whose hash is summed again."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text()) | dates
    manifest["period"] |= period
    path.write_text(json.dumps(manifest))
    sums = (folder / "SHA256SUMS").read_text().splitlines()
    kept = [line for line in sums if not line.endswith("manifest.json")]
    text = "\n".join([*kept, f"{sha256(path)}  manifest.json"])
    (folder / "SHA256SUMS").write_text(text)


def test_a_release_that_states_the_dates_of_its_records_is_sound(findings_of):
    assert findings_of() == []


@pytest.mark.parametrize(
    "day",
    [
        "17 December 2026",
        "2026-12-17",
        "18 March 2027",
        "2027-03-18",
        "17 June 2027",
        "1 July 2026",
        "2026-09-30",
        "9 November 2026",
    ],
)
def test_a_date_of_the_manifest_the_calendar_or_the_quality_report_may_be_stated(findings_of, day):
    known = {
        "period": {"start": "2026-07-01", "end": "2026-09-30"},
        "quality__json": {"returns_due": "2026-11-09"},
    }
    assert findings_of(notes__md=f"On {day}.", **known) == []


@pytest.mark.parametrize("day", ["18 December 2026", "2026-12-16", "9 November 2026"])
def test_a_date_that_is_in_no_record_is_reported_with_its_file(findings_of, day):
    assert findings_of(notes__md=f"On {day}.") == [f"notes.md: the date {day} is in no record."]
    assert findings_of(notes__md="Nothing.", facts__json={"facts": [{"text": day}]}) == [
        f"facts.json: the date {day} is in no record."
    ]


def test_each_date_of_a_file_is_reported_once_in_order(findings_of):
    text = "2026-01-02 and 2026-01-01, 2026-01-02 again; 17 December 2026."
    assert findings_of(notes__md=text) == [
        "notes.md: the date 2026-01-01 is in no record.",
        "notes.md: the date 2026-01-02 is in no record.",
    ]


def test_a_quarter_or_a_longer_number_is_no_date(findings_of):
    assert findings_of(notes__md="2026-27, 2026-27Q2, 12026-12-16, 2026-12-161, 7 Dec 2026") == []


@pytest.mark.parametrize("part", ["content.xml", "meta.xml"])
def test_a_date_of_the_spreadsheet_is_in_a_record(tmp_path, tables, findings_of, part):
    assert findings_of() == []
    book = tmp_path / "tables" / "all.ods"
    before = zipfile.ZipFile(io.BytesIO(book.read_bytes()))
    parts = {name: before.read(name) for name in before.namelist()}
    parts[part] = parts.get(part, b"<meta></meta>").replace(b"</", b"<!-- 5 May 2025 --></", 1)
    with zipfile.ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert findings_of() == ["tables/all.ods: the date 5 May 2025 is in no record."]


def test_a_cover_with_the_day_of_the_release_is_sound(tmp_path, tables, findings_of):
    assert findings_of() == []
    sheets = {"Cover": [["Planned for 17 December 2026"]]}
    write(tmp_path, tables, sheets=sheets)
    assert findings_of() == []
    write(tmp_path, tables, sheets={"Cover": [["Planned for 16 December 2026"]]})
    assert findings_of() == ["tables/all.ods: the date 16 December 2026 is in no record."]


def test_a_date_of_the_open_data_may_be_stated(tmp_path, tables, findings_of):
    path = tmp_path / "data" / "ctw-table-24-funding.csv"
    lines = path.read_text().splitlines()
    dates = ["date", "2025-07-01", *[""] * (len(lines) - 2)]
    rows = [",".join(pair) for pair in zip(lines, dates, strict=True)]
    path.write_text("\n".join(rows) + "\n")
    found = findings_of(notes__md="It began on 1 July 2025.")
    assert not any("notes.md" in message for message in found)
    assert "notes.md: the date 2 July 2025 is in no record." in findings_of(notes__md="2 July 2025")


def test_the_planned_release_of_each_file_is_that_of_the_manifest(findings_of):
    described = {"dc:available": {"@value": AT}}
    assert findings_of(table_metadata__json=described, statistical_work_programme__json={
        "as_at": AT, "developments": []}) == []  # fmt: skip
    described["dc:available"]["@value"] = NEXT
    assert findings_of(table_metadata__json=described) == [
        f"table-metadata.json: the planned release is {NEXT}, in manifest.json {AT}."
    ]
    assert findings_of(table_metadata__json={}, statistical_work_programme__json={
        "as_at": NEXT, "developments": []}) == [
        f"statistical-work-programme.json: the planned release is {NEXT}, in manifest.json {AT}."
    ]  # fmt: skip


def test_a_planned_change_may_name_its_release(findings_of):
    developments = {"as_at": AT, "developments": [{"planned": "16 September 2027"}]}
    note = "From 16 September 2027."
    assert findings_of(notes__md=note, statistical_work_programme__json=developments) == []
    developments["developments"] = []
    assert findings_of(statistical_work_programme__json=developments) == [
        "notes.md: the date 16 September 2027 is in no record."
    ]


EVENTS = "calendar.ics: the events are not at the moments of calendar.json."


@pytest.mark.parametrize(
    "moments",
    [
        MOMENTS[:1],
        (*MOMENTS, MOMENTS[1]),
        MOMENTS[::-1],
        (MOMENTS[0], "20270617T093000Z"),
        ("20261217T093001Z", MOMENTS[1]),
        (),
    ],
)
def test_the_events_of_the_calendar_are_its_moments_in_universal_time(findings_of, moments):
    assert findings_of(moments=moments) == [EVENTS]


def test_the_day_that_the_calendar_shows_is_that_of_its_moment(findings_of):
    shown = [CALENDAR[0], entry(SUMMER, "18 March 2027")]
    assert findings_of(calendar=shown) == [f"calendar.json: 18 March 2027 is not {SUMMER}."]


def test_a_calendar_that_cannot_be_read_is_reported_and_the_rest_is_still_looked_at(findings_of):
    found = findings_of(calendar=[entry("soon", "soon")], notes__md="x")
    assert len(found) == 1
    assert found[0].startswith("The dates of the release cannot be read (")
