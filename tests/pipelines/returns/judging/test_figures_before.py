"""A figure that an area gave before does not vanish without a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged, process_packs, report
from pipelines.returns.judging.ever_given import CLAIMS
from pipelines.returns.judging.figures_before import FIGURES_SHOWN
from pipelines.returns.judging.history import ReturnRows
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from schemas.quarter import PROGRAMME_START, Quarter
from schemas.returns.aggregate import MEASURES
from tests.pipelines.returns.small_world import KEY, NAME, QUARTER, draft, judge, landed, world

RULE = "pack.figures_stay"
FIRST, SECOND = PROGRAMME_START.next, PROGRAMME_START.next.next
GP_PRACTICE = (pl.col("measure_code") == "SETTINGS_EMBEDDED") & (
    pl.col("breakdown_1_value") == "GP_PRACTICE"
)


def edited(one: Draft, edit: Callable[[pl.DataFrame], pl.DataFrame]) -> Draft:
    """Return a pack with other rows in aggregate.csv."""
    rows = pl.read_csv(one.files["aggregate.csv"], infer_schema=False)
    return replace(
        one, files={**one.files, "aggregate.csv": edit(rows).write_csv().encode()}
    ).sealed()


def without(one: Draft, where: pl.Expr) -> Draft:
    return edited(one, lambda rows: rows.filter(~where.fill_null(value=False)))


def asked(judged: Judged) -> list[str]:
    """Return what was found about figures that are gone."""
    found = judged.findings.filter(rule_id=RULE)
    assert found.select("file", "row_number", "severity").unique().rows() in (
        [],
        [("aggregate.csv", None, "query")],
    )
    return found["message"].to_list()


def test_a_figure_that_a_later_version_leaves_out_is_asked_about(tmp_path: Path):
    judged = judge(world() / NAME, without(draft().again(), GP_PRACTICE).write(tmp_path))
    [message] = asked(judged)
    shown = f"SETTINGS_EMBEDDED GP_PRACTICE at {QUARTER.previous.end} (row 3 in {NAME}); SETTINGS_"
    assert f" 2 are missing: {shown}" in message
    assert judged.submissions["status"].to_list() == ["accepted", "accepted with queries"]


def test_a_figure_of_0_is_there(tmp_path: Path):
    none = edited(
        draft().again(),
        lambda rows: rows.with_columns(
            value=pl.when(GP_PRACTICE).then(pl.lit("0")).otherwise("value")
        ),
    )
    assert asked(judge(world() / NAME, none.write(tmp_path))) == []


def test_all_figures_gone_are_one_question_that_names_the_first(tmp_path: Path):
    judged = judge(world() / NAME, without(draft().again(), pl.lit(value=True)).write(tmp_path))
    [message] = asked(judged)
    count = draft().files["aggregate.csv"].count(b"\n") - 1
    assert f" {count:,} are missing: " in message
    assert message.endswith(f"; and {count - FIGURES_SHOWN:,} more.")


def test_a_row_that_is_left_out_for_its_value_is_named_as_what_follows(tmp_path: Path):
    wrong = edited(
        draft().again(),
        lambda rows: rows.with_columns(
            value=pl.when(GP_PRACTICE).then(pl.lit("many")).otherwise("value")
        ),
    )
    judged = judge(world() / NAME, wrong.write(tmp_path))
    assert len(asked(judged)) == 1
    made = report(judged, judged.submissions["submission_id"][1])
    assert dict(made.rules.select("rule_id", "follows_from").rows())[RULE] == (
        "aggregate.value.is_valid"
    )


def test_an_organisation_is_not_named_in_the_answer(tmp_path: Path):
    claims = pl.col("measure_code") == "FUNDING_CLAIMED"
    judged = judge(world() / NAME, without(draft().again(), claims).write(tmp_path))
    [message] = asked(judged)
    assert f"FUNDING_CLAIMED DELIVERY at {QUARTER.end} (row " in message
    rows = pl.read_csv(draft().files["aggregate.csv"], infer_schema=False)
    for name in rows.filter(claims)["breakdown_3_value"].unique():
        assert name not in message.replace(NAME, "")


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[Quarter, Draft]:
    """Return the packs of one area for two quarters that follow each other."""
    out = tmp_path_factory.mktemp("quarters")
    simulate(SECOND, 60, seed=6, out=out, first=FIRST)
    return {of: Draft.read(out / f"CTW-EN01_{of.id}_v1") for of in (FIRST, SECOND)}


@pytest.fixture(scope="module")
def before(packs: dict[Quarter, Draft], tmp_path_factory: pytest.TempPathFactory) -> ReturnRows:
    path = packs[FIRST].write(tmp_path_factory.mktemp("before"))
    judged = process_packs(landed([path]), FIRST, KEY)
    return ReturnRows(judged.participants, judged.events, judged.aggregate)


def second(before: ReturnRows, *drafts: Draft, out: Path) -> Judged:
    paths = [one.write(out) for one in drafts]
    return process_packs(landed(paths), SECOND, KEY, earlier=before)


def test_what_goes_on_from_quarter_to_quarter_raises_no_question(packs, before, tmp_path):
    assert asked(second(before, packs[SECOND], out=tmp_path)) == []


def test_a_category_that_ends_with_the_quarter_before_is_asked_about(packs, before, tmp_path):
    ends = without(packs[SECOND], GP_PRACTICE & (pl.col("as_at") == SECOND.end.isoformat()))
    [message] = asked(second(before, ends, out=tmp_path))
    at = f"SETTINGS_EMBEDDED GP_PRACTICE at {SECOND.end} (row "
    assert f" 1 is missing: {at}" in message
    assert f" in CTW-EN01_{FIRST.id}_v1)" in message


def test_a_figure_that_two_returns_before_give_is_named_once(packs, before, tmp_path):
    later = without(packs[SECOND].again(), GP_PRACTICE)
    judged = second(before, packs[SECOND], later, out=tmp_path)
    [message] = asked(judged)
    assert " 3 are missing: " in message
    assert message.count(f"CTW-EN01_{SECOND.id}_v1") == 3


@pytest.mark.parametrize("measure", [one.code for one in MEASURES])
def test_each_measure_that_goes_on_is_looked_for_at_the_end_of_the_quarter(
    measure, packs, before, tmp_path
):
    last = (pl.col("measure_code") == measure) & (pl.col("as_at") == SECOND.end.isoformat())
    found = asked(second(before, without(packs[SECOND], last), out=tmp_path))
    given = before.figures.filter(measure_code=measure, as_at=FIRST.end).height
    goes_on = measure == CLAIMS or next(one.goes_on for one in MEASURES if one.code == measure)
    assert len(found) == (1 if goes_on and given else 0)


def test_figures_of_an_area_that_has_nobody_yet_are_compared_too(packs, before, tmp_path):
    alone = ReturnRows(before.participants.clear(), before.events.clear(), before.figures)
    judged = second(alone, without(packs[SECOND], GP_PRACTICE), out=tmp_path)
    assert len(asked(judged)) == 1
    assert judged.submissions["compared_with"].to_list() == [f"CTW-EN01_{FIRST.id}_v1"]
