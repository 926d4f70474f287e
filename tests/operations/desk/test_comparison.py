"""What differs between two versions, found by hand in the files of the golden release."""

import csv
import io
import json
from pathlib import Path

import pytest

from operations.desk.comparison import compare
from operations.desk.release_files import ReleaseFiles
from operations.desk.rendering import reason_in_words
from operations.errors import StoreError
from operations.releases.release_store import files_in
from publications.wording.format import slug
from schemas.quarter import Quarter

WHOLE = "K04000001"
GOLDEN = Path(__file__).parents[2] / "golden" / "release"
MANIFEST = json.loads((GOLDEN / "manifest.json").read_bytes())
QUARTER = Quarter.parse(MANIFEST["period"]["id"])
BEFORE = QUARTER.previous


@pytest.fixture(scope="module")
def files():
    return files_in(GOLDEN)


def ending(files, name):
    return next(path for path in files if path.endswith(name))


def edited(files, name, change):
    """The files with another CSV file: `change` is given each of its rows."""
    path = ending(files, name)
    rows = list(csv.DictReader(io.StringIO(files[path].decode())))
    for row in rows:
        change(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {**files, path: text.getvalue().encode()}


def version(files, number=2, quarter=QUARTER):
    return ReleaseFiles(quarter, number, files)


def is_starts(row):
    own = (row["measure"], row["delivery_area_code"], row["quarter_code"])
    return own == ("starts", WHOLE, QUARTER.id)


def test_a_version_differs_from_itself_in_nothing(files):
    found = compare(version(files), version(files, 1))
    assert (found.tables, found.marks, found.areas) == ((), (), ())
    assert {one.difference for one in found.headlines} <= {"0", ""}
    assert found.is_same_quarter


def test_a_headline_figure_that_changed_is_shown_with_its_difference(files):
    def fewer(row):
        if is_starts(row):
            row["value"] = str(int(row["value"]) - 1_250)

    before = edited(files, "-key-figures.csv", fewer)
    found = compare(version(files), version(before, 1))
    [starts] = [o for o in found.headlines if o.measure == "Starts" and o.period == QUARTER.label]
    assert starts.difference == "+1,250"
    [table] = found.tables
    assert (table.values, table.withheld, table.not_withheld, table.other_marks) == (1, 0, 0, 0)


def test_a_figure_that_is_withheld_now_is_counted_and_listed(files):
    def withheld(row):
        if is_starts(row):
            row["value"], row["marker"] = "", "c"

    now = edited(files, "-key-figures.csv", withheld)
    found = compare(version(now), version(files, 1))
    [table], [mark] = found.tables, found.marks
    assert (table.withheld, table.not_withheld) == (1, 0)
    assert (mark.measure, mark.now) == ("Starts", "[c]")
    assert compare(version(files), version(now, 1)).tables[0].not_withheld == 1


def test_an_area_whose_return_has_another_status_is_named(files):
    path = ending(files, "-returns.csv")
    [_, first, *_] = files[path].decode().splitlines()
    name, status = first.split(",")[1].strip('"'), first.rsplit(",", 2)[1]
    other = first.replace(status, "rejected")
    now = {**files, path: files[path].replace(first.encode(), other.encode())}
    [area] = compare(version(now), version(files, 1)).areas
    assert (area.before, area.now) == (status, "rejected")
    assert name in area.area or area.area.startswith(name)


def of_the_quarter_before(files):
    """The files of a release of the quarter before, with the same figures."""

    def shifted(row):
        row["quarter_code"] = row["quarter_code"].replace(QUARTER.id, BEFORE.id)

    old, new = slug(QUARTER), slug(BEFORE)
    made = edited(files, "-key-figures.csv", shifted)
    return {path.replace(old, new): content for path, content in made.items()}


def test_the_quarter_before_is_compared_by_its_own_figures(files):
    found = compare(version(files), version(of_the_quarter_before(files), 1, BEFORE))
    assert not found.is_same_quarter
    own = [one for one in found.headlines if one.period == f"{BEFORE.label}, {QUARTER.label}"]
    to_date = [one for one in found.headlines if one.period == "Programme to date"]
    assert own
    assert to_date
    assert {one.difference for one in (*own, *to_date)} <= {"0", ""}
    assert all(one.before != "no figure" for one in (*own, *to_date))


@pytest.mark.parametrize("name", ["-key-figures.csv", "-returns.csv", "manifest.json"])
def test_a_file_that_cannot_be_read_is_named(files, name):
    damaged = {**files, ending(files, name): b"\xff"}
    with pytest.raises(StoreError, match="cannot be read"):
        compare(version(damaged), version(files, 1))


def test_every_reason_of_withholding_has_words():
    for reason in (
        *("threshold", "minimum contributors", "cover", "complementary suppression"),
        *("p percent rule", "dominance", "group disclosure", "beside a withheld group"),
    ):
        assert reason_in_words(reason) not in ("", reason)
