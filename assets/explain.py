"""Asset of the explanations that people give of what a quarter lacks, before the final draft."""

import dagster as dg
import polars as pl

from assets.account import decided_by
from assets.common import room
from assets.forms import Explained
from assets.metadata import preview
from assets.partitions import quarter_of_run
from assets.refusals import refusals, require_one_quarter
from assets.runs import EXPLAIN, releasing
from assets.ways import with_ways
from operations.home.settings import settings
from operations.releases.explanations import explain, explanations, subjects

EXPLANATIONS = dg.AssetKey(["publications", "explanations"])


@dg.asset(
    key=EXPLANATIONS,
    description=(
        "Why areas are missing and checks did not pass, in words for the public. The next build "
        "shows them on the quality page, and sign-off wants one for each."
    ),
    **room("publications"),
    kinds={"json"},
)
@refusals(EXPLAIN)
def explained(context: dg.AssetExecutionContext, config: Explained) -> dg.MaterializeResult[None]:
    """Record explanations of what the quarter lacks."""
    require_one_quarter(context, "An explanation")
    state, quarter = settings(), quarter_of_run(context)
    by = decided_by(context, config.name, config.role)
    with releasing(state):
        explain(state, quarter, config.because, by)
    about = subjects(quarter)
    rows = [
        (one.about, about.get(one.about, ""), one.text, one.name, one.role)
        for one in explanations(state, quarter).values()
    ]
    columns = ["short name", "about", "explanation", "given by", "role"]
    return dg.MaterializeResult(
        metadata={
            "explanations": preview(pl.DataFrame(rows, schema=columns, orient="row"), 60),
            "next": with_ways(f"ctw build {quarter.id}: the draft shows them"),
        }
    )


ASSETS = [explained]
