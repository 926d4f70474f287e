"""Names of people in notes, roles and unknown fields: the area is told, and no name is shown."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tests.pipelines.returns.small_world import draft, judge
from tests.pipelines.returns.test_privacy import everything

NAME = "Mrs Gwen Pritchard"


def test_a_name_in_a_note_is_a_finding_on_its_row_and_field(tmp_path):
    one = draft()
    rows = pl.read_csv(one.files["participants.csv"], infer_schema=False)
    here = pl.int_range(pl.len()) == 1
    note = pl.when(here).then(pl.lit(f"Spoke to {NAME}")).otherwise("free_text_note")
    changed = rows.with_columns(free_text_note=note)
    one.files["participants.csv"] = changed.write_csv().encode()
    judged = judge(one.sealed().write(tmp_path))
    rule = "participants.free_text_note.has_no_personal_data"
    found = judged.findings.filter(rule_id=rule)
    assert found.select("row_number", "field").rows() == [(3, "free_text_note")]
    assert "Pritchard" not in everything(judged)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (
            {"prepared_by_role": "Joe Bloggs, tel 07700 900123"},
            "manifest.prepared_by_role.has_no_personal_data",
        ),
        ({"favourite AB123456C": 1}, "pack.manifest_holds_no_personal_data"),
        ({"favourite": {"who": [NAME]}}, "pack.manifest_holds_no_personal_data"),
    ],
)
def test_personal_data_in_a_manifest_is_a_question_and_is_not_shown(tmp_path, changes, rule):
    one = replace(draft(), manifest={**draft().manifest, **changes})
    judged = judge(one.write(tmp_path))
    assert rule in set(judged.findings["rule_id"])
    shown = everything(judged)
    assert not [word for word in ("Bloggs", "07700", "AB123456C", "Pritchard") if word in shown]
