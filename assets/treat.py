"""Asset of the treatment of missing returns, which the Head of Profession chooses."""

import dagster as dg

from assets.account import decided_by
from assets.common import room
from assets.forms import Treat
from assets.partitions import quarter_of_run
from assets.refusals import refusals, require_one_quarter
from assets.runs import TREAT, releasing
from assets.ways import with_ways
from operations.errors import NotBuiltError, SignOffError
from operations.home.settings import settings
from operations.releases.treatments import choose
from operations.stores.databases import reading
from pipelines import quality
from pipelines.database import schema_of
from schemas.quarter import Quarter

TREATMENT = dg.AssetKey(["publications", "treatment"])


def missing_now(quarter: Quarter) -> tuple[str, ...]:
    """Return the codes of the areas that were missing when the quarter was last judged.

    Raises `SignOffError` for a quarter that was never built.
    """
    try:
        with reading(settings().confidential) as database:
            areas = database.get(schema_of("quality", quarter), "coverage")
    except NotBuiltError:
        raise SignOffError(
            f"{quarter.label} was not built here yet, so nobody knows which areas are missing. "
            f"Build it first, then choose: ctw build {quarter.id}"
        ) from None
    return quality.missing_starts(areas).areas


@dg.asset(
    key=TREATMENT,
    description=(
        "How the returns that are missing are treated: left out [x], carried forward or estimated "
        "[e]. The next build does it, and the quality page says who chose it and why."
    ),
    **room("publications"),
    kinds={"json"},
)
@refusals(TREAT)
def treated(context: dg.AssetExecutionContext, config: Treat) -> dg.MaterializeResult[None]:
    """Record the choice for the areas that are missing."""
    require_one_quarter(context, "A treatment")
    state, quarter = settings(), quarter_of_run(context)
    areas = missing_now(quarter)
    by = decided_by(context, config.name, config.role)
    with releasing(state):
        made = choose(state, quarter, config.method, areas, config.reason, by)
    return dg.MaterializeResult(
        metadata={
            "treatment": made.method.replace("_", " "),
            "areas": ", ".join(made.areas),
            "chosen by": f"{made.name}, {made.role}",
            "reason": made.reason,
            "next": with_ways(f"ctw build {quarter.id}: the draft shows it"),
        }
    )


ASSETS = [treated]
