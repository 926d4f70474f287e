"""Asset of the notice of figures that are wrong and cannot change before the next release."""

import dagster as dg

from assets.account import decided_by
from assets.common import room
from assets.forms import KnownWrong
from assets.partitions import quarter_of_run
from assets.refusals import refusals, require_one_quarter
from assets.runs import KNOWN_WRONG, releasing
from operations.home.settings import Settings, settings
from operations.releases.known_errors import KnownError, known_errors
from operations.releases.naming_errors import name_errors
from schemas.quarter import Quarter

KNOWN_ERRORS = dg.AssetKey(["publications", "known_errors"])


@dg.asset(
    key=KNOWN_ERRORS,
    description=(
        "That the public version of a quarter has wrong figures which a held-back correction "
        "cannot change yet: its pages name the tables. Refused while no correction is held back."
    ),
    **room("publications"),
    kinds={"json"},
)
@refusals(KNOWN_WRONG)
def named(context: dg.AssetExecutionContext, config: KnownWrong) -> dg.MaterializeResult[None]:
    """Record which tables hold wrong figures, and show the notice on the site."""
    require_one_quarter(context, "A notice of wrong figures")
    state, quarter = settings(), quarter_of_run(context)
    by = decided_by(context, config.name, config.role)
    with releasing(state):
        error = name_errors(state, quarter, config.reason, by)
    return dg.MaterializeResult(
        metadata={
            "version": f"{quarter.label} v{error.version}",
            "tables": ", ".join(error.tables),
            "said by": f"{error.name}, {error.role}",
            "notice": page_of(quarter, error),
        }
    )


def describe_wrong_tables(state: Settings, quarter: Quarter) -> str:
    """Say which tables the newest notice names, and where to read it."""
    error = known_errors(state, quarter)[-1]
    return (
        f"The pages of {quarter.label} v{error.version} say now that figures are known to be wrong "
        f"in one or more of these tables: {', '.join(error.tables)}. The next scheduled release "
        f"takes the change in. Read the notice: {state.home / page_of(quarter, error)}"
    )


def page_of(quarter: Quarter, error: KnownError) -> str:
    """Return the first page of the version that has the notice, below the home."""
    return f"site/{quarter.id}/v{error.version}/index.html"


ASSETS = [named]
