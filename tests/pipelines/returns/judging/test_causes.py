"""One cause for a whole file is one finding, and what looks like one cause is named."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import report
from pipelines.returns.judging.findings import MOST_ROWS_APIECE, combine, explained
from pipelines.synthetic.draft import Draft
from schemas.returns import PACK
from tests.pipelines.returns.small_world import NAME, QUARTER, broken, draft, judge, world


def with_cells(edit, *columns: str) -> Draft:
    """Change the cells of some columns of participants.csv, row by row."""
    lines = draft().files["participants.csv"].decode().rstrip("\n").split("\n")
    at = [lines[0].split(",").index(name) for name in columns]
    changed = []
    for line in lines[1:]:
        cells = line.split(",")
        for place, value in zip(at, edit(*(cells[p] for p in at)), strict=True):
            cells[place] = value
        changed.append(",".join(cells))
    data = "\n".join([lines[0], *changed, ""]).encode()
    return Draft(NAME, {**draft().files, "participants.csv": data}, draft().manifest).sealed()


def test_two_swapped_columns_are_named_and_refuse_the_pack(tmp_path: Path):
    one = with_cells(lambda sex, consent: (consent, sex), "sex", "consent_evaluation")
    judged = judge(one.write(tmp_path))
    [found] = judged.findings.filter(rule_id="pack.columns_are_in_their_places").to_dicts()
    assert found["message"].endswith(" Columns sex and consent_evaluation look swapped.")
    assert judged.submissions["status"].to_list() == ["rejected"]
    made = report(judged, judged.submissions["submission_id"][0])
    assert not any(check.startswith("2 ") for check in made.not_run)
    follows = dict(made.rules.select("rule_id", "follows_from").rows())
    assert follows["pack.columns_are_in_their_places"] == ""
    assert follows["participants.sex.is_valid"] == "pack.columns_are_in_their_places"


def test_two_swapped_columns_of_dates_are_named_by_the_order_they_break(tmp_path: Path):
    one = with_cells(lambda *days: days[::-1], "referral_date", "start_date")
    judged = judge(one.write(tmp_path))
    [found] = judged.findings.filter(rule_id="pack.columns_are_in_their_places").to_dicts()
    assert found["message"].endswith(" Columns referral_date and start_date look swapped.")
    made = report(judged, judged.submissions["submission_id"][0])
    follows = dict(made.rules.select("rule_id", "follows_from").rows())
    order = "participants.start_is_not_before_referral"
    assert follows[order] == "pack.columns_are_in_their_places"


def test_a_few_dates_in_the_wrong_order_cost_their_rows_and_not_the_pack(tmp_path: Path):
    people = pl.read_csv(draft().files["participants.csv"], infer_schema=False)
    nth = people["start_date"].is_not_null().arg_true()[:6].implode()
    early = pl.when(pl.int_range(pl.len()).is_in(nth)).then(pl.lit("2025-04-01"))
    changed = people.with_columns(vocational_profile_date=early)
    files = {**draft().files, "participants.csv": changed.write_csv().encode()}
    judged = judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))
    assert "participants.vocational_profile_is_not_before_start" in broken(judged)
    assert "pack.columns_are_in_their_places" not in broken(judged)
    assert judged.submissions["status"].to_list() == ["partially accepted"]


@pytest.mark.parametrize("columns", [("sex", "consent_evaluation"), ("model", "journey_type")])
def test_columns_in_their_places_are_not_named(columns: tuple[str, str], tmp_path: Path):
    one = with_cells(lambda one, other: ("wrong" if one else one, other), *columns)
    judged = judge(one.write(tmp_path))
    assert "pack.columns_are_in_their_places" not in judged.findings["rule_id"].to_list()
    assert judge(world() / NAME).findings.filter(severity="reject_file").is_empty()


def test_a_value_that_is_wrong_on_every_row_is_one_finding(tmp_path: Path):
    judged = judge(with_cells(lambda sex: ("female",), "sex").write(tmp_path))
    rows = draft().files["participants.csv"].count(b"\n") - 1
    [found] = judged.findings.filter(rule_id="participants.sex.is_valid").to_dicts()
    assert found["row_number"] is None
    assert found["message"].endswith(f"It is so on all {rows} rows of the file.")
    assert (
        judged.submissions["rows_rejected"].to_list()
        == judged.submissions["rows_received"].to_list()
    )


def test_dates_that_could_be_read_in_two_ways_are_one_question(tmp_path: Path):
    one = with_cells(lambda day: ("03/04/2025",), "referral_date")
    found = judge(one.write(tmp_path)).findings
    [doubt] = found.filter(rule_id="pack.values_have_one_meaning")["message"]
    rows = draft().files["participants.csv"].count(b"\n") - 1
    assert doubt.endswith(f"referral_date: {rows} written as dd/mm/yyyy.")
    assert found.filter(rule_id="participants.referral_date.is_valid").height == 1


def test_a_comma_too_many_on_every_row_is_one_finding(tmp_path: Path):
    header, _, rows = draft().files["participants.csv"].partition(b"\n")
    files = {**draft().files, "participants.csv": header + b"\n" + rows.replace(b"\n", b",\n")}
    judged = judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))
    [found] = judged.findings.filter(rule_id="pack.row_can_be_read")["message"]
    assert "33 fields; 32 were expected. It is so on all " in found


@pytest.mark.parametrize("more", [0, 1])
def test_a_rule_that_very_many_rows_break_is_one_finding(more: int):
    rows = MOST_ROWS_APIECE + more
    found = pl.DataFrame({"row_number": range(2, rows + 2)}).with_columns(
        pack=pl.lit(0, pl.Int64),
        file=pl.lit("participants.csv"),
        rule_id=pl.lit("participants.nino_is_given"),
        rows_in_file=pl.lit(rows * 2, pl.Int64),
    )
    made = explained(combine([found]), PACK)
    assert made.height == (1 if more else rows)
    if more:
        assert "It is so on 1001 rows; the first are 2, 3, 4," in made["message"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("start_date", "2025-02-30"), ("end_date", "soon"), ("journey_type", "BOTH"), ("model", "X")],
)
def test_one_wrong_cell_is_one_finding(field: str, value: str, tmp_path: Path):
    people = pl.read_csv(draft().files["participants.csv"], infer_schema=False)
    started = people["start_date"].is_not_null().arg_true()[0]
    is_it = pl.int_range(pl.len()) == started
    changed = people.with_columns(pl.when(is_it).then(pl.lit(value)).otherwise(field).alias(field))
    files = {**draft().files, "participants.csv": changed.write_csv().encode()}
    judged = judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))
    found = judged.findings.filter(row_number=started + 2, file="participants.csv")
    of_cell = found.filter(pl.col("severity") != "note")["rule_id"].to_list()
    assert of_cell == [f"participants.{field}.is_valid"]
    right = judge(world() / NAME).findings.filter(file="aggregate.csv")
    assert judged.findings.filter(file="aggregate.csv").height == right.height


def test_a_total_that_is_not_that_of_the_records_is_told_with_the_count_of_the_records(
    tmp_path: Path,
):
    totals = pl.read_csv(draft().files["aggregate.csv"], infer_schema=False)
    is_it = (pl.col("measure_code") == "STARTS_TO_DATE") & (pl.col("as_at") == str(QUARTER.end))
    [true] = totals.filter(is_it)["value"]
    wrong = pl.when(is_it).then(pl.lit(str(int(true) + 5))).otherwise("value").alias("value")
    files = {**draft().files, "aggregate.csv": totals.with_columns(wrong).write_csv().encode()}
    judged = judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))
    [found] = judged.findings.filter(rule_id="aggregate.total_agrees_with_the_records").to_dicts()
    assert found["message"].endswith(f" The records give {true}.")


def test_a_total_may_differ_by_the_rows_whose_dates_cannot_be_read_and_by_no_more(tmp_path: Path):
    people = pl.read_csv(draft().files["participants.csv"], infer_schema=False)
    nth = pl.int_range(pl.len()).is_in(people["start_date"].is_not_null().arg_true()[:2].implode())
    totals = pl.read_csv(draft().files["aggregate.csv"], infer_schema=False)
    is_it = (pl.col("measure_code") == "STARTS_TO_DATE") & (pl.col("as_at") == str(QUARTER.end))
    [true] = totals.filter(is_it)["value"]
    asked = []
    for field, more in (("start_date", 0), ("start_date", 1), ("journey_type", 1)):
        wrong = pl.when(nth).then(pl.lit("soon")).otherwise(field).alias(field)
        changed = pl.when(is_it).then(pl.lit(str(int(true) + more))).otherwise("value")
        files = {
            **draft().files,
            "participants.csv": people.with_columns(wrong).write_csv().encode(),
            "aggregate.csv": totals.with_columns(changed.alias("value")).write_csv().encode(),
        }
        one = Draft(NAME, files, draft().manifest).sealed().write(tmp_path / f"{field} {more}")
        asked.append("aggregate.total_agrees_with_the_records" in broken(judge(one)))
    assert asked == [False, True, True]
