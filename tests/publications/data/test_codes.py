"""The map of a release: every code of the tables, with what it is part of."""

from __future__ import annotations

import json

import pytest

import reference
from publications.data.manifest import describes
from publications.folder import render
from publications.gates.codes import same_codes
from publications.gates.expected import expected_of
from publications.gates.reading import rows_of
from publications.gates.screener import GATES, screen_files
from publications.tables import TABLES
from publications.wording.naming import CODES, csv_path
from publications.words import words_in
from tests.publications.release_sample import sample

DESCRIPTION = f"{CODES}-metadata.json"
OF_CODES = {name: GATES[name] for name in ("whole_folder", "same_codes")}
"""The gates that look at the file of codes, and at whether files are as they were made."""


@pytest.fixture(scope="module")
def rows(files):
    return rows_of(files, CODES)


@pytest.mark.slow
def test_every_code_of_every_table_is_listed_once_as_the_table_has_it(release, files, rows):
    listed = {(r["dimension"], r["code"]): (r["label"], r["level"]) for r in rows}
    assert len(listed) == len(rows)
    for table in release.tables:
        for row in rows_of(files, csv_path(release.quarter, table)):
            for name in (column.id for column in table.dimensions):
                assert listed[name, row[f"{name}_code"]] == (row[name], row[f"{name}_level"])


def test_every_code_leads_to_the_total_of_its_dimension(rows):
    parents = {(r["dimension"], r["code"]): r["parent"] for r in rows}
    roots = {name: code for (name, code), parent in parents.items() if not parent}
    assert roots.keys() == {name for name, _ in parents}
    assert all(line(parents, place)[-1] == roots[place[0]] for place in parents)


def line(parents, place):
    """A code and all that contain it; no dimension is deeper than six levels."""
    name, code = place
    found = [code]
    while parents[name, found[-1]] and len(found) < 6:
        found.append(parents[name, found[-1]])
    return found


def test_areas_are_followed_by_the_local_authorities_that_they_consist_of(rows):
    areas = {r["code"]: r for r in rows if r["dimension"] == "delivery_area"}
    assert areas["CTW-EN01"]["parent"] == "E12000007"
    councils = [r for r in areas.values() if r["level"] == "Local authority"]
    assert len(councils) == len(reference.local_authorities()) == 318
    ealing = next(r for r in councils if r["label"] == "Ealing")
    assert (ealing["code"], ealing["parent"]) == ("E09000009", "CTW-EN01")
    assert {r["parent"] for r in councils} == {c for c in areas if c.startswith("CTW-")}


def test_only_the_dimensions_of_the_release_are_listed():
    few = tuple(table for table in TABLES if table.id == "starts_by_model")
    files = render(sample(tables=few))
    assert {row["dimension"] for row in rows_of(files, CODES)} == {
        "model",
        "journey_type",
        "quarter",
    }


def test_the_file_is_described_listed_and_linked(files):
    about = json.loads(files[DESCRIPTION])
    assert about["url"] == "codes.csv"
    assert [c["name"] for c in about["tableSchema"]["columns"]] == [
        *("dimension", "code", "label", "level", "parent")
    ]
    assert about["tableSchema"]["primaryKey"] == ["dimension", "code"]
    manifest = {f["path"]: f["describes"] for f in json.loads(files["manifest.json"])["files"]}
    assert manifest[CODES].startswith("every code of the tables")
    assert manifest[DESCRIPTION] == "description of a table for programs (CSVW)"
    page = files["index.html"].decode()
    assert f'href="{CODES}"' in page
    assert f'href="{DESCRIPTION}"' in page


UNLIKE_THE_REGISTER = {
    "the area of an authority": (
        b"Ealing,Local authority,CTW-EN01",
        b"Ealing,Local authority,CTW-EN02",
        "E09000009",
    ),
    "the label of an authority": (b"Ealing,Local", b"Ealink,Local", "E09000009"),
    "the region of an area": (
        b"Kent and Medway,Delivery area,E12000008",
        b"Kent and Medway,Delivery area,E12000007",
        "CTW-EN03",
    ),
}
CHANGES = {
    "an unknown area": (
        b"Ealing,Local authority,CTW-EN01",
        b"Ealing,Local authority,CTW-EN00",
        "E09000009",
    ),
    "a level": (b"All,Total", b"All,Group", "sex total is not as data/"),
    "a code": (b"sex,F,", b"sex,W,", "sex F is not as data/"),
    "a code twice": (
        b"sex,F,Female,Category,total\n",
        b"sex,F,Female,Category,total\n" * 2,
        "twice",
    ),
    "a code too many": (
        b"sex,F,",
        b"sex,W,Women,Category,total\nsex,F,",
        "altered after the release was made",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), CHANGES.values(), ids=CHANGES)
def test_a_change_that_contradicts_the_release_is_found_in_the_folder_alone(
    release, files, old, new, message
):
    changed = altered(files, old, new)
    assert same_codes(expected_of(release), changed)
    assert any(message in problem for problem in screen_files(changed, OF_CODES))


@pytest.mark.parametrize(
    ("old", "new", "message"), UNLIKE_THE_REGISTER.values(), ids=UNLIKE_THE_REGISTER
)
def test_a_change_that_only_the_register_contradicts_is_found_before_sign_off(
    release, files, old, new, message
):
    """The folder alone is read by its own codes; its hashes find the change."""
    changed = altered(files, old, new)
    assert message in "\n".join(same_codes(expected_of(release), changed))
    assert f"{CODES} was altered after the release was made" in screen_files(changed, OF_CODES)[0]


def altered(files, old, new):
    assert old in files[CODES]
    return {**files, CODES: files[CODES].replace(old, new, 1)}


def test_the_gate_is_one_of_the_release():
    assert GATES["same_codes"] is same_codes


def test_a_table_whose_id_ends_with_returns_is_described_as_a_table():
    words = words_in()
    assert describes("data/x-table-99-late-returns.csv", words).startswith("a table as open data")
    assert describes("data/x-returns.csv", words) == "what became of each delivery area's return"
