"""What Pandera is trusted with, and what it is not."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.returns.validation.model import broken, cast, held, model
from schemas.returns import PACK, rules
from tests.spec.return_examples import PARTICIPANT
from tests.spec.test_return_rules import beside, text

BAD = {**PARTICIPANT, "sex": "FEMALE", "end_date": "2026-05-01"}


def typed(*rows: dict[str, object]) -> pl.DataFrame:
    declared = PACK.participants
    drawn = {str(at): row for at, row in enumerate(rows)}
    return beside("participants", drawn)(cast(text(declared, list(rows)), declared)[0])


def with_rules(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as the model reads them: each with what holds in it."""
    return rows.hstack(held(rows, PACK.participants))


def test_a_lazy_frame_would_pass_bad_rows_unseen():
    """The reason why rows are judged in a DataFrame, and never lazily."""
    rows = typed(BAD)
    passed = model(PACK.participants).validate(with_rules(rows).lazy(), lazy=True).collect()
    assert passed.height == 1
    assert set(broken(rows, PACK.participants)) == {"sex.is_valid", "end_is_not_before_start"}


def test_a_lazy_frame_is_refused():
    with pytest.raises(TypeError, match="collect"):
        broken(typed(BAD).lazy(), PACK.participants)  # type: ignore[arg-type]


def test_the_model_reports_no_value():
    import pandera.errors

    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        model(PACK.participants).validate(with_rules(typed(BAD)), lazy=True)
    assert "FEMALE" not in str(caught.value)
    assert caught.value.failure_cases.is_empty()


def test_a_frame_of_another_shape_is_our_fault_not_the_area_s():
    with pytest.raises(TypeError, match="does not fit its declaration"):
        broken(
            typed(PARTICIPANT).with_columns(pl.col("episode_no").cast(pl.String)), PACK.participants
        )


def test_each_broken_rule_has_its_own_rows():
    rows = typed(PARTICIPANT, BAD, {**PARTICIPANT, "sex": "FEMALE"})
    found = broken(rows, PACK.participants)
    assert found["sex.is_valid"].to_list() == [False, True, True]
    assert found["end_is_not_before_start"].to_list() == [False, True, False]
    assert broken(typed(PARTICIPANT), PACK.participants) == {}


def test_the_model_checks_every_field_that_has_a_rule():
    for declared in PACK.returns:
        checked = {name for name, c in model(declared).columns.items() if c.checks}
        assert checked == {rule.field for rule in rules(declared)}


def test_a_cell_of_another_form_is_named_once():
    _, failed = cast(
        text(PACK.participants, [{**PARTICIPANT, "start_date": "soon"}]), PACK.participants
    )
    assert list(failed) == ["start_date"]
    assert failed["start_date"].to_list() == [True]
