"""Declarations of the warehouse: files, grains, columns, and that a new field arrives."""

import pytest

from pipelines.warehouse.order import reads, statement
from schemas.dimension import (
    AGE_BAND,
    CONDITION,
    DISABILITY,
    JOURNEY_TYPE,
    MODEL,
    REFERRAL_ROUTE,
    SETTING_TYPE,
    SEX,
)
from schemas.errors import DeclarationError
from schemas.fields import Code
from schemas.returns import PACK
from schemas.warehouse import COLUMNS, REFERENCE, RELATIONS, RETURNS, Relation, columns, relation
from schemas.warehouse.populations import POPULATIONS

EVERY = (*RELATIONS, *REFERENCE, *RETURNS)
PEOPLE = ("starts", "referrals", "caseload", "job_starts", "lower_outcomes", "higher_outcomes")


@pytest.mark.parametrize("declared", RELATIONS, ids=lambda declared: declared.name)
def test_the_first_line_of_a_file_is_its_declared_grain(declared):
    assert statement(declared.name).startswith(f"-- {declared.grain}\n")


@pytest.mark.parametrize("declared", EVERY, ids=lambda declared: declared.name)
def test_every_column_has_a_comment(declared):
    assert all(column.comment for column in declared.columns)
    assert declared.grain.startswith("One row per ")


def test_every_relation_has_a_key():
    assert all(declared.key for declared in RELATIONS)


def test_names_are_declared_once():
    names = [declared.name for declared in EVERY]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", PEOPLE)
def test_people_can_be_counted_by_every_dimension_of_people(name):
    dimensions = (SEX, AGE_BAND, MODEL, JOURNEY_TYPE, REFERRAL_ROUTE, CONDITION, DISABILITY)
    assert {breakdown.name for breakdown in dimensions} <= set(relation(name).names)


@pytest.mark.parametrize("name", PEOPLE)
def test_people_carry_every_coded_field_of_the_return(name):
    coded = {f.name for f in PACK.participants.fields if type(f.kind) is Code}
    assert coded <= set(relation(name).names)


def test_settings_are_counted_by_their_type():
    assert SETTING_TYPE.name in relation("health_settings").names


def test_no_identifier_is_a_column():
    identifiers = {f.name for file in PACK.files for f in file.fields if f.identifier}
    assert not identifiers & {name for declared in EVERY for name in declared.names}


def test_an_unknown_column_is_named():
    with pytest.raises(DeclarationError, match="strat_date"):
        columns("start_date strat_date")


def test_an_unknown_relation_is_answered_with_those_there_are():
    with pytest.raises(DeclarationError, match="no relation 'strats'; it has .*starts"):
        relation("strats")


def test_a_key_names_declared_columns():
    with pytest.raises(DeclarationError, match="episode_id"):
        Relation("people", "fact", "One row per person.", columns("sex"), key=("episode_id",))


def test_counts_are_whole_numbers_of_64_bits():
    counted = [name for name in COLUMNS if name.startswith(("rows_", "settings_", "funding_claim"))]
    assert counted
    assert {COLUMNS[name].sql_type for name in counted} == {"BIGINT"}


def behind(name):
    """All that a relation is made from: what its file reads, and what these read."""
    declared = {one.name for one in RELATIONS}
    found, waiting = set(), [name]
    while waiting:
        new = reads(statement(waiting.pop())) - found
        found |= new
        waiting += new & declared
    return found


@pytest.mark.parametrize("declared", POPULATIONS, ids=lambda declared: declared.name)
def test_a_population_is_from_returns_exactly_where_its_file_leads_to_them(declared):
    returns = {one.name for one in RETURNS}
    assert declared.from_returns == bool(behind(declared.name) & returns)


def test_the_stocks_are_counted_on_the_last_day_of_a_quarter():
    assert [one.name for one in POPULATIONS if one.stock] == [
        "caseload",
        "health_settings",
        "rollout",
    ]
