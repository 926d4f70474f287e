"""Judge whether a quarter is plausible: every suite in one step, by Great Expectations."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import great_expectations as gx
import polars as pl
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.registry import get_expectation_impl
from polars import selectors

from schemas.expectations import SUITES, Expectation, Suite

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = "plausibility"
# Counts of what was unexpected, and no value: what GX calls partial lists would hold values.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
OUTCOME = {
    "suite": pl.String,
    "expectation": pl.String,
    "description": pl.String,
    "severity": pl.String,
    "passed": pl.Boolean,
    "is_judged": pl.Boolean,
    "unjudged": pl.Int64,
    "is_public": pl.Boolean,
    "value_percent": pl.Float64,
    "least_percent": pl.Float64,
    "most_percent": pl.Float64,
    "is_share": pl.Boolean,
}
FEW = 5.0
"""The step, in per cent, of a share of areas whose number would tell of small counts."""


def judge(
    frames: Mapping[str, pl.DataFrame],
    docs: Path,
    suites: Sequence[Suite] = SUITES,
    due: Mapping[str, int] | None = None,
) -> pl.DataFrame:
    """Return whether each expectation is met: one row per expectation, and no value of an area.

    Columns: suite, expectation, description (a plain sentence), severity (warn or block), passed
    (no row that could be judged breaks it), is_judged (some row could), unjudged (how many
    of the rows that are `due` in its frame, or else are there, could not be judged because a figure
    is not known; null where that would tell of small counts), is_public (whether the outcome may
    leave), value_percent (what was observed, in coarse steps; null where nothing was judged or the
    outcome may not leave), least_percent and most_percent (what is expected of it), is_share
    (whether it is the share of areas within the limits). Writes Data Docs into the folder
    `docs`: they are confidential and stay inside.
    """
    with _quietly():
        context = _context(docs)
        expected = {name: frame.height for name, frame in frames.items()} | dict(due or {})
        outcomes = [
            (
                *row[:-1],
                *(seen := _seen(expectation, frames[suite.frame], expected[suite.frame])),
                expectation.is_public,
                _value(suite, expectation, frames[suite.frame], row[-1]) if seen[0] else None,
                *_expected(suite, expectation),
                not suite.is_programme,
            )
            for suite in suites
            for row, expectation in zip(
                _run(context, suite, frames[suite.frame]), suite.expectations, strict=True
            )
        ]
        context.build_data_docs(site_names=[SITE])
    return pl.DataFrame(outcomes, schema=OUTCOME, orient="row")


def _seen(expectation: Expectation, frame: pl.DataFrame, due: int) -> tuple[bool, int | None]:
    """Return whether any row has the figures that are judged, and how many rows have not."""
    there = set(expectation.columns) <= set(frame.columns)
    judged = frame.drop_nulls(expectation.columns).height if there else 0
    return judged > 0, None if expectation.leaves_out_few else due - judged


def _value(
    suite: Suite, expectation: Expectation, frame: pl.DataFrame, within: float | None
) -> float | None:
    """Return what was observed, in steps; a share is rounded down, so that all is 100."""
    if not expectation.is_public or within is None:
        return None
    if not suite.is_programme:
        step = FEW if expectation.leaves_out_few else expectation.step
        return step * math.floor(within / step)
    [column] = expectation.columns
    observed = float(frame[column].item())
    return round(round(observed / expectation.step) * expectation.step, 1)


def _expected(suite: Suite, expectation: Expectation) -> tuple[float | None, float | None]:
    """Return the least and the most that the value may be; None where there is no limit."""
    given = expectation.arguments
    if suite.is_programme:
        return given["min_value"], given["max_value"]
    return 100 * given.get("mostly", 1.0), 100.0


def _context(docs: Path) -> Any:
    """Make a context that keeps nothing, asks no server and shows no progress."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    for name in context.get_site_names():
        context.delete_data_docs_site(name)
    context.add_data_docs_site(
        SITE,
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(docs.resolve()),
            },
        },
    )
    return context


def _run(context: Any, suite: Suite, frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Validate one frame against one suite; an expectation that cannot be judged is not met."""
    asked = context.suites.add(gx.ExpectationSuite(suite.name, notes=suite.title))
    for expectation in suite.expectations:
        kind = get_expectation_impl(expectation.expects)
        asked.add_expectation(
            kind(
                **expectation.arguments, meta={"id": expectation.id}, notes=expectation.description
            )
        )
    source = context.data_sources.add_pandas(suite.name)
    batch = source.add_dataframe_asset(suite.frame).add_batch_definition_whole_dataframe("quarter")
    validation = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=asked)
    )
    # Sums come as decimals, which pandas holds as objects.
    rows = frame.with_columns(selectors.numeric().cast(pl.Float64)).to_pandas()
    result = validation.run(batch_parameters={"dataframe": rows}, result_format=RESULT_FORMAT)
    met = {found.expectation_config.meta["id"]: bool(found.success) for found in result.results}
    within = {
        found.expectation_config.meta["id"]: _within(found.result) for found in result.results
    }
    return [
        (suite.title, e.id, e.description, e.severity, met[e.id], within[e.id])
        for e in suite.expectations
    ]


def _within(result: Mapping[str, Any]) -> float | None:
    """Return the per cent of the rows judged that are within the limits; None of no row."""
    outside = result.get("unexpected_percent_nonmissing")
    return None if outside is None else 100.0 - float(outside)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep what Great Expectations logs out of the run's log: it may name values."""
    log = logging.getLogger("great_expectations")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)
