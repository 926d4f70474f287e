"""Assets of the first room: packs received, judged row by row, and reported back to their areas."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import polars as pl

import reference
from assets.arrivals import note_packs
from assets.common import room
from assets.forms import Landing
from assets.metadata import preview
from assets.partitions import quarter_of, quarter_of_run
from assets.refusals import refusals
from assets.verdicts import CHECK, CheckFinding, verdict
from operations.desk.returns import areas_open_by_end
from operations.feedback.evidence import assured_in
from operations.home.clock import now
from operations.home.code import check_code
from operations.home.keys import PSEUDONYM_KEY, keys_of, secret
from operations.home.rehearsal import labels
from operations.home.settings import Settings, settings
from operations.landing.answers import check_answered
from operations.landing.receipts import purged
from operations.landing.receive import (
    Received,
    candidates,
    landed,
    of_quarter,
    receive_all,
    unjudged,
    waiting,
)
from operations.progress import report, warnings_to
from operations.releases.lost_store import check_store_can_be_made
from operations.releases.waivers import accepted_in
from operations.stores.databases import reading
from operations.stores.returns import (
    SCHEMA,
    append,
    bring_up,
    keep_packs_of_run,
    known_submissions,
    latest_people,
    returns_before,
    statuses_of,
)
from pipelines.returns import (
    Judged,
    LandedPack,
    answer_waiting,
    as_csv,
    as_html,
    as_xlsx,
    judged_for_areas,
    process_packs,
    statuses_for_areas,
    with_accepted,
)
from pipelines.returns import report as report_on
from schemas.quarter import Quarter
from schemas.returns import judged_columns, polars_schema
from schemas.returns.statuses import COUNTED
from schemas.texts import counted

RECEIVED = dg.AssetKey(["returns", "received"])
JUDGED = dg.AssetKey(["returns", "judged"])
REPORTS = dg.AssetKey(["returns", "reports"])
CODE = "delivery_area_code"
REPORTED = ("submission_id", "pack_name", "period_id", "status")
GOOD = tuple(status.value for status in COUNTED)


@dg.asset(
    key=RECEIVED,
    description="Return packs as they came: copied once under their hash, with a receipt.",
    **room("returns"),
    kinds={"file"},
)
@refusals()
def received(context: dg.AssetExecutionContext, config: Landing) -> dg.MaterializeResult[None]:
    """Copy what was dropped into the immutable landing."""
    state, quarter = settings(), quarter_of_run(context)
    check_code(state, allow_unknown=config.allow_unknown_code)
    keys_of(state)  # a key that is not the one of this home stops the run before it lands a pack
    check_store_can_be_made(state)
    report("Receiving return packs")
    folder = Path(config.folder) if config.folder else state.incoming
    is_ours = folder.resolve() == state.incoming.resolve()
    if not is_ours:
        candidates(folder)
    note_packs(context, folder, state.received, quarter)
    found = receive_all(folder, state.received, quarter, now(state), empties=is_ours)
    if found.stuck:
        context.log.warning(
            f"{counted(len(found.stuck), 'pack was', 'packs were')} received and could not be "
            f"moved out of {folder}: what is moved must lie on the disk of the home and belong to "
            "its owner. What was received is known, and can be taken away by hand: "
            f"{', '.join(dict.fromkeys(found.stuck))}"
        )
    if found.known and is_ours:
        again = had_receipts(found.known)
        context.log.info(again)
        report(again)
    _warn_of_times(context, found)
    return dg.MaterializeResult(
        metadata={
            "new packs": len(found.new),
            "with a receipt already": len(found.known),
            "for a later quarter": len(found.later),
            "arrived before their quarter was over": ", ".join(found.early) or "none",
            "names of new packs": preview(pl.DataFrame({"pack": found.new}, schema=["pack"])),
        }
    )


def had_receipts(known: Sequence[str]) -> str:
    """Say of what was dropped that its content has a receipt; `known` names it, once for each."""
    hold, keep = ("holds", "keeps") if len(known) == 1 else ("hold", "keep")
    return (
        f"{len(known)} of what was dropped {hold} the same content as something that has a receipt "
        f"already (under the same name, where the name is a pack's), and {keep} that receipt and "
        f"its report: {', '.join(dict.fromkeys(known))}"
    )


def _warn_of_times(context: dg.AssetExecutionContext, found: Received) -> None:
    """Warn of what is wrong with the times at which packs arrived."""
    if found.list_faults:
        context.log.warning(found.list_faults)
        report(found.list_faults)
    if found.early:
        context.log.warning(
            f"{counted(len(found.early), 'pack', 'packs')} arrived before the end of the quarter, "
            "by the times of files or the list of receipts: ask whether these times are right, and "
            f"whether all is there: {', '.join(found.early)}"
        )


@dg.asset(
    key=JUDGED,
    deps=[RECEIVED],
    description=(
        "Accepted rows, pseudonymised; findings; and the pointers to rows in quarantine. "
        "No identifier goes further than this."
    ),
    **room("returns"),
    kinds={"polars", "duckdb", "pandera"},
)
@refusals()
def judged(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Judge the packs of the quarter, and those of earlier quarters that wait to be judged."""
    state, quarter = settings(), quarter_of_run(context)
    with warnings_to(context.log):
        outcome = judge_quarter(quarter)
    keep_packs_of_run(state, context.run_id, quarter)
    table = outcome.submissions.select(
        "pack_name", "status", "rows_received", "rows_accepted", "rows_rejected", "queries"
    )
    packs = counted(len(table), "pack", "packs")
    context.log.info(f"{packs} judged into {state.confidential.name}")
    return dg.MaterializeResult(
        metadata={
            "packs": len(table),
            **{status: int((table["status"] == status).sum()) for status in (*GOOD, "rejected")},
            "rows accepted": int(table["rows_accepted"].sum()),
            "rows in quarantine": int(table["rows_rejected"].sum()),
            "outcome of each pack": preview(table, 60),
            "each area": preview(by_area(outcome.submissions, quarter), 60),
        }
    )


def by_area(packs: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    """One row per delivery area, by name: its packs of the quarter, also where it sent none.

    Of an area that sent none and had not opened by the end of the quarter, it says so.
    """
    own = packs.group_by("delivery_area_code").agg(
        pl.len().alias("packs"), _said().str.join(", ").alias("status")
    )
    areas = reference.delivery_areas(quarter.end).select("delivery_area_code", "delivery_area_name")
    return (
        areas.join(own, on="delivery_area_code", how="left")
        .select(
            pl.col("delivery_area_name").alias("area"),
            pl.col("packs").fill_null(0),
            pl.col("status").fill_null(
                pl.when(pl.col("delivery_area_code").is_in(sorted(areas_open_by_end(quarter))))
                .then(pl.lit("nothing was received"))
                .otherwise(pl.lit("not open"))
            ),
        )
        .sort("area")
    )


def _said() -> pl.Expr:
    """Return the status of a pack, and that it is a nil return."""
    status = pl.col("status")
    is_nil = pl.col("nil_return").fill_null(value=False) & (status != "rejected")
    return pl.when(is_nil).then(status + " (nil return)").otherwise(status)


def judge_quarter(quarter: Quarter) -> Judged:
    """Judge every pack of `quarter`, after those of earlier quarters that were not judged yet.

    Packs of later quarters are answered: they wait. Packs whose raw returns were purged stay as
    they were judged. Earlier packs keep their own quarter: an area whose last return is an earlier
    one shows as not received in this one.
    """
    state = settings()
    check_store_can_be_made(state)
    bring_up(state)
    gone = purged(state.received)
    packs = [pack for pack in landed(state.received) if pack.number not in gone]
    known = known_submissions(state).select("submission_id", "status")
    judged_before = set(known.filter(pl.col("status") != "pending")["submission_id"])
    for period, late in unjudged(packs, quarter, judged_before).items():
        _judge(state, late, period)
    for period, early in waiting(packs, quarter, set(known["submission_id"])).items():
        append(state, answer_waiting(early, period))
    return _judge(state, of_quarter(packs, quarter), quarter)


def _judge(state: Settings, packs: list[LandedPack], quarter: Quarter) -> Judged:
    """Judge packs of a quarter, beside the returns that count in it."""
    now = [pack.number for pack in packs]
    known = known_submissions(state).filter(~pl.col("submission_id").is_in(now))
    outcome = process_packs(
        packs,
        quarter,
        secret(state, PSEUDONYM_KEY),
        known=known,
        earlier=returns_before(state, quarter, [pack.number for pack in packs]),
        others=latest_people(state, quarter),
        progress=report,
    )
    outcome = with_accepted(outcome, accepted_in(state, quarter))
    append(state, outcome)
    return outcome


@dg.asset(
    key=REPORTS,
    deps=[JUDGED],
    description="What goes back to each area: its findings in plain English, without identifiers.",
    **room("returns"),
    kinds={"report", "csv", "excel"},
)
@refusals()
def reports(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Write one report per pack of the quarter, and of others whose report is not of now."""
    state, quarter = settings(), quarter_of_run(context)
    known, history = judged_for_areas(_on_record(state)), statuses_of(state)
    written = 0
    for identity, name, period, status in known.submissions.select(REPORTED).rows():
        place = state.reports / period / f"{name}.{identity}"
        if period != quarter.id and _says(place, status):
            continue
        past = statuses_for_areas(history.get(identity, ()))
        made = report_on(known, identity, history=past, own_labels=labels(state))
        place.mkdir(parents=True, exist_ok=True)
        (place / "report.csv").write_text(as_csv(made), encoding="utf-8")
        (place / "report.xlsx").write_bytes(as_xlsx(made))
        (place / "report.html").write_text(as_html(made), encoding="utf-8")
        written += 1
    numbers = [pack.number for pack in landed(state.received)]
    check_answered(numbers, known.submissions["submission_id"], state.reports)
    return dg.MaterializeResult(
        metadata={
            "reports": written,
            "receipts": len(numbers),
            "folder": "landing/reports",
            "quality level of each area": preview(levels(state, quarter), 60),
        }
    )


def levels(state: Settings, quarter: Quarter) -> pl.DataFrame:
    """One row per delivery area open in a quarter, by name: its quality level, A0 to A3."""
    names = dict(reference.delivery_areas(quarter.end).select(CODE, "delivery_area_name").rows())
    rows = [
        {"area": names[area], "level": one.level.name}
        | {practice.practice.value: practice.level.name for practice in one.practices}
        for area, one in assured_in(state, quarter).items()
    ]
    return pl.DataFrame(rows).sort("area") if rows else pl.DataFrame()


def _says(place: Path, status: str) -> bool:
    """Say whether a report is there in every format and gives this status of its pack."""
    page = place / "report.html"
    if not all((place / f"report.{kind}").is_file() for kind in ("csv", "xlsx", "html")):
        return False
    return f"<strong>{status}</strong>" in page.read_text(encoding="utf-8")


def _on_record(state: Settings) -> Judged:
    """Read all submissions and their findings; the rows themselves are not read."""
    frames = {n: polars_schema(c).to_frame() for n, c in judged_columns().items()}
    with reading(state.confidential) as database:
        packs = database.get(SCHEMA, "submissions")
        findings = database.get(SCHEMA, "findings")
    return Judged(**{**frames, "submissions": packs, "findings": findings})


@dg.asset_check(
    asset=JUDGED,
    name="no_pack_rejected",
    description="Packs that could not be accepted. A rejected pack never stops the quarter.",
    **CHECK,
)
@refusals()
def no_pack_rejected(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Warn of the packs of the quarter that were rejected."""
    quarter = quarter_of(context.partition_key)
    rejected = known_submissions(settings()).filter(
        (pl.col("period_id") == quarter.id) & (pl.col("status") == "rejected")
    )
    return rejected_verdict(quarter, rejected)


def rejected_verdict(quarter: Quarter, rejected: pl.DataFrame) -> dg.AssetCheckResult:
    """Return what is said of rejected packs; `rejected` has one row for each."""
    names = dict(reference.delivery_areas(quarter.end).select(CODE, "delivery_area_name").rows())
    wrong = [
        CheckFinding(
            f"{names.get(area, 'an area that is not on the list')}, pack {name}",
            f"rejected, with {counted(rows, 'row', 'rows')}",
            "accepted",
        )
        for area, name, rows in rejected.select(CODE, "pack_name", "rows_received").rows()
    ]
    todo = (
        f"What was wrong is in the reports of landing/reports/{quarter.id}, one for each pack: "
        "send them to the areas and ask them to resubmit."
    )
    return verdict(quarter, wrong, todo, dg.AssetCheckSeverity.WARN)


ASSETS = [received, judged, reports]
CHECKS = [no_pack_rejected]
