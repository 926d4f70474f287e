"""Each declared check, when it fails, says where, what was observed and expected, and what to do.

A check gets what its asset could hand to it, and speaks as it does in a run.
"""

import polars as pl
import pytest

from assets import attack
from assets.definitions import defs
from assets.publications import gate_verdict
from assets.reconciliation import starts_verdict
from assets.returns import rejected_verdict
from assets.verdicts import TABLE
from assets.warehouse import (
    coverage_verdict,
    expectations_verdict,
    missing_verdict,
    shape_verdict,
)
from pipelines.warehouse import Failure
from publications.gates.screener import GATES
from publications.release.model import AttackOutcome, Changes
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
NOT_MET = pl.DataFrame(
    {
        "severity": ["block", "warn"],
        "suite": ["starts", "returns"],
        "expectation": ["starts_change", "on_time"],
        "is_public": [False, True],
        "description": ["Starts rise by less than half.", "Returns come in time."],
        "passed": [False, False],
    }
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


FAILING = {
    "no_pack_rejected": lambda: rejected_verdict(QUARTER, REJECTED),
    "shape": lambda: shape_verdict(QUARTER, [Failure("starts", "rows share the key", 2)]),
    "starts_reconcile": lambda: starts_verdict(QUARTER, STARTS),
    "expectations_that_block": lambda: expectations_verdict(QUARTER, "block", NOT_MET),
    "expectations_that_warn": lambda: expectations_verdict(QUARTER, "warn", NOT_MET),
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


@pytest.mark.parametrize(
    ("severity", "kind", "is_explained"),
    [("block", "confidential", False), ("warn", "public", True)],
)
def test_only_a_public_expectation_asks_for_an_explanation(severity, kind, is_explained):
    found = expectations_verdict(QUARTER, severity, NOT_MET)
    [name] = NOT_MET.filter(severity=severity)["expectation"]
    todo = found.metadata["what to do"].value
    assert f"{kind} ({name})" in todo.replace(" by its short name", "")
    assert ("ctw explain" in todo, "needs no explanation" in todo) == (
        is_explained,
        not is_explained,
    )
    assert f"{name}, which is {kind}, is not met" in found.metadata["found"].value
    assert found.metadata["desk"].value.endswith(f"/desk/{QUARTER.id}/docs/")


@pytest.mark.parametrize("name", GATES)
def test_a_gate_states_what_it_expects_and_not_what_it_does(name):
    """The sentence stands behind "expected:" in the table of what was found."""
    assert DECLARED[name].split()[0] in {"Every", "No", "When"}, DECLARED[name]
