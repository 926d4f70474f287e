"""09:30 in London on a working day, in winter and in summer, and never before."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

import reference
from publications.errors import CalendarError
from publications.pages.announcements import calendar as written
from publications.release import calendar
from schemas.quarter import Quarter


def test_the_release_moment_is_half_past_nine_london_time_in_winter_and_summer():
    winter = calendar.release_at(Quarter(2026, 2))
    summer = calendar.release_at(Quarter(2025, 4))
    assert winter.astimezone(UTC).isoformat() == "2026-12-17T09:30:00+00:00"
    assert summer.astimezone(UTC).isoformat() == "2026-06-18T08:30:00+00:00"


@pytest.mark.parametrize("day", ["2026-03-27", "2026-03-30", "2026-10-23", "2026-10-26"])
def test_the_local_time_holds_in_the_weeks_when_clocks_change(day):
    moment = calendar.at_standard_time(datetime.fromisoformat(day).date())
    assert (moment.hour, moment.minute) == (9, 30)
    assert moment.astimezone(UTC).hour == 9 - moment.utcoffset() // timedelta(hours=1)


def test_every_announced_release_is_on_a_working_day():
    for quarter in calendar.announced(Quarter(2025, 1)) + calendar.announced(Quarter(2027, 1)):
        day = calendar.release_date(quarter)
        assert day.weekday() < 5
        assert day not in reference.bank_holidays()


def test_a_quarter_without_a_date_says_where_to_add_it():
    with pytest.raises(CalendarError, match=r"reference/calendar/releases\.csv"):
        calendar.release_at(Quarter(2040, 1))


def test_the_calendar_looks_a_year_ahead_with_the_fields_of_an_announcement(release):
    files = written(release)
    entries = json.loads(files["calendar.json"])["announcements"]
    assert [entry["reference_period"] for entry in entries][:2] == ["2026-27Q2", "2026-27Q3"]
    assert len(entries) == 5
    assert entries[0]["display_date"] == "17 December 2026 9:30am"
    assert {entry["state"] for entry in entries} <= {"provisional", "confirmed", "cancelled"}
    text = files["calendar.ics"].decode()
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 5
    assert "DTSTART:20261217T093000Z" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("END:VCALENDAR\r\n")
