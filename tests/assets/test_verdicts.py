"""Each declared check, when it fails, says where, what was observed and expected, and what to do.

A check gets what its asset could hand to it, and speaks as it does in a run.
"""

import dagster as dg
import polars as pl
import pytest

import reference
from assets import attack
from assets.definitions import defs
from assets.publications import gate_verdict
from assets.reconciliation import starts_verdict
from assets.returns import rejected_verdict
from assets.unmet import expectations_verdict
from assets.verdicts import TABLE
from assets.warehouse import (
    coverage_verdict,
    missing_verdict,
    shape_verdict,
)
from operations.releases.explanations import subjects
from pipelines.warehouse import Failure
from publications.gates.screener import GATES
from publications.release.model import AttackOutcome, Changes
from schemas.expectations import SUITES
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 2)
GRAPH = defs.resolve_asset_graph()
DECLARED = {key.name: GRAPH.get(key).description for key in GRAPH.asset_check_keys}
AREAS = pl.DataFrame(
    {
        "delivery_area_code": ["CTW-EN01", "CTW-EN03"],
        "delivery_area_name": ["West London", "Local London"],
        "status": ["not received", "accepted"],
        "has_return": [False, True],
        "rows_received": [0, 10],
        "rows_accepted": [0, 10],
        "last_starts": [5, 5],
        "planned_starts": [5, 5],
    }
)
EVERY = [(suite, one) for suite in SUITES for one in suite.expectations]
NOT_MET = pl.DataFrame(
    [
        (suite.title, one.id, one.description, one.severity, False, one.is_public)
        for suite, one in EVERY
    ],
    schema=["suite", "expectation", "description", "severity", "passed", "is_public"],
    orient="row",
)
AREA_OUTSIDE = pl.DataFrame(
    [
        (suite.title, one.id, "CTW-EN01", f"{one.id.replace('_', ' ')} 9")
        for suite, one in EVERY
        if not suite.is_programme
    ],
    schema=["suite", "expectation", "delivery_area", "observed"],
    orient="row",
)
REJECTED = pl.DataFrame(
    {
        "delivery_area_code": ["CTW-EN01"],
        "pack_name": ["CTW-EN01_2025-26Q2_v1"],
        "rows_received": [8],
    }
)
STARTS = pl.DataFrame(
    {
        "delivery_area": ["CTW-EN01"],
        "quarter": ["2025-26Q1"],
        "accepted": [9],
        "started_again": [1],
        "moved": [1],
        "published": [6],
    }
)
FEW = Changes("2025-26 Q1 v1", compared=9, changed=3, few=2, not_held=("Starts",))


def changes(is_unscheduled):
    """What is said of changes with few people behind them."""
    outcome = AttackOutcome(
        True, 9, 12, 0, (), 0, (), 0, {}, changes=(FEW,), is_unscheduled=is_unscheduled
    )
    return attack.verdict(QUARTER, outcome)


def of_gate(name):
    return lambda: gate_verdict(QUARTER, 1, name, DECLARED[name], ["Table 6 has 23 and not 25."])


def nothing_chosen():
    return missing_verdict(QUARTER, AREAS, pl.DataFrame({"method": ["leave_out"], "name": [""]}))


def unmet(severity, **only):
    """What is said when every expectation of a severity is broken by one area."""
    return expectations_verdict(QUARTER, severity, NOT_MET.filter(**only), AREA_OUTSIDE)


FAILING = {
    "no_pack_rejected": lambda: rejected_verdict(QUARTER, REJECTED),
    "shape": lambda: shape_verdict(QUARTER, [Failure("starts", "rows share the key", 2)]),
    "starts_reconcile": lambda: starts_verdict(QUARTER, STARTS),
    "expectations_that_block": lambda: unmet("block"),
    "expectations_that_warn": lambda: unmet("warn"),
    "coverage": lambda: coverage_verdict(QUARTER, AREAS),
    "missing_starts": nothing_chosen,
    "nothing_is_exposed": lambda: attack.exposure_verdict(QUARTER, 3),
    "changes_hide_people": lambda: changes(is_unscheduled=True),
    **{name: of_gate(name) for name in GATES},
}
"""What makes each declared check fail."""
MORE = {
    "a warning of areas that are missing": lambda: coverage_verdict(
        QUARTER, AREAS.vstack(AREAS.filter("has_return")).vstack(AREAS.filter("has_return"))
    ),
    "changes of a scheduled release": lambda: changes(is_unscheduled=False),
}


def test_every_declared_check_is_made_to_fail_here():
    assert FAILING.keys() == DECLARED.keys()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))


def rows_of(table):
    """The cells of a table in Markdown, row by row; its head comes first."""
    lines = table.splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("failing", [*FAILING.values(), *MORE.values()], ids=[*FAILING, *MORE])
def test_a_failing_check_says_where_what_was_observed_and_expected_and_what_to_do(failing):
    found = failing()
    assert not found.passed
    assert QUARTER.label in found.metadata["quarter"] or found.description.startswith("The gate")
    head, _, *rows = rows_of(found.metadata["found"].value)
    assert head == list(TABLE)
    assert rows
    for row in rows:
        assert len(row) == len(TABLE), row
        assert all(any(map(str.isalnum, cell)) for cell in row), row
    todo = found.metadata["what to do"]
    assert len(str(getattr(todo, "value", todo)).split()) > 4
    assert str(getattr(todo, "value", todo)).split("\n")[0][-60:] in found.description


@pytest.mark.parametrize("name", GATES)
def test_a_gate_states_what_it_expects_and_not_what_it_does(name):
    """The sentence stands behind "expected:" in the table of what was found."""
    assert DECLARED[name].split()[0] in {"Every", "No", "When"}, DECLARED[name]


def advice(found):
    todo = found.metadata["what to do"]
    return str(getattr(todo, "value", todo))


@pytest.mark.parametrize("name", FAILING)
def test_a_check_that_stops_the_quarter_advises_no_explanation_which_would_not_lift_it(name):
    found = FAILING[name]()
    if found.severity is dg.AssetCheckSeverity.ERROR:
        assert "ctw explain" not in advice(found)
        assert "explain_quality" not in found.description
        assert "explain_quality" not in str(found.metadata)


@pytest.mark.parametrize(("suite", "one"), EVERY, ids=[one.id for _, one in EVERY])
def test_an_explanation_is_advised_of_an_expectation_exactly_when_one_can_be_given(suite, one):
    found = unmet(one.severity, suite=suite.title, expectation=one.id)
    assert found.metadata["findings"].value == 1
    can_be = one.severity == "warn" and one.id in subjects(QUARTER)
    assert ("ctw explain" in advice(found)) is can_be


def test_the_areas_in_which_an_expectation_is_not_met_are_named_with_what_was_observed():
    where = unmet("block").description
    assert "is not met in 1 area: West London (referrals to date starts to date 9);" in where


def test_of_many_areas_the_first_are_named_and_a_table_names_all():
    codes = reference.delivery_areas(QUARTER.end)["delivery_area_code"].sort()
    every = AREA_OUTSIDE.drop("delivery_area").join(
        pl.DataFrame({"delivery_area": codes}), how="cross"
    )
    found = expectations_verdict(QUARTER, "block", NOT_MET, every)
    assert f"not met in {len(codes)} areas: " in found.description
    assert f"; {len(codes) - 10} more; more is in data_docs" in found.description
    assert len(rows_of(found.metadata["areas outside"].value)) == len(codes) + 2


@pytest.mark.parametrize("severity", ["block", "warn"])
def test_each_expectation_says_its_short_name_whether_it_is_public_and_where_more_is(severity):
    found = unmet(severity)
    for one in NOT_MET.filter(severity=severity).iter_rows(named=True):
        kind = "public" if one["is_public"] else "confidential"
        assert f"{one['expectation']}, which is {kind}, is not met" in found.metadata["found"].value
    assert found.metadata["desk"].value.endswith(f"/desk/{QUARTER.id}/docs/")


def test_of_a_confidential_expectation_no_explanation_for_the_public_is_asked():
    names = {
        kind: ", ".join(NOT_MET.filter(severity="warn", is_public=kind)["expectation"])
        for kind in (True, False)
    }
    said = advice(unmet("warn"))
    assert f"each expectation that is public by its short name ({names[True]}): ctw" in said
    assert f"confidential ({names[False]}) is not on the quality page" in said
