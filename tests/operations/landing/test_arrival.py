"""When a pack arrived: the time of its file, or what an imported list of receipts says."""

import os
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from operations.errors import LandingError
from operations.landing.receipt_list import RECEIPTS
from operations.landing.receive import landed, receive_all
from pipelines.synthetic import simulate
from pipelines.synthetic.packs import prepared_at
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 1)
AREA = "CTW-EN01"
NAME = f"{AREA}_{QUARTER.id}_v1"
SENT = prepared_at(AREA, QUARTER) + timedelta(hours=1)
FOUND = datetime(2025, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    simulate(QUARTER, 200, 3, folder)
    return folder


@pytest.fixture
def drop(packs, tmp_path):
    shutil.copytree(packs / NAME, tmp_path / "drop" / NAME)
    return tmp_path / "drop"


def times(drop, tmp_path, found=FOUND):
    receive_all(drop, tmp_path / "store", QUARTER, found)
    return [pack.received_at for pack in landed(tmp_path / "store")]


def test_a_pack_arrived_when_its_file_did_however_much_later_it_is_found(drop, tmp_path):
    assert times(drop, tmp_path) == [SENT]


def test_a_folder_arrived_with_its_last_file(drop, tmp_path):
    later = SENT + timedelta(days=2)
    os.utime(drop / NAME / "events.csv", (later.timestamp(),) * 2)
    assert times(drop, tmp_path) == [later]


def test_no_pack_arrived_after_it_was_found(drop, tmp_path):
    early = SENT - timedelta(days=1)
    assert times(drop, tmp_path, found=early) == [early]


def test_a_link_is_not_followed_to_another_time(drop, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("x")
    (drop / NAME / "link").symlink_to(outside)
    os.utime(drop / NAME / "link", (SENT.timestamp(),) * 2, follow_symlinks=False)
    os.utime(drop / NAME, (SENT.timestamp(),) * 2)
    assert times(drop, tmp_path) == [SENT]


def test_an_imported_receipt_stands_above_the_time_of_the_file(drop, tmp_path):
    (drop / RECEIPTS).write_text(f"pack,received_at\n{NAME},2025-07-30T17:05:00+01:00\n")
    assert times(drop, tmp_path) == [datetime(2025, 7, 30, 16, 5, tzinfo=UTC)]


@pytest.mark.parametrize(
    "line", ["Jo Bloggs,yesterday", "Jo Bloggs,2025-07-30T17:05:00", ",2025-07-30T17:05:00Z", "Jo"]
)
def test_a_line_that_is_no_receipt_is_named_by_number_and_not_repeated(line, drop, tmp_path):
    (drop / RECEIPTS).write_text(f"pack,received_at\n{NAME},2025-07-30T17:05:00Z\n{line}\n")
    found = receive_all(drop, tmp_path / "store", QUARTER, FOUND)
    assert re.match(r"^Line 3 of .* is not a receipt", found.list_faults)
    assert "Bloggs" not in found.list_faults
    assert [p.received_at.hour for p in landed(tmp_path / "store")] == [17]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"{NAME},0001-01-01T00:00:00Z", "its time is before 2025-26 Q1, the quarter of the pack"),
        (f"{NAME},2025-03-31T23:59:00Z", "its time is before 2025-26 Q1, the quarter of the pack"),
        (f"{NAME},0001-01-01T00:00:00+14:00", "it needs two values"),
        (f"{NAME},9999-12-31T23:59:59-14:00", "it needs two values"),
        (f"{NAME},2025-12-01T09:00:01Z", "its time is later than now"),
        (f"{NAME},2025-07-30T17:05:00Z,more", "it needs two values"),
        ("Jo Bloggs,2025-07-30T17:05:00Z", "it names nothing that was dropped"),
        (f"{NAME}.zip,2025-07-30T17:05:00Z", "it names nothing that was dropped"),
        (
            f"{NAME},2025-07-30T17:05:00Z\n\n{NAME},2025-07-30T17:05:00Z",
            "^Line 4 .*: it names the same pack as line 2",
        ),
        ("a,b\nb,2025-07-30T17:05:00Z", r"^Line 2 .* Line 3 .* 2 in all\. What they name arrived"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_stops_no_pack(line, message, drop, tmp_path):
    (drop / RECEIPTS).write_text(f"pack,received_at\n{line}\n")
    found = receive_all(drop, tmp_path / "store", QUARTER, FOUND)
    assert re.search(message, found.list_faults)
    assert "Bloggs" not in found.list_faults
    assert found.new == (NAME,)


def test_a_line_about_a_pack_that_was_received_and_taken_away_is_no_fault(drop, tmp_path):
    (drop / RECEIPTS).write_text(f"pack,received_at\n{NAME},2025-07-30T17:05:00Z\n")
    received = times(drop, tmp_path)
    (drop / NAME).rename(drop / f"{AREA}_{QUARTER.id}_v2")
    assert times(drop, tmp_path)[0] == received[0]


@pytest.mark.parametrize(
    ("at", "early"),
    [("2025-06-30T12:00:00Z", (f"{AREA}_{QUARTER.id}_v1",)), ("2025-07-01T12:00:00Z", ())],
)
def test_a_pack_that_came_before_its_quarter_was_over_is_named(at, early, drop, tmp_path):
    (drop / RECEIPTS).write_text(f"pack,received_at\n{NAME},{at}\n")
    found = receive_all(drop, tmp_path / "store", QUARTER, FOUND)
    assert (len(found.new), found.early) == (1, early)


@pytest.mark.parametrize("seconds", [-(2**40), 2**40])
def test_a_file_with_a_time_outside_of_the_calendar_is_received(seconds, drop, tmp_path):
    for path in (drop / NAME, *(drop / NAME).iterdir()):
        os.utime(path, (seconds, seconds))
    [time] = times(drop, tmp_path)
    assert time in {datetime(1970, 1, 1, tzinfo=UTC), FOUND}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name,when\n", "needs a first line with the columns pack,received_at"),
        (b"", "needs a first line"),
        (b"pack,received_at\n\xff\xfe,x\n", "is not a CSV file in UTF-8"),
        (b'pack,received_at\n"open,x\n', "is not a CSV file in UTF-8"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(content, message, drop, tmp_path):
    (drop / RECEIPTS).write_bytes(content)
    with pytest.raises(LandingError, match=message):
        times(drop, tmp_path)


def test_a_list_that_an_area_drops_is_not_read(drop, tmp_path):
    (drop / RECEIPTS).write_text(f"pack,received_at\n{NAME},2025-07-30T17:05:00Z\nno line\n")
    found = receive_all(drop, tmp_path / "store", QUARTER, FOUND, empties=True)
    assert (found.new, found.list_faults) == ((NAME,), "")
    assert [pack.received_at for pack in landed(tmp_path / "store")] == [SENT]


@pytest.mark.parametrize("kind", ["a link", "open to others"])
def test_a_list_that_others_can_write_is_not_believed(kind, drop, tmp_path):
    file = tmp_path / "list.csv" if kind == "a link" else drop / RECEIPTS
    file.write_text(f"pack,received_at\n{NAME},2025-07-30T17:05:00Z\n")
    if kind == "a link":
        (drop / RECEIPTS).symlink_to(file)
    else:
        file.chmod(0o666)
    found = receive_all(drop, tmp_path / "store", QUARTER, FOUND)
    assert "is not believed" in found.list_faults
    assert [pack.received_at for pack in landed(tmp_path / "store")] == [SENT]
