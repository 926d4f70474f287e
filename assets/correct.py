"""Asset of the corrections that people ask for, before the version that corrects is built."""

from pathlib import Path

import dagster as dg
import polars as pl

from assets.account import decided_by
from assets.common import room
from assets.forms import Correct
from assets.metadata import preview
from assets.partitions import quarter_of_run
from assets.refusals import refusals, require_one_quarter
from assets.runs import BUILD, CORRECT, releasing
from operations.home.settings import settings
from operations.releases.corrections import ask, corrections, request
from operations.releases.inputs import check_changed

CORRECTION = dg.AssetKey(["publications", "correction"])


@dg.asset(
    key=CORRECTION,
    description=(
        "That the public version of a quarter is to be corrected: why, how grave, and who asked. "
        "Refused while nothing has changed that it was built from. The next build makes the "
        "version that corrects it, and the site shows the reason and the severity."
    ),
    **room("publications"),
    kinds={"json"},
)
@refusals(CORRECT)
def asked(context: dg.AssetExecutionContext, config: Correct) -> dg.MaterializeResult[None]:
    """Record that the newest public version of the quarter is to be corrected."""
    require_one_quarter(context, "A correction")
    state, quarter = settings(), quarter_of_run(context)
    by = decided_by(context, config.name, config.role)
    folder = Path(config.landing) if config.landing else state.incoming
    with releasing(state):
        request(state, quarter, config.severity, config.reason, by)
        changed = check_changed(state, quarter, folder)
        correction = ask(state, quarter, config.severity, config.reason, by)
        rows = [
            (f"v{one.replaces}", one.severity, one.reason, one.name, one.role)
            for one in corrections(state, quarter)
        ]
    columns = ["corrects", "severity", "reason", "asked by", "role"]
    return dg.MaterializeResult(
        metadata={
            "corrects": f"v{correction.replaces}",
            "what changed": preview(pl.DataFrame({"since it was built": changed})),
            "corrections": preview(pl.DataFrame(rows, schema=columns, orient="row"), 60),
            "next": f"Jobs > {BUILD}: it writes the next version and the draft of its notice",
        }
    )


ASSETS = [asked]
