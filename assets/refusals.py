"""Errors of ours as short failures: what was found, what was expected, what to do, and no trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from assets.partitions import quarter_of
from assets.runs import BUILD
from assets.ways import forms_of, with_ways
from schemas.quarter import Quarter

ROOMS = frozenset(
    {
        "assets",
        "operations",
        "pipelines",
        "publications",
        "schemas",
        "disclosure",
        "reference",
        "verification",
    }
)
BACKFILL = "dagster/backfill"


def is_ours(error: BaseException) -> bool:
    """Whether an error was written for people: one of this project's own classes."""
    return type(error).__module__.split(".")[0] in ROOMS


@contextmanager
def refusals(job: str = BUILD) -> Iterator[None]:
    """Turn an error of ours inside the block into a failure that Dagster shows by its message.

    The message says what to do in the UI too, and a link leads to the form. `job` is the one that
    the step belongs to: it is launched again when the message names no other. Also a decorator of
    the functions of assets and checks. Any other error is left as it is: it is a fault of the
    system, and its trace helps to mend it.
    """
    try:
        yield
    except Exception as error:
        if not is_ours(error):
            raise
        words = str(error)
        links = forms_of(words, _quarter_under_way(), job)
        raise dg.Failure(with_ways(words, job), links, allow_retries=False) from None


def _quarter_under_way() -> Quarter | None:
    """Return the quarter of the step under way; None outside of steps and in a backfill."""
    for kind in (dg.AssetExecutionContext, dg.AssetCheckExecutionContext):
        try:
            context = kind.get()
        except dg.DagsterInvariantViolationError:
            continue
        if context.has_partition_key:
            return quarter_of(context.partition_key)
    return None


def require_one_quarter(context: dg.AssetExecutionContext, act: str) -> None:
    """Raise `dg.Failure` in a backfill: what a person decides, they decide for one quarter."""
    if not context.has_partition_key or BACKFILL in context.run.tags:
        raise dg.Failure(
            f"{act} is for one quarter at a time, and this run belongs to a backfill of several. "
            "Nothing was recorded. Choose one quarter in the launchpad, and launch again.",
            allow_retries=False,
        )
