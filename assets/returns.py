"""Assets of the first room: packs received, judged row by row, and reported back to their areas."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import polars as pl

import reference
from assets.clock import now
from assets.io import settings
from assets.keys import PSEUDONYM_KEY, secret
from assets.landing import landed, latest_before, of_quarter, period_of, receive_all
from assets.metadata import preview
from assets.partitions import QUARTERLY, quarter_of
from assets.progress import report
from assets.returns_store import SCHEMA, append, known_submissions
from assets.settings import Settings
from assets.stores import get, writing
from pipelines.returns import Judged, LandedPack, process, validation_report
from schemas.quarter import Quarter

OWNERS = ["team:connect-to-work-statistics"]
RECEIVED = dg.AssetKey(["returns", "received"])
JUDGED = dg.AssetKey(["returns", "judged"])
REPORTS = dg.AssetKey(["returns", "reports"])
GOOD = ("accepted", "accepted with queries", "partially accepted")


class Landing(dg.Config):
    """Where the packs are dropped; empty for the landing folder of the state."""

    folder: str = ""


@dg.asset(
    key=RECEIVED,
    group_name="returns",
    description="Return packs as they came: copied once under their hash, with a receipt.",
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"filesystem"},
    tags={"room": "returns", "confidential": "yes"},
)
def received(context: dg.AssetExecutionContext, config: Landing) -> dg.MaterializeResult[None]:
    """Copy what was dropped into the immutable landing."""
    state, quarter = settings(), quarter_of(context.partition_key)
    report("Receiving return packs")
    folder = Path(config.folder) if config.folder else state.incoming
    found = receive_all(folder, state.received, quarter, now(state))
    return dg.MaterializeResult(
        metadata={
            "new packs": len(found.new),
            "received before": len(found.known),
            "for a later quarter": len(found.later),
            "names of new packs": preview(pl.DataFrame({"pack": found.new}, schema=["pack"])),
        }
    )


@dg.asset(
    key=JUDGED,
    deps=[RECEIVED],
    group_name="returns",
    description=(
        "Accepted rows, pseudonymised; findings; and the pointers to rows in quarantine. "
        "No identifier goes further than this."
    ),
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"polars", "duckdb", "pandera"},
    tags={"room": "returns", "confidential": "yes"},
    pool="confidential",
)
def judged(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Judge the packs of the quarter, and of the quarter before for areas that have none."""
    state, quarter = settings(), quarter_of(context.partition_key)
    outcome = judge_quarter(quarter)
    table = outcome.submissions.select(
        "pack_name", "status", "rows_received", "rows_accepted", "rows_rejected", "queries"
    )
    context.log.info(f"{len(table)} packs judged into {state.confidential.name}")
    return dg.MaterializeResult(
        metadata={
            "packs": len(table),
            **{status: int((table["status"] == status).sum()) for status in (*GOOD, "rejected")},
            "rows accepted": int(table["rows_accepted"].sum()),
            "rows in quarantine": int(table["rows_rejected"].sum()),
            "outcome of each pack": preview(table, 60),
        }
    )


def judge_quarter(quarter: Quarter) -> Judged:
    """Judge every pack of `quarter`, then the last earlier ones of areas without an accepted pack.

    The earlier packs keep their own quarter, so the area shows as not received in this one.
    """
    state = settings()
    packs = list(landed(state.received))
    first = _judge(state, of_quarter(packs, quarter), quarter)
    accepted = first.submissions.filter(pl.col("status").is_in(GOOD))["delivery_area_code"]
    missing = set(reference.delivery_areas(quarter.end)["delivery_area_code"]) - set(accepted)
    earlier = latest_before(packs, quarter, missing)
    for period in sorted({period_of(pack.name) for pack in earlier} - {None}):
        _judge(state, [pack for pack in earlier if period_of(pack.name) == period], period)
    return first


def _judge(state: Settings, packs: list[LandedPack], quarter: Quarter) -> Judged:
    hashes = [pack.sha256 for pack in packs]
    known = known_submissions(state).filter(~pl.col("sha256").is_in(hashes))
    key = secret(state, PSEUDONYM_KEY)
    outcome = process(packs, quarter, key, known=known, progress=report)
    append(state, outcome)
    return outcome


@dg.asset(
    key=REPORTS,
    deps=[JUDGED],
    group_name="returns",
    description="What goes back to each area: its findings in plain English, without identifiers.",
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"html", "csv"},
    tags={"room": "returns", "confidential": "yes"},
    pool="confidential",
)
def reports(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Write one validation report per pack of the quarter."""
    state, quarter = settings(), quarter_of(context.partition_key)
    with writing(state.confidential) as connection:
        packs = get(connection, SCHEMA, "submissions").filter(pl.col("period_id") == quarter.id)
        findings = get(connection, SCHEMA, "findings")
    folder = state.reports / quarter.id
    for submission in packs.iter_rows(named=True):
        own = findings.filter(pl.col("submission_id") == submission["submission_id"])
        for name, content in validation_report(submission, own).items():
            place = folder / submission["pack_name"] / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return dg.MaterializeResult(metadata={"reports": len(packs), "folder": f"landing/reports/{quarter.id}"})


@dg.asset_check(
    asset=JUDGED,
    name="no_pack_rejected",
    description="Packs that could not be accepted, by name. A rejected pack never stops the quarter.",
)
def no_pack_rejected(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Warn of the packs of the quarter that were rejected."""
    quarter = quarter_of(context.partition_key)
    rejected = known_submissions(settings()).filter(
        (pl.col("period_id") == quarter.id) & (pl.col("status") == "rejected")
    )
    return dg.AssetCheckResult(
        passed=rejected.is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"rejected": preview(rejected.select("pack_name", "status"), 60)},
    )


ASSETS = [received, judged, reports]
CHECKS = [no_pack_rejected]
