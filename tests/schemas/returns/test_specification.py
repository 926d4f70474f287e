"""The specification for machines: what was published stays, and the changes are worked out."""

from __future__ import annotations

import re
from copy import deepcopy
from hashlib import sha256

import pytest

from operations.home.settings import ROOT
from schemas.quarter import Quarter
from schemas.returns import PACK
from schemas.returns.forms import example_rows
from schemas.returns.specification import (
    CHANGES,
    as_json,
    changelog,
    changes,
    data_package,
    published,
    published_versions,
)

TYPES = {"string", "integer", "number", "boolean", "date", "datetime", "yearmonth"}
CONSTRAINTS = {"required", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength"}


def test_what_is_published_of_the_current_version_is_what_is_declared():
    kept = as_json(published(PACK.template_version))
    assert kept == as_json(data_package()), (
        "Raise template_version in schemas/returns/pack.py when areas have to send something else, "
        "and run python -m schemas.returns.specification"
    )


PUBLISHED = {
    "ctw-return-1.0.0.json": "6a6fdf5c517b869a",
    "ctw-return-1.1.0.json": "606ae1203c13006e",
}
"""The beginning of the hash of each version that areas have: one is added, none is changed.

Only the newest version may be missing here, while it is being prepared.
"""


def test_what_was_published_of_a_version_never_changes():
    files = sorted((ROOT / "schemas" / "returns" / "versions").glob("*.json"))
    found = {file.name: sha256(file.read_bytes()).hexdigest()[:16] for file in files}
    newest = f"{PACK.template_id}-{PACK.template_version}.json"
    assert found == {newest: found[newest]} | PUBLISHED


def test_every_accepted_version_is_published_and_the_page_of_changes_is_current():
    assert set(PACK.accepted_versions) <= set(published_versions())
    assert (ROOT / CHANGES).read_text(encoding="utf-8") == changelog()
    for version in PACK.accepted_versions:
        assert f"## {version}" in changelog()


def test_every_field_has_words_of_table_schema_alone():
    for resource in data_package()["resources"]:
        assert re.fullmatch(r"[a-z_]+\.(csv)", resource["path"])
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert len(set(names)) == len(names)
        assert set(resource["schema"].get("primaryKey", [])) <= set(names)
        for field in resource["schema"]["fields"]:
            assert field["type"] in TYPES
            assert set(field["constraints"]) <= CONSTRAINTS


@pytest.mark.parametrize("declared", [PACK.organisations, *PACK.files], ids=lambda one: one.name)
def test_the_example_rows_keep_what_is_specified(declared):
    (resource,) = (r for r in data_package()["resources"] if r["name"] == declared.name)
    for row in example_rows("CTW-EN01", Quarter(2026, 2))[declared.name]:
        for field in resource["schema"]["fields"]:
            value, kept = row[field["name"]], field["constraints"]
            assert value is not None or not kept["required"]
            if value is None:
                continue
            assert re.fullmatch(kept.get("pattern", ".*"), value)
            assert value in kept.get("enum", [value])
            assert kept.get("minLength", 0) <= len(value) <= kept.get("maxLength", 1_000)
            if "minimum" in kept:
                assert kept["minimum"] <= float(value) <= kept["maximum"]


def test_what_was_added_changed_and_removed_is_said():
    before = data_package()
    after = deepcopy(before)
    events = next(r for r in after["resources"] if r["name"] == "events")
    fields = events["schema"]["fields"]
    fields[0] |= {"expected": "anything"}
    gone = fields.pop(1)["name"]
    fields.append({**fields[0], "name": "journey_minutes"})
    after["resources"] = [r for r in after["resources"] if r["name"] != "aggregate"]
    said = changes(before, after)
    assert said[0] == "Removed: the file aggregate."
    assert f"Changed: `{fields[0]['name']}` of events: its expected." in said
    assert any(line.startswith("Added: `journey_minutes` of events") for line in said)
    assert f"Removed: `{gone}` of events." in said
    assert changes(before, before) == ()


def test_a_version_has_the_fields_that_were_introduced_by_then():
    first = str(data_package(version="1.0.0"))
    assert "national_identifier" not in first
    assert "national_identifier" in str(data_package(version="1.1.0"))
