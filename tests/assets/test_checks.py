"""Checks know their quarter, can be run again alone, and say where, what, and what to do."""

from fnmatch import fnmatch

import dagster as dg
import pytest

from assets.coordinator import ByQuarter, name_of_quarter, quarter_to_check
from assets.definitions import defs
from assets.instance import instance
from assets.verdicts import CheckFinding, verdict
from operations.home.settings import Settings
from operations.stores.databases import writing
from pipelines.warehouse import newest_build
from tests.assets.test_revisions_between_quarters import ENVIRONMENT, FIRST, SECOND, two_quarters
from tests.built_homes import copied

GRAPH = defs.resolve_asset_graph()
CHECKS = sorted(GRAPH.asset_check_keys)
MADE = {dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.ASSET_CHECK_EVALUATION}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home in which two quarters were built; an area sent nothing for the first.

    Nothing was corrected since, so every check of the first quarter should say what it said.
    """
    with copied(tmp_path_factory, "two_quarters", ENVIRONMENT, two_quarters):
        yield Settings.read()


def again(settings, quarter, *keys):
    """Run checks alone, as the UI does; their results by name."""
    whole = defs.resolve_implicit_global_asset_job_def()
    job = whole.get_subset(asset_selection=set(), asset_check_selection=set(keys))
    with instance(settings) as held:
        done = job.execute_in_process(
            instance=held,
            partition_key=quarter.start.isoformat(),
            raise_on_error=False,
        )
    return {found.asset_check_key.name: found for found in done.get_asset_check_evaluations()}


def test_every_check_is_partitioned_as_its_asset_is():
    for key in CHECKS:
        assert GRAPH.get(key).partitions_def == GRAPH.get(key.asset_key).partitions_def


def test_every_check_can_be_run_again_alone_for_a_quarter_that_is_not_the_last_built(home):
    found = again(home, FIRST, *CHECKS)
    assert set(found) == {key.name for key in CHECKS}
    warned = {name for name, one in found.items() if not one.passed}
    assert warned <= {"coverage", "expectations_that_warn"}
    for one in found.values():
        assert one.description.startswith(FIRST.label), one
        assert one.metadata["quarter"].value == FIRST.label
        assert one.partition == FIRST.start.isoformat()


def test_execute_all_looks_at_the_quarter_that_was_built_last_and_names_it(home):
    chosen = {"dagster/partition": FIRST.start.isoformat()}
    checks = frozenset({check("shape")})
    with instance(home) as held:
        assert isinstance(held.run_coordinator, ByQuarter)
        alone = dg.DagsterRun("__ASSET_JOB", asset_check_selection=checks)
        last = {"dagster/partition": SECOND.start.isoformat()}
        assert quarter_to_check(held, alone) == last
        assert name_of_quarter(last) == {"quarter": SECOND.label}
        own = dg.DagsterRun("__ASSET_JOB", asset_check_selection=checks, tags=chosen)
        assert quarter_to_check(held, own) == {}
        assert quarter_to_check(held, dg.DagsterRun("quarterly_build")) == {}


NUMBERS = (dg.IntMetadataValue, dg.FloatMetadataValue)
MAY_STAY = {
    "warehouse/* dagster/row_count": "the name by which Dagster shows the size of a table",
    "returns/reports receipts": "all packs of these quarters came before the first was built",
    "protected/plans shown": "a plan is for the whole programme, and all of it is shown",
}
"""Numbers other than 0 that may be the same in quarter after quarter, and why they are numbers."""


def numbers_of(settings, quarter):
    """The numbers that the newest build of a quarter shows, by asset or check and by name."""
    partition = {"dagster/partition": quarter.start.isoformat()}
    asked = dg.RunsFilter(job_name="quarterly_build", tags=partition)
    with instance(settings) as held:
        run = held.get_runs(asked, limit=1)[0]
        entries = held.all_logs(run.run_id, of_type=MADE)
    made = [entry.asset_materialization or entry.asset_check_evaluation for entry in entries]
    return {
        (one.asset_key.to_user_string(), getattr(one, "check_name", ""), name): shown.value
        for one in made
        for name, shown in one.metadata.items()
        if isinstance(shown, NUMBERS)
    }


def test_no_number_that_dagster_plots_is_the_same_in_every_quarter(home):
    """But 0: a plot of what has not happened yet shows when it does."""
    first, second = numbers_of(home, FIRST), numbers_of(home, SECOND)
    assert len(first) > 20
    assert first.keys() == second.keys()
    constant = {
        f"{asset} {name}"
        for (asset, check, name), value in first.items()
        if value and value == second[asset, check, name]
    }
    declared = {one: {p for p in MAY_STAY if fnmatch(one, p)} for one in constant}
    assert [one for one, reasons in declared.items() if not reasons] == []
    assert set().union(*declared.values()) == MAY_STAY.keys(), "what is declared is still needed"


def test_an_area_that_sent_nothing_is_in_the_table_of_areas_and_named(home):
    found = again(home, FIRST, check("coverage"))["coverage"]
    assert "Missing: West London (not received)." in found.description
    assert "| West London | not received |" in found.metadata["each open area"].value


def check(name):
    (key,) = [key for key in CHECKS if key.name == name]
    return key


def test_a_table_that_is_damaged_is_named_with_what_is_wrong_in_its_own_quarter(home):
    with writing(home.confidential) as database:
        schema = newest_build(database, FIRST)
        database.run(f"insert into {schema}.dim_model select * from {schema}.dim_model limit 1")
    wrong, right = (again(home, quarter, check("shape"))["shape"] for quarter in (FIRST, SECOND))
    assert right.passed
    assert not wrong.passed
    assert "table dim_model: 1 row: rows share the key" in wrong.description
    assert "expected: none." in wrong.description
    assert "those who maintain the system" in wrong.metadata["what to do"].value


def test_a_quarter_that_was_never_built_is_refused_in_words(home):
    whole = defs.resolve_implicit_global_asset_job_def()
    job = whole.get_subset(asset_selection=set(), asset_check_selection={check("shape")})
    with instance(home) as held:
        done = job.execute_in_process(
            instance=held, partition_key=SECOND.next.start.isoformat(), raise_on_error=False
        )
    (failed,) = [event for event in done.all_events if event.is_step_failure]
    words = failed.step_failure_data.user_failure_data.description
    assert words.startswith(f"The warehouse of {SECOND.next} was not built")


def test_after_an_interrupted_build_each_check_of_its_tables_says_so_and_no_more(home):
    with writing(home.confidential) as database:
        name, number = newest_build(database, SECOND).rsplit("_", 1)
        partial = f"{name}_{int(number) + 1:06d}"
        database.run(f"create schema {partial}; create table {partial}.dim_model (model varchar)")
    chosen = {check(name) for name in ("shape", "starts_reconcile", "expectations_that_warn")}
    whole = defs.resolve_implicit_global_asset_job_def()
    job = whole.get_subset(asset_selection=set(), asset_check_selection=chosen)
    with instance(home) as held:
        partition = SECOND.start.isoformat()
        done = job.execute_in_process(instance=held, partition_key=partition, raise_on_error=False)
    failed = [event.step_failure_data for event in done.all_events if event.is_step_failure]
    assert len(failed) == len(chosen)
    for one in failed:
        words = one.user_failure_data.description
        assert words.startswith(f"The last build of {SECOND} was interrupted or failed before")
        assert f"ctw build {SECOND.id}" in words
        assert one.error.cause is None


def test_a_verdict_says_where_what_and_what_to_do_and_passes_only_without_findings():
    one = CheckFinding("West London", "3 rows", "none")
    found = verdict(FIRST, [one] * 5, "Ask them.", rows=3)
    assert not found.passed
    assert found.description.startswith("2025-26 Q2: West London: 3 rows; expected: none. West")
    assert found.description.endswith("And 2 more. Ask them.")
    assert found.metadata["found"].value.count("| West London | 3 rows | none |") == 5
    assert verdict(FIRST, [], "Ask them.").passed
    assert isinstance(found.severity, dg.AssetCheckSeverity)
